/// A failure of the operating system: what was tried, on which file, and why it failed.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was tried.
  public enum Operation: String, Sendable, Hashable {
    case open, read, write, create, rename, lock, list, remove, truncate, inspect
    case sync = "flush to disk"
  }

  public let operation: Operation
  /// The path as the user gave it; `-` is standard input or output.
  public let path: String
  /// The system's `errno`; 0 where the fault is ours to name.
  public let systemCode: Int32
  /// The reason in words, without a full stop.
  public let reason: String

  public init(_ operation: Operation, path: String, systemCode: Int32 = 0, reason: String) {
    self.operation = operation
    self.path = path
    self.systemCode = systemCode
    self.reason = reason
  }

  /// One line: lower-case start, no full stop.
  public var description: String { "cannot \(operation.rawValue) `\(path)`: \(reason)" }
}
