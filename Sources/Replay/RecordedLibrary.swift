package import DataFields
import DecisionTrace
package import Decisions
import ReferenceData
import RuleLanguage
package import SourceDiagnostics
package import TraceLog

/// Rules and models as they were when a trace was made, loaded from the log that holds it and from
/// nothing else.
package enum RecordedLibrary {
  package enum Fault: Error, Sendable, CustomStringConvertible {
    case log(TraceLogError)
    /// The log does not list the files: it was written before lists were kept.
    case notListed
    /// The files do not load.
    case rules(DiagnosticsError)
    /// The files load, and do not give the schema that the trace names.
    case otherSchema(Digest)

    package var description: String {
      switch self {
      case .log(let error): error.description
      case .notListed: "the log does not say which files its rules were loaded from"
      case .rules(let error): "the rules in the log do not load: " + Self.first(of: error)
      case .otherSchema(let digest):
        "the rules in the log do not make the schema \(digest.abbreviated) of the trace"
      }
    }

    /// The first fault in a line: which file, and what is wrong with it.
    private static func first(of error: DiagnosticsError) -> String {
      let faults = error.diagnostics.filter { $0.severity == .error }
      guard let first = faults.first ?? error.diagnostics.first else { return "nothing says why" }
      let causes = first.notes.map { ": \($0)" }.joined()
      let more = faults.count > 1 ? " (and \(faults.count - 1) more)" : ""
      return "`\(first.file)`: \(first.message)\(causes)\(more)"
    }
  }

  /// Every set of rules that a log can be read by, as far as they load.
  ///
  /// - Complexity: that of loading all rules and models that the log keeps.
  package static func all(in log: TraceLogReader) throws(TraceLogError) -> [DecisionLibrary] {
    var libraries: [DecisionLibrary] = []
    var lists: Set<RecordedFileList> = []
    for schema in try log.schemasWithFiles() {
      // One list of files serves all schemas that were made from it.
      guard let list = try log.fileList(ofSchema: schema), lists.insert(list).inserted,
        let library = try? load(schema: schema, from: log)
      else { continue }
      libraries.append(library)
    }
    return libraries
  }

  /// Loads the library whose schema a trace names.
  ///
  /// - Throws: `Fault`; what is returned makes the very schema.
  /// - Complexity: that of loading the rules and their models.
  package static func load(
    schema digest: Digest, from log: TraceLogReader
  ) throws(Fault) -> DecisionLibrary {
    let list: RecordedFileList?
    do { list = try log.fileList(ofSchema: digest) } catch { throw .log(error) }
    guard let list else { throw .notListed }
    let files = RecordedFiles(log: log, list: list)
    do throws(Fault) {
      return try load(list.files.filter(\.isNamed).map(\.path), files, schema: digest)
    } catch {
      // What other rulesets name is nothing to the decision: with its own alone it may still load.
      guard let path = try? TraceSchema(decoding: log.artefact(digest)).path,
        let library = try? load([path], files, schema: digest)
      else { throw error }
      return library
    }
  }

  private static func load(
    _ paths: [String], _ files: RecordedFiles, schema digest: Digest
  ) throws(Fault) -> DecisionLibrary {
    let library: DecisionLibrary
    do {
      library = try DecisionLibrary(rules: paths, files: files, models: ModelFiles(files))
    } catch { throw .rules(error) }
    guard library.schemas.contains(where: { $0.digest == digest }) else {
      throw .otherSchema(digest)
    }
    return library
  }
}

/// The files that a log holds, under the paths that they had.
private struct RecordedFiles: RuleFileSource {
  let log: TraceLogReader
  private let digests: [String: Digest]

  init(log: TraceLogReader, list: RecordedFileList) {
    self.log = log
    digests = Dictionary(list.files.map { ($0.path, $0.digest) }) { first, _ in first }
  }

  func bytes(at path: String) throws(DiagnosticsError) -> [UInt8] {
    guard let digest = digests[path] ?? digests[RulePath.plain(path)] else {
      throw DiagnosticsError(
        Diagnostic(code: "F1", message: "the log does not hold this file", file: path))
    }
    let bytes: [UInt8]
    do { bytes = try log.artefact(digest) } catch {
      throw DiagnosticsError(Diagnostic(code: "F1", message: error.description, file: path))
    }
    let found = Digest(of: bytes)
    guard found == digest else {
      throw DiagnosticsError(
        Diagnostic(
          code: "F1",
          message: "the log's copy is not what its name says: artefact \(digest.hexadecimal) has "
            + "the SHA-256 \(found.hexadecimal)",
          file: path))
    }
    return bytes
  }
}
