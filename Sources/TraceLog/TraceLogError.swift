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
  /// The log's signing key is not where it was looked for.
  case noSigningKey(path: String, key: String)
  /// The key at the path is not the one that signs the log.
  case otherKey(path: String, key: String, expected: String)
  /// A text that cannot name a log.
  case notAName(String)
  /// The tree over the entries cannot be extended.
  case tree(String)
  /// The vault cannot be opened, written or read: what belongs to persons is there.
  case vault(String)
  /// A legal hold is on a subject who was to be erased.
  case held(reason: String)
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
    case .noSigningKey(let path, let key):
      "there is no signing key at `\(path)`; the log is signed by \(key)"
    case .otherKey(let path, let key, let expected):
      "the key at `\(path)` is \(key), and the log is signed by \(expected)"
    case .notAName(let name):
      "`\(name)` cannot name a log: no white space, no `+`, not empty"
    case .tree(let reason), .vault(let reason): reason
    case .held(let reason):
      "a legal hold is on the subject" + (reason.isEmpty ? "" : ": \(reason)")
    case .failedBefore: "an earlier write to the log failed; open it again to recover"
    }
  }
}
