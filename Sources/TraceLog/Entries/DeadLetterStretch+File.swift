internal import DataFields
package import FileIO

extension AccountingEntry.DeadLetterStretch {
  /// The stretch of a file from a byte on to where the file ends now; nil if there is nothing.
  ///
  /// Letters may be many: the file is read a block at a time.
  package init?(ofFile path: String, from first: Int) throws(FileError) {
    guard let size = try Directory.status(path)?.size, size > first else { return nil }
    let (digest, end) = try Self.digest(of: path, first..<size)
    guard end > first else { return nil }
    self.init(bytes: first..<end, digest: digest)
  }

  /// Whether a file still holds it; nil if the file ends before it does.
  func isHeld(byFile path: String) throws(FileError) -> Bool? {
    let (found, end) = try Self.digest(of: path, bytes)
    return end < bytes.upperBound ? nil : found == digest
  }

  private static let block = 1 << 20

  /// The digest of a range of a file, and where reading ended: earlier, if the file does.
  private static func digest(
    of path: String, _ range: Range<Int>
  ) throws(FileError) -> (digest: Digest, end: Int) {
    let file = try OpenFile(path: path, mode: .read)
    var builder = DigestBuilder()
    var place = range.lowerBound
    while place < range.upperBound {
      let bytes = try file.read(at: place, count: min(block, range.upperBound - place))
      if bytes.isEmpty { break }
      builder.update(bytes)
      place += bytes.count
    }
    return (builder.finish(), place)
  }
}
