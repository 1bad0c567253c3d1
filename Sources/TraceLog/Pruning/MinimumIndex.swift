internal import FileIO

/// The lowest entry that a log keeps: `LOG/minimum-index`, a number on a line; 0 without the file.
///
/// It tells readers where to start. That it is right the log's own pruning entries say, which are
/// signed.
enum MinimumIndex {
  private static let name = "minimum-index"

  static func read(_ log: String) throws(FileError) -> Int {
    let path = log + "/" + name
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read(path, limit: 64)
    } catch {
      if error.isNoSuchFile { return 0 }
      throw error
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasSuffix("\n"), let index = Int(text.dropLast()), index >= 0 else {
      throw FileError(.read, path: path, reason: "it is not a number on a line")
    }
    return index
  }

  static func write(_ index: Int, _ log: String) throws(FileError) {
    try WholeFile.replace(log + "/" + name, with: Array("\(index)\n".utf8))
  }
}
