import FileIO
import RationaleTestSupport
import Testing
import TraceLog

@Suite struct RecoveryTests {
  /// A log of one segment with two durable traces and a group of three that was being written,
  /// and the offsets after each frame.
  private func tornLog(_ directory: TemporaryDirectory) throws -> (bytes: [UInt8], ends: [Int]) {
    var ends = [20]
    do {
      var options = TraceLogWriter.Options()
      options.groupRecords = 100
      var log = try TraceLogWriter(path: directory.path, options: options)
      try append(0..<2, to: &log)
      try log.commit()
      try append(2..<5, to: &log)
      try log.close()
    }
    let bytes = try WholeFile.read(directory.file("segments/000001.traces"))
    for number in 0..<5 {
      ends.append(ends[ends.count - 1] + 24 + body(number, subject: "s\(number % 5)").count)
    }
    try #require(ends.last == bytes.count)
    // A crash comes before the mark and the checkpoint that closing a log writes.
    try forgetClosing(directory)
    return (bytes, ends)
  }

  @Test func `a tail torn at any byte is cut at the last whole trace and writing goes on`() throws {
    let directory = try TemporaryDirectory()
    let (bytes, ends) = try tornLog(directory)
    let segment = directory.file("segments/000001.traces")
    for length in 0...bytes.count {
      _ = try directory.write("segments/000001.traces", Array(bytes.prefix(length)))
      let whole = max(ends.lastIndex { $0 <= length } ?? 0, 0)
      // A reader of the torn file sees what is whole.
      #expect(try numbers(directory.path) == Array(0..<(length < 20 ? 0 : whole)))
      var log = try TraceLogWriter(path: directory.path)
      #expect(log.nextIndex == whole)
      #expect((log.recoveryNotice == nil) == ends.contains(length))
      try append(whole..<whole + 1, to: &log)
      try log.close()
      try forgetClosing(directory)
      #expect(try numbers(directory.path) == Array(0...whole))
      #expect(try Directory.status(segment)?.size ?? 0 > ends[whole])
    }
  }

  @Test func `garbage at any place of an unfinished group is cut, and of an older one is damage`()
    throws
  {
    let directory = try TemporaryDirectory()
    let (bytes, ends) = try tornLog(directory)
    for place in 20..<bytes.count {
      var changed = bytes
      changed[place] ^= 0x40
      _ = try directory.write("segments/000001.traces", changed)
      let frame = ends.lastIndex { $0 <= place } ?? 0
      do throws(TraceLogError) {
        let log = try TraceLogWriter(path: directory.path)
        // Frames 0 and 1 were durable when 2 to 4 were written.
        #expect(frame >= 2)
        #expect(log.nextIndex == frame)
      } catch {
        guard case .damaged(file: _, offset: ends[frame], reason: _) = error else {
          Issue.record("\(place): \(error)")
          continue
        }
        #expect(frame < 2)
        // Nothing was touched.
        #expect(try WholeFile.read(directory.file("segments/000001.traces")) == changed)
      }
    }
  }

  @Test func `a log that was closed is never cut: what lacks of it is damage`() throws {
    let directory = try TemporaryDirectory()
    var log = try TraceLogWriter(path: directory.path)
    try append(0..<5, to: &log)
    try log.close()
    let bytes = try WholeFile.read(directory.file("segments/000001.traces"))
    for place in 0..<bytes.count {
      var flipped = bytes
      flipped[place] ^= 0x40
      for changed in [Array(bytes.prefix(place)), flipped] {
        _ = try directory.write("segments/000001.traces", changed)
        #expect(throws: TraceLogError.self, "\(place)") {
          _ = try TraceLogWriter(path: directory.path).nextIndex
        }
        #expect(try WholeFile.read(directory.file("segments/000001.traces")) == changed)
      }
    }
    try Directory.remove(directory.file("segments/000001.traces"))
    #expect(throws: TraceLogError.self) {
      _ = try TraceLogWriter(path: directory.path).nextIndex
    }
  }

  @Test func `a tail that is cut off is kept beside the log`() throws {
    let directory = try TemporaryDirectory()
    let (bytes, ends) = try tornLog(directory)
    _ = try directory.write("segments/000001.traces", Array(bytes.prefix(ends[4] + 7)))
    _ = try TraceLogWriter(path: directory.path).nextIndex
    #expect(
      try WholeFile.read(directory.file("cut-1-\(ends[4])"))
        == Array(bytes[ends[4]..<ends[4] + 7]))
  }

  @Test func `a crash while a segment is started loses nothing`() throws {
    let directory = try TemporaryDirectory()
    var log = try TraceLogWriter(path: directory.path, options: smallSegments())
    try append(0..<30, to: &log)
    try log.close()
    let names = try Directory.names(in: directory.file("segments"))
    let next = names.filter { $0.hasSuffix(".traces") }.count + 1
    for length in 0..<20 {
      let torn = Array(repeating: UInt8(0x52), count: length)
      _ = try directory.write("segments/00000\(next).traces", torn)
      var again = try TraceLogWriter(path: directory.path, options: smallSegments())
      #expect(again.nextIndex == 30)
      #expect(again.recoveryNotice != nil)
      try append(30..<31, to: &again)
      try again.close()
      #expect(try numbers(directory.path) == Array(0..<31))
      // The next round is a crash of its own, before anything of the new segment was stored.
      try forgetClosing(directory)
    }
  }

  @Test func `a copy taken at any moment holds everything acknowledged`() throws {
    let directory = try TemporaryDirectory()
    let copies = try TemporaryDirectory()
    var log = try TraceLogWriter(path: directory.path, options: smallSegments())
    for number in 0..<25 {
      try append(number..<number + 1, to: &log)
      let copy = copies.file("\(number)")
      try TemporaryDirectory.copy(directory.path, to: copy)
      let recovered = try TraceLogWriter(path: copy, options: smallSegments())
      #expect(recovered.nextIndex >= log.durableCount)
      #expect(try numbers(copy) == Array(0..<recovered.nextIndex))
    }
  }

  @Test func `damage in an older segment is told to readers`() throws {
    let directory = try TemporaryDirectory()
    var log = try TraceLogWriter(path: directory.path, options: smallSegments())
    try append(0..<30, to: &log)
    try log.close()
    var bytes = try WholeFile.read(directory.file("segments/000001.traces"))
    bytes[60] ^= 1
    _ = try directory.write("segments/000001.traces", bytes)
    do throws(TraceLogError) {
      try TraceLogReader(path: directory.path).scan { _ in true }
      Issue.record("no error")
    } catch {
      guard case .damaged = error else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
