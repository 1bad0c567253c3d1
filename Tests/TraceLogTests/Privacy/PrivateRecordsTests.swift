import FileIO
import RationaleTestSupport
import Testing

@testable import TraceLog

/// Private records are found by their entry, survive a crash, and damage is told from a torn tail.
@Suite struct PrivateRecordsTests {
  private let directory: TemporaryDirectory
  private let log: String

  init() throws {
    directory = try TemporaryDirectory()
    log = directory.file("log")
  }

  private static func record(_ entry: Int) -> [UInt8] {
    (0..<(16 + entry % 50)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ entry) }
  }

  /// Every third entry has no record.
  private static func hasRecord(_ entry: Int) -> Bool { entry % 3 != 1 }

  private static var small: PrivateRecords.Options {
    var options = PrivateRecords.Options()
    options.segmentBytes = 20_000
    return options
  }

  private func append(_ range: Range<Int>, to records: inout PrivateRecords) throws {
    for entry in range where Self.hasRecord(entry) {
      try records.append(Self.record(entry), entry: entry, key: entry % 10)
    }
  }

  private func write(_ range: Range<Int>, lastSealed: Int? = nil) throws {
    var records = try PrivateRecords(log: log, lastSealed: lastSealed, options: Self.small)
    try append(range, to: &records)
    try records.close()
  }

  private func check(_ entries: some Sequence<Int>, of count: Int, log: String? = nil) throws {
    var reader = try PrivateRecordReader(log: log ?? self.log)
    for entry in entries {
      let found = try reader.record(of: entry)
      if entry < count, Self.hasRecord(entry) {
        let isRight = found?.bytes == Self.record(entry) && found?.key == entry % 10
        guard isRight else {
          Issue.record("entry \(entry)")
          return
        }
      } else {
        guard found == nil else {
          Issue.record("entry \(entry) has no record")
          return
        }
      }
    }
  }

  @Test func `records are found in any order, over many segments`() throws {
    try write(0..<5000)
    let segments = try PrivateSegment.numbers(log).count
    #expect(segments > 5)
    try check(0..<5010, of: 5000)
    try check((0..<5010).reversed(), of: 5000)
    var generator = SeededGenerator(seed: 11)
    try check((0..<3000).map { _ in Int.random(in: 0..<5010, using: &generator) }, of: 5000)
    var none = try PrivateRecordReader(log: directory.file("none"))
    let found = try none.record(of: 0)
    #expect(found == nil)
  }

  @Test func `a log that goes on goes on, and a reader sees what is committed`() throws {
    try write(0..<1000)
    var records = try PrivateRecords(log: log, lastSealed: 999, options: Self.small)
    #expect(records.recoveryNotice == nil)
    var reader = try PrivateRecordReader(log: log)
    var found = try reader.record(of: 1001 + 1)
    #expect(found == nil)
    try append(1000..<1500, to: &records)
    try records.commit()
    found = try reader.record(of: 1490)
    #expect(found?.bytes == Self.record(1490))
    try records.close()
    try check(0..<1510, of: 1500)
  }

  @Test func `without places, or with wrong ones, records are found all the same`() throws {
    try write(0..<3000)
    let segments = try PrivateSegment.numbers(log)
    try Directory.remove(PrivateSegment.placesPath(log, segments[0]))
    var generator = SeededGenerator(seed: 5)
    for segment in segments[1...3] {
      let path = PrivateSegment.placesPath(log, segment)
      var bytes = try WholeFile.read(path)
      for place in bytes.indices where place % 8 >= 4 {
        bytes[place] = UInt8.random(in: 0...60, using: &generator)
      }
      try WholeFile.replace(path, with: bytes)
    }
    try check((0..<3000).reversed(), of: 3000)
  }

  @Test func `a torn tail is cut wherever it ends`() throws {
    try write(0..<120)
    let path = PrivateSegment.path(log, 1)
    let durable = try WholeFile.read(path).count
    try write(120..<126, lastSealed: 119)
    let whole = try WholeFile.read(path)
    for length in Set(stride(from: durable, through: whole.count, by: 7)).union([whole.count - 1]) {
      let copy = directory.file("copy\(length)")
      try TemporaryDirectory.copy(log, to: copy)
      try WholeFile.replace(PrivateSegment.path(copy, 1), with: Array(whole[..<length]))
      // None of the entries after 119 came into the log: their records go too.
      var records = try PrivateRecords(log: copy, lastSealed: 119, options: Self.small)
      #expect((records.recoveryNotice == nil) == (length == durable))
      #expect(records.lastEntry == 119)
      try append(120..<130, to: &records)
      try records.close()
      try check(0..<140, of: 130, log: copy)
    }
  }

  @Test func `records of traces that the log does not hold are cut, over segments`() throws {
    try write(0..<2000)
    let before = try PrivateSegment.numbers(log).count
    var records = try PrivateRecords(log: log, lastSealed: 299, options: Self.small)
    let after = try PrivateSegment.numbers(log).count
    #expect(before > after)
    try append(300..<400, to: &records)
    try records.close()
    try check(0..<2010, of: 400)
    // Down to none.
    var none = try PrivateRecords(log: log, lastSealed: nil, options: Self.small)
    try append(0..<10, to: &none)
    try none.close()
    try check(0..<500, of: 10)
  }

  @Test func `a record that the log needs and that is not whole is damage, and nothing is cut`()
    throws
  {
    try write(0..<120)
    let path = PrivateSegment.path(log, 1)
    let whole = try WholeFile.read(path)
    var changed = whole
    changed[whole.count - 3] ^= 1
    for bytes in [Array(whole.dropLast()), changed, Array(whole[..<40]), []] {
      try WholeFile.replace(path, with: bytes)
      #expect {
        _ = try PrivateRecords(log: log, lastSealed: 119).lastEntry
      } throws: { error in
        guard case VaultError.damaged(let file, _, let reason) = error else { return false }
        return file == path && reason.contains("entry 119")
      }
      #expect(try WholeFile.read(path) == bytes)
    }
  }

  @Test func `reading a damaged record says which, and where`() throws {
    try write(0..<2000)
    let path = PrivateSegment.path(log, 2)
    let whole = try WholeFile.read(path)
    for _ in 0..<1 {
      var changed = whole
      // In the record of the segment's first frame.
      changed[PrivateSegment.headerSize + PrivateSegment.frameHeaderSize + 3] ^= 1
      try WholeFile.replace(path, with: changed)
      let first = try #require(PrivateSegment.firstEntry(whole))
      var reader = try PrivateRecordReader(log: log)
      #expect(throws: VaultError.self) { try reader.record(of: first) }
      // The others are read still.
      let next = try reader.record(of: first + 6)
      #expect(next?.bytes == Self.record(first + 6))
    }
  }
}
