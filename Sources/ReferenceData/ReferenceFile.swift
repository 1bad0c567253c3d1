package import DataFields
package import FileIO
package import SourceDiagnostics

/// A file that a ruleset names: its bytes and the digest that is its name in traces.
package struct ReferenceFile: Sendable {
  /// As it was opened.
  package let path: String
  package let bytes: [UInt8]
  package let digest: Digest

  /// Reads a whole file; files of more than 1 GiB are refused.
  package init(path: String) throws(DiagnosticsError) {
    do throws(FileError) {
      bytes = try WholeFile.read(path, limit: 1 << 30)
    } catch {
      throw DiagnosticsError(error.diagnostic)
    }
    self.path = path
    digest = Digest(of: bytes)
  }

  /// A file that was read elsewhere.
  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    digest = Digest(of: bytes)
  }

  /// The digest of a file without holding it; nil if an interruption stopped the reading.
  package static func digest(ofFileAt path: String) throws(FileError) -> Digest? {
    let file = try OpenFile(path: path, mode: .read)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { chunk.deallocate() }
    var hasher = DigestBuilder()
    while true {
      guard let count = try file.read(into: chunk) else { return nil }
      if count == 0 { return hasher.finish() }
      hasher.update(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
    }
  }
}
