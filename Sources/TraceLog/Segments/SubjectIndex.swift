internal import FileIO

/// The subjects of a full segment, sorted, in a file beside it: where to look for one subject's
/// traces without reading the log. It can be left out or lost: readers then read the log.
///
/// `RTSUBJ02`, the index of the segment's first entry (8 bytes), the number of entries (4), the
/// CRC-32C of what follows and of the twelve bytes before (4), then entries of 16 bytes: subject
/// hash (8), decision hash (4), place in the segment from 0 (4). Files of version 1, which had offsets
/// in place of decisions, are passed by.
final class SubjectIndex {
  struct Entry: Comparable {
    var subject: SubjectKey
    var decision: DecisionKey
    var ordinal: UInt32

    static func < (left: Entry, right: Entry) -> Bool {
      (left.subject, left.ordinal) < (right.subject, right.ordinal)
    }
  }

  /// The index of the segment's first entry, and how many there are.
  let range: Range<Int>
  private let file: OpenFile
  private static let firstOffset = 24

  static let entrySize = 16
  private static let magic = Array("RTSUBJ02".utf8)

  static func encode(_ entries: [Entry], firstIndex: Int) -> [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(12 + entries.count * entrySize)
    TraceFrame.append(UInt32(truncatingIfNeeded: firstIndex), to: &body)
    TraceFrame.append(UInt32(truncatingIfNeeded: firstIndex >> 32), to: &body)
    TraceFrame.append(UInt32(truncatingIfNeeded: entries.count), to: &body)
    let head = body
    for entry in entries.sorted() {
      TraceFrame.append(UInt32(truncatingIfNeeded: entry.subject.hash), to: &body)
      TraceFrame.append(UInt32(truncatingIfNeeded: entry.subject.hash >> 32), to: &body)
      TraceFrame.append(entry.decision.hash, to: &body)
      TraceFrame.append(entry.ordinal, to: &body)
    }
    var bytes = magic + head
    TraceFrame.append(CRC32C.checksum(body), to: &bytes)
    return bytes + body[head.count...]
  }

  /// Opens the index at a path; nil if there is none that can be used.
  ///
  /// The checksum is not read here, which would cost the whole file; what is found is checked
  /// against the entries, and a fault sends the reader back to scanning.
  init?(path: String) throws(FileError) {
    guard try Directory.status(path) != nil else { return nil }
    let file = try OpenFile(path: path, mode: .read)
    let header = try file.read(at: 0, count: Self.firstOffset)
    guard header.count == Self.firstOffset, header.prefix(8).elementsEqual(Self.magic) else {
      return nil
    }
    let words = header.withUnsafeBytes { bytes in
      (8..<20).filter { $0 % 4 == 0 }.map { Int(TraceFrame.word(bytes, $0)) }
    }
    let first = words[0] | words[1] << 32
    let count = words[2]
    guard first >= 0, first <= Int.max - count,
      try file.status().size == Self.firstOffset + count * Self.entrySize
    else { return nil }
    range = first..<(first + count)
    self.file = file
  }

  /// Whether all of it is as it was written.
  func isWhole() throws(FileError) -> Bool {
    let size = Self.firstOffset + range.count * Self.entrySize
    let bytes = try file.read(at: 0, count: size)
    guard bytes.count == size else { return false }
    let checksum = bytes.withUnsafeBytes { TraceFrame.word($0, 20) }
    return checksum == CRC32C.checksum(Array(bytes[8..<20] + bytes[24...]))
  }

  /// The places of a subject's traces in the segment, rising, by binary search in the file; nil
  /// where the file ends before it should.
  ///
  /// - Complexity: O(log entries) reads of 16 bytes.
  func entries(of subject: SubjectKey) throws(FileError) -> [Entry]? {
    var low = 0
    var high = range.count
    while low < high {
      let middle = (low + high) / 2
      guard let entry = try entry(middle) else { return nil }
      if entry.subject < subject { low = middle + 1 } else { high = middle }
    }
    var found: [Entry] = []
    while low < range.count {
      guard let entry = try entry(low) else { return nil }
      if entry.subject != subject { break }
      found.append(entry)
      low += 1
    }
    return found
  }

  /// All places, by subject; fewer where the file ends before it should.
  func all() throws(FileError) -> [Entry] {
    let bytes = try file.read(at: Self.firstOffset, count: range.count * Self.entrySize)
    return bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count / Self.entrySize * Self.entrySize, by: Self.entrySize)
        .map { Self.entry(bytes, at: $0) }
    }
  }

  private func entry(_ index: Int) throws(FileError) -> Entry? {
    let bytes = try file.read(at: Self.firstOffset + index * Self.entrySize, count: Self.entrySize)
    guard bytes.count == Self.entrySize else { return nil }
    return bytes.withUnsafeBytes { Self.entry($0, at: 0) }
  }

  private static func entry(_ bytes: UnsafeRawBufferPointer, at place: Int) -> Entry {
    let low = UInt64(TraceFrame.word(bytes, place))
    return Entry(
      subject: SubjectKey(hash: UInt64(TraceFrame.word(bytes, place + 4)) << 32 | low),
      decision: DecisionKey(hash: TraceFrame.word(bytes, place + 8)),
      ordinal: TraceFrame.word(bytes, place + 12))
  }
}
