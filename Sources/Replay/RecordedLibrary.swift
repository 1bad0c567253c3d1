package import DataFields
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
      case .rules(let error):
        "the rules in the log do not load: "
          + (error.diagnostics.first?.message ?? "for no reason that is known")
      case .otherSchema(let digest):
        "the rules in the log do not make the schema \(digest.abbreviated) of the trace"
      }
    }
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
    let library: DecisionLibrary
    do {
      library = try DecisionLibrary(
        rules: list.files.filter(\.isNamed).map(\.path), files: files, models: ModelFiles(files))
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
    guard Digest(of: bytes) == digest else {
      throw DiagnosticsError(
        Diagnostic(
          code: "F1", message: "the log's copy is not what its name says", file: path))
    }
    return bytes
  }
}
