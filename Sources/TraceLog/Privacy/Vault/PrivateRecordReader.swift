internal import FileIO

/// Finds the private record of an entry, also while a writer appends: what is not whole yet is not
/// there. Entries that are asked for in order are read in order.
package struct PrivateRecordReader: ~Copyable {
  /// A private record as the vault holds it.
  package struct Record: Sendable, Hashable {
    /// The number of the subject's key.
    package let key: Int
    package let bytes: [UInt8]
  }

  private let log: String
  private var numbers: [Int]
  private var current: PrivateScanner?
  private var currentSegment = 0
  /// So many frames are passed in search of one before the places are asked.
  private static let reach = 2 * PrivateSegment.placeInterval
  private static let readingAhead = 1 << 14

  package init(log: String) throws(VaultError) {
    self.log = log
    do throws(FileError) {
      numbers = try PrivateSegment.numbers(log)
    } catch {
      throw .file(error)
    }
  }

  /// The record of an entry; nil if it has none.
  ///
  /// - Complexity: O(log records) reads.
  package mutating func record(of entry: Int) throws(VaultError) -> Record? {
    do throws(FileError) {
      if let found = try search(entry) { return found }
      // A segment may have been added since.
      let numbers = try PrivateSegment.numbers(log)
      if numbers == self.numbers { return nil }
      self.numbers = numbers
      return try search(entry)
    } catch {
      if error.systemCode == Self.damage {
        let offset = current?.offset ?? 0
        throw .damaged(file: error.path, offset: offset, reason: error.reason)
      }
      throw .file(error)
    }
  }

  private static let damage: Int32 = -1

  private mutating func search(_ entry: Int) throws(FileError) -> Record? {
    guard let segment = try segment(of: entry) else { return nil }
    if segment == currentSegment {
      if let first = current?.firstEntry, let next = try current?.peek(readingAhead: 16),
        first + Int(next.entry) <= entry, let found = try advance(to: entry, Self.reach)
      {
        return found
      }
    } else {
      current = try PrivateScanner(path: PrivateSegment.path(log, segment))
      currentSegment = segment
    }
    guard let first = current?.firstEntry, entry - first <= Int(UInt32.max) else { return nil }
    let offset = try place(of: UInt32(truncatingIfNeeded: entry - first), segment)
    current?.seek(offset)
    return try advance(to: entry, .max)
  }

  /// Goes on to the frame of an entry, past so many others at most.
  private mutating func advance(
    to entry: Int, _ limit: Int
  ) throws(FileError) -> Record? {
    let path = PrivateSegment.path(log, currentSegment)
    guard let first = current?.firstEntry else { return nil }
    var passed = 0
    while passed < limit, let frame = try current?.peek(readingAhead: Self.readingAhead) {
      let found = first + Int(frame.entry)
      if found > entry { return nil }
      if found == entry {
        let end = (current?.offset ?? 0) + frame.totalLength
        if let bytes = try current?.record(frame, readingAhead: Self.readingAhead) {
          return Record(key: Int(frame.key), bytes: bytes)
        }
        if currentSegment == numbers.last, end > (try current?.size() ?? 0) { return nil }
        throw FileError(
          .read, path: path, systemCode: Self.damage,
          reason: "the private record of entry \(entry) is not whole")
      }
      current?.pass(frame)
      passed += 1
    }
    // Where a header should be there is one, or the end.
    let offset = current?.offset ?? 0
    if passed < limit, try current?.size() ?? 0 >= offset + PrivateSegment.frameHeaderSize {
      throw FileError(
        .read, path: path, systemCode: Self.damage, reason: "no private record starts there")
    }
    return nil
  }

  /// The last segment that starts at an entry or before.
  private func segment(of entry: Int) throws(FileError) -> Int? {
    var low = 0
    var high = numbers.count
    while low < high {
      let middle = (low + high) / 2
      let path = PrivateSegment.path(log, numbers[middle])
      let header = try OpenFile(path: path, mode: .read)
        .read(at: 0, count: PrivateSegment.headerSize)
      guard let first = PrivateSegment.firstEntry(header) else {
        // The newest may be without its header still.
        if middle == numbers.count - 1 {
          high = middle
          continue
        }
        throw FileError(
          .read, path: path, systemCode: Self.damage, reason: "its header is not whole")
      }
      if first <= entry { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : numbers[low - 1]
  }

  /// Where to start looking for an entry in a segment: the last place that is known before it.
  private mutating func place(of entry: UInt32, _ segment: Int) throws(FileError) -> Int {
    let path = PrivateSegment.placesPath(log, segment)
    guard let size = try Directory.status(path)?.size else { return PrivateSegment.headerSize }
    let file = try OpenFile(path: path, mode: .read)
    var low = 0
    var high = size / PrivateSegment.placeSize
    var best: (entry: UInt32, offset: Int)?
    while low < high {
      let middle = (low + high) / 2
      let bytes = try file.read(
        at: middle * PrivateSegment.placeSize, count: PrivateSegment.placeSize)
      guard bytes.count == PrivateSegment.placeSize else { break }
      let found: UInt32 = LittleEndian.read(bytes, 0)
      if found <= entry {
        best = (found, Int(LittleEndian.read(bytes, 4, as: UInt32.self)))
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard let best else { return PrivateSegment.headerSize }
    // It is a hint: only a whole frame of that entry is believed.
    current?.seek(best.offset)
    if let frame = try current?.peek(readingAhead: Self.readingAhead), frame.entry == best.entry,
      try current?.record(frame, readingAhead: Self.readingAhead) != nil
    {
      return best.offset
    }
    return PrivateSegment.headerSize
  }
}
