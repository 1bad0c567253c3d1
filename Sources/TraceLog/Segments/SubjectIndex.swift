internal import FileIO

/// The subjects of a full segment, sorted, in a file beside it: where to look for one subject's
/// traces without scanning. It can be left out or lost: readers then scan.
///
/// `RTSUBJ01`, the number of entries (4 bytes), the CRC-32C of the entries (4), then entries of
/// 16 bytes: subject hash (8), offset in the segment (4), place in the segment from 0 (4).
struct SubjectIndex {
  struct Entry: Comparable {
    var subject: SubjectKey
    var offset: UInt32
    var ordinal: UInt32

    static func < (left: Entry, right: Entry) -> Bool {
      (left.subject, left.ordinal) < (right.subject, right.ordinal)
    }
  }

  static let headerSize = 16
  static let entrySize = 16
  private static let magic = Array("RTSUBJ01".utf8)

  static func encode(_ entries: [Entry]) -> [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(entries.count * entrySize)
    for entry in entries.sorted() {
      TraceFrame.append(UInt32(truncatingIfNeeded: entry.subject.hash), to: &body)
      TraceFrame.append(UInt32(truncatingIfNeeded: entry.subject.hash >> 32), to: &body)
      TraceFrame.append(entry.offset, to: &body)
      TraceFrame.append(entry.ordinal, to: &body)
    }
    var bytes = magic
    TraceFrame.append(UInt32(truncatingIfNeeded: entries.count), to: &bytes)
    TraceFrame.append(CRC32C.checksum(body), to: &bytes)
    return bytes + body
  }

  /// The places of a subject's traces in the segment, rising, by binary search in the file; nil
  /// if there is no usable index.
  ///
  /// The checksum is not read here, which would cost the whole file; what is found is checked
  /// against the frames, and a fault sends the reader back to scanning.
  /// - Complexity: O(log entries) reads of 16 bytes.
  static func entries(of subject: SubjectKey, path: String) throws(FileError) -> [Entry]? {
    guard try Directory.status(path) != nil else { return nil }
    let file = try OpenFile(path: path, mode: .read)
    let header = try SegmentReader.read(file, at: 0, count: headerSize)
    guard header.count == headerSize, header.prefix(8).elementsEqual(magic) else { return nil }
    let count = Int(header.withUnsafeBytes { TraceFrame.word($0, 8) })
    guard try file.status().size == headerSize + count * entrySize else { return nil }
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      guard let entry = try entry(middle, file) else { return nil }
      if entry.subject < subject { low = middle + 1 } else { high = middle }
    }
    var found: [Entry] = []
    while low < count {
      guard let entry = try entry(low, file) else { return nil }
      if entry.subject != subject { break }
      found.append(entry)
      low += 1
    }
    return found
  }

  private static func entry(_ index: Int, _ file: borrowing OpenFile) throws(FileError) -> Entry? {
    let bytes = try SegmentReader.read(file, at: headerSize + index * entrySize, count: entrySize)
    guard bytes.count == entrySize else { return nil }
    return bytes.withUnsafeBytes { bytes in
      let low = UInt64(TraceFrame.word(bytes, 0))
      return Entry(
        subject: SubjectKey(hash: UInt64(TraceFrame.word(bytes, 4)) << 32 | low),
        offset: TraceFrame.word(bytes, 8), ordinal: TraceFrame.word(bytes, 12))
    }
  }
}
