internal import FileIO

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A directory of its own for one test, removed with everything in it when the test lets go of it.
package final class TemporaryDirectory: Sendable {
  package let path: String

  package init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((base + "/rationale-test-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw FileError(.create, path: base, reason: "mkdtemp") }
    path = template.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
  }

  deinit { Self.remove(path) }

  package func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file and returns its path.
  package func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }

  package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Directory.create(FilePath.parent(file(name)))
    try WholeFile.replace(file(name), with: bytes)
    return file(name)
  }

  /// The text of a file.
  package func read(_ name: String) throws -> String {
    String(decoding: try WholeFile.read(file(name)), as: UTF8.self)
  }

  /// What a directory within holds, sorted.
  package func names(in name: String) throws -> [String] {
    try Directory.names(in: file(name)).filter { $0 != "." && $0 != ".." }.sorted()
  }

  /// Copies a directory with all that is in it, as a crash would leave it.
  package static func copy(_ source: String, to target: String) throws {
    try Directory.create(target)
    for name in try Directory.names(in: source) {
      let from = source + "/" + name
      if try Directory.status(from)?.isDirectory == true {
        try copy(from, to: target + "/" + name)
      } else {
        try WholeFile.replace(target + "/" + name, with: try WholeFile.read(from))
      }
    }
  }

  private static func remove(_ path: String) {
    for name in (try? Directory.names(in: path)) ?? [] {
      let inner = path + "/" + name
      var record = stat()
      if lstat(inner, &record) == 0, record.st_mode & S_IFMT == S_IFDIR {
        remove(inner)
      } else {
        unlink(inner)
      }
    }
    rmdir(path)
  }
}
