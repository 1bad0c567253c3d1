package import TraceLog

/// Why an index cannot be used. The log itself is another matter: nothing is lost with its index.
package enum TraceIndexError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The log could not be read.
  case log(TraceLogError)
  /// Another process has used the index for longer than is waited.
  case busy(path: String)
  /// The index cannot be written: its folder is read-only, or the disk is full.
  case notWritable(path: String, reason: String)
  /// The file is no index of this version, or its pages are damaged. It can be made again.
  case damaged(path: String, reason: String)
  /// The database failed in another way.
  case failed(path: String, reason: String)

  /// One line: lower-case start, no full stop.
  package var description: String {
    switch self {
    case .log(let error): error.description
    case .busy(let path): "the index `\(path)` is in use by another process"
    case .notWritable(let path, let reason): "cannot write the index `\(path)`: \(reason)"
    case .damaged(let path, let reason): "the index `\(path)` is damaged: \(reason)"
    case .failed(let path, let reason): "the index `\(path)` failed: \(reason)"
    }
  }
}
