public import FileIO

/// Why a log cannot be opened, written or read.
public enum TraceLogError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The operating system refused something.
  case file(FileError)
  /// Another process writes the log.
  case locked(path: String)
  /// There is no log at this path.
  case noLog(path: String)
  /// Bytes that were acknowledged are not what was written.
  case damaged(file: String, offset: Int, reason: String)
  /// A trace that is larger than a segment can hold.
  case tooLarge(bytes: Int)
  /// An artefact that traces name is not in the log.
  case noArtefact(String)
  /// An earlier failure left the log's end unknown; it must be opened again.
  case failedBefore

  /// One line: lower-case start, no full stop.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .locked(let path): "the log `\(path)` is being written by another process"
    case .noLog(let path): "there is no log at `\(path)`"
    case .damaged(let file, let offset, let reason):
      "`\(file)` is damaged at byte \(offset): \(reason)"
    case .tooLarge(let bytes): "a trace of \(bytes) bytes is too large for the log"
    case .noArtefact(let digest): "the log holds no artefact \(digest)"
    case .failedBefore: "an earlier write to the log failed; open it again to recover"
    }
  }
}
