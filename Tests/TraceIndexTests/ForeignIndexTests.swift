import DataFields
import FileIO
import RationaleTestSupport
import Testing
import TraceIndex
import TraceLog

/// An index that is not one of the log beside it is noticed, left aside and made anew.
@Suite struct ForeignIndexTests {
  private func expectAll(_ log: RandomLog) throws {
    for query in log.queries(15, seed: 3) {
      #expect(try numbers(log.index, query) == log.naive(query))
    }
  }

  @Test func `the index of another log`() throws {
    var log = try RandomLog(seed: 21)
    var other = try RandomLog(seed: 22)
    try log.append(300)
    try other.append(300)
    try other.index.update()
    _ = try log.directory.write(
      "log/index.sqlite", try WholeFile.read(other.path + "/index.sqlite"))
    let index = try log.index
    let report = try index.query(TraceQuery()) { _ in true }
    #expect(!report.usesIndex && report.fault?.contains("another") == true)
    #expect(try index.lag.fault != nil)
    #expect(try index.check().findingCount == 1)
    try expectAll(log)
    #expect(try index.update().rebuilt?.contains("another") == true)
    #expect(try index.check().findingCount == 0)
    try expectAll(log)
  }

  @Test(arguments: [0, 40, 250]) func `a log that was rolled back and went on`(added: Int) throws {
    var log = try RandomLog(seed: 23)
    try log.append(100)
    let older = log
    let copy = log.directory.file("older")
    try TemporaryDirectory.copy(log.path, to: copy)
    try log.append(150)
    try log.index.update()
    let file = try WholeFile.read(log.path + "/index.sqlite")
    // The older copy takes the log's place, beside the index of the newer.
    let back = try TemporaryDirectory()
    try TemporaryDirectory.copy(copy, to: back.file("log"))
    _ = try back.write("log/index.sqlite", file)
    var rolled = older
    rolled.traces = RandomTraces(seed: 99)
    rolled = rolled.moved(to: back)
    try rolled.append(added)
    let index = try rolled.index
    #expect(try index.query(TraceQuery()) { _ in true }.fault != nil)
    try expectAll(rolled)
    #expect(try index.update().rebuilt != nil)
    let lag = try index.lag
    #expect(lag.indexed == 100 + added && lag.entries == 0)
    try expectAll(rolled)
    #expect(try index.check().findingCount == 0)
  }

  @Test func `files that are no index, or no longer one`() throws {
    var log = try RandomLog(seed: 24)
    try log.append(200)
    let index = try log.index
    try index.update()
    let good = try WholeFile.read(index.path)
    var generator = SeededGenerator(seed: 25)
    var files: [[UInt8]] = [
      [], [1], Array("SQLite format 3\0".utf8), Array(good.prefix(4096)),
      Array(good.prefix(good.count / 2)), Array(repeating: 0x5A, count: 10_000),
    ]
    for _ in 0..<12 {
      var changed = good
      for _ in 0..<50 {
        changed[Int.random(in: 0..<changed.count, using: &generator)] ^= 0xFF
      }
      files.append(changed)
    }
    for file in files {
      try Directory.remove(index.path)
      _ = try log.directory.write("log/index.sqlite", file)
      for query in log.queries(4, seed: 26) {
        // It may hide what it no longer holds; it never invents.
        let found = try numbers(index, query)
        #expect(Set(found).isSubset(of: log.naive(query)))
        #expect(found == found.sorted(by: >))
      }
      _ = try index.check()
      try index.rebuild()
      #expect(try index.check().findingCount == 0)
      try expectAll(log)
    }
  }

  @Test func `an index of another version, or with more in it than there should be`() throws {
    var log = try RandomLog(seed: 27)
    try log.append(50)
    for sql in [
      "CREATE TABLE more (id)", "ALTER TABLE entries ADD COLUMN note",
      "CREATE TRIGGER hides AFTER INSERT ON entries BEGIN DELETE FROM entries; END",
      "DROP VIEW decisions", "DROP TABLE presence", "DELETE FROM state",
    ] {
      try log.index.update()
      try log.edit(sql)
      #expect(try numbers(log.index) == log.naive(TraceQuery()))
      #expect(try log.index.check().findingCount == 1)
      #expect(try log.index.update().rebuilt != nil)
      #expect(try log.index.check().findingCount == 0)
    }
  }
}
