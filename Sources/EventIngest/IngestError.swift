public import FileIO
public import SourceDiagnostics
public import TraceLog

/// Why events cannot be taken in.
public enum IngestError: Error, Sendable, CustomStringConvertible {
  /// Something that a person wrote: a rule, a header, a command's arguments.
  case diagnostics(DiagnosticsError)
  case file(FileError)
  case log(TraceLogError)
  /// The log holds another trace for a decision that was made again.
  case differs(index: Int, subject: String)
  /// The log lacks traces that the state rests on.
  case logTooShort(traces: Int, expected: Int)
  /// The saved state cannot be read; going on without it would decide on half of what is known.
  case damagedState(path: String, reason: String)
  /// No ruleset reads from a source of this name.
  case unknownSource(String)

  /// One line or, for diagnostics, several.
  public var description: String {
    switch self {
    case .diagnostics(let error): error.description
    case .file(let error): error.description
    case .log(let error): error.description
    case .differs(let index, let subject):
      "the log holds another trace (#\(index)) for the same decision on subject `\(subject)`: "
        + "the inputs or the static data are not those of the earlier run"
    case .logTooShort(let traces, let expected):
      "the log holds \(traces) traces, the saved state rests on \(expected)"
    case .damagedState(let path, let reason):
      "\(reason): `\(path)`; move it away and give all inputs again, and the state is built anew: "
        + "what the log holds is compared, not stored twice"
    case .unknownSource(let name): "no ruleset reads from a source `\(name)`"
    }
  }
}

/// Runs `body` and wraps what it throws.
func wrappingFile<Value: ~Copyable>(
  _ body: () throws(FileError) -> Value
) throws(IngestError) -> Value {
  do throws(FileError) { return try body() } catch { throw .file(error) }
}

func wrappingLog<Value: ~Copyable>(
  _ body: () throws(TraceLogError) -> Value
) throws(IngestError) -> Value {
  do throws(TraceLogError) { return try body() } catch { throw .log(error) }
}

func wrappingDiagnostics<Value: ~Copyable>(
  _ body: () throws(DiagnosticsError) -> Value
) throws(IngestError) -> Value {
  do throws(DiagnosticsError) { return try body() } catch { throw .diagnostics(error) }
}
