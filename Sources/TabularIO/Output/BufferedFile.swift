package import FileIO

/// Bytes on their way to a file, written in large pieces.
///
/// Nothing is lost silently: every failure to write, flush or close is thrown, and what was not
/// flushed is not claimed to be written.
package struct BufferedFile: ~Copyable {
  private var file: OpenFile
  package var bytes: [UInt8] = []
  private let capacity: Int

  /// `-` is standard output when the mode is ``OpenFile/Mode/replace``.
  package init(path: String, mode: OpenFile.Mode, capacity: Int = 1 << 16) throws(FileError) {
    file = try OpenFile(path: path, mode: mode)
    self.capacity = capacity
    bytes.reserveCapacity(capacity + 4096)
  }

  package var path: String { file.path }

  /// Writes what has gathered if it is much; called after each record.
  package mutating func flushIfFull() throws(FileError) {
    if bytes.count >= capacity { try flush() }
  }

  /// Hands what has gathered to the system.
  package mutating func flush() throws(FileError) {
    if bytes.isEmpty { return }
    try file.write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Flushes, and returns once the bytes are on the disk.
  package mutating func sync() throws(FileError) {
    try flush()
    try file.syncData()
  }

  /// Flushes and closes.
  package mutating func close() throws(FileError) {
    try flush()
    try file.close()
  }
}
