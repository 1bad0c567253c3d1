internal import FileIO

/// What a file that a command takes is: a PMML model, or a ruleset.
enum ExplainedFile {
  /// Whether a file holds a PMML document: XML begins with `<`, which no ruleset does.
  ///
  /// What can be read only once, a pipe, is taken for a model unless its name says otherwise.
  static func isModel(_ path: String) throws(FileError) -> Bool {
    if path.hasSuffix(".rules") { return false }
    guard let status = try Directory.status(path), status.isRegular else { return true }
    let file = try OpenFile(path: path, mode: .read)
    var head = [UInt8](repeating: 0, count: 256)
    var count = 0
    var failure: FileError?
    head.withUnsafeMutableBytes { buffer in
      do throws(FileError) {
        count = try file.read(at: 0, into: buffer)
      } catch { failure = error }
    }
    if let failure { throw failure }
    // Blanks and the marks of UTF-8 and UTF-16 may come first.
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF, 0xFE, 0xFF, 0x00]
    return head[..<count].first { !blanks.contains($0) } == UInt8(ascii: "<")
  }
}
