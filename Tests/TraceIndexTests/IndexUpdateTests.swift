import DataFields
import DecisionTrace
import Dispatch
import FileIO
import GRDB
import RationaleTestSupport
import Synchronization
import Testing
import TraceIndex
import TraceLog

/// Updates are whole or not there, whoever else reads or writes.
@Suite struct IndexUpdateTests {
  @Test func `an update that was cut short in a transaction never was`() throws {
    var log = try RandomLog(seed: 41)
    try log.append(300)
    try log.index.update()
    let before = try numbers(log.index)
    let queue = try DatabaseQueue(path: log.path + "/index.sqlite")
    let crashed = try TemporaryDirectory()
    try queue.writeWithoutTransaction { db in
      // So little memory that half of the transaction is in the files when they are copied.
      try db.execute(sql: "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE")
      for entry in 300..<20_000 {
        try db.execute(sql: "INSERT INTO entries VALUES (?, 1, 3)", arguments: [entry])
      }
      try db.execute(sql: "UPDATE state SET last = 19999, next = 20000, rows = 20000")
      try TemporaryDirectory.copy(log.path, to: crashed.file("log"))
      try db.execute(sql: "ROLLBACK")
    }
    let names = try crashed.names(in: "log")
    #expect(names.contains("index.sqlite-wal"))
    let copy = log.moved(to: crashed)
    #expect(try numbers(copy.index) == before)
    #expect(try copy.index.check().findingCount == 0)
    #expect(try copy.index.update().added == 0)
  }

  @Test func `a copy of index and log at any moment is brought up`() throws {
    var log = try RandomLog(seed: 42)
    try log.append(1_400)
    let copies = try TemporaryDirectory()
    var count = 0
    var failure: (any Error)?
    var index = try log.index
    index.batch = 600
    try index.update { update in
      do {
        let copy = copies.file("\(count)")
        try Directory.create(copy)
        for name in ["index.sqlite", "index.sqlite-wal"] {
          let file = log.path + "/" + name
          guard try Directory.status(file) != nil else { continue }
          try WholeFile.replace(copy + "/" + name, with: try WholeFile.read(file))
        }
        count += 1
      } catch { failure = error }
      return true
    }
    if let failure { throw failure }
    #expect(count == 3)
    for number in 0..<count {
      for name in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
        try Directory.remove(log.path + "/" + name)
        let copy = copies.file("\(number)/\(name)")
        guard try Directory.status(copy) != nil else { continue }
        _ = try log.directory.write("log/" + name, try WholeFile.read(copy))
      }
      let lag = try index.lag
      #expect(lag.isPresent && lag.indexed == min(1_400, (number + 1) * 600))
      #expect(try index.update().rebuilt == nil)
      #expect(try index.check().findingCount == 0)
    }
  }

  @Test func `an update that is stopped goes on from there`() throws {
    var log = try RandomLog(seed: 43)
    try log.append(700)
    var index = try log.index
    index.batch = 500
    #expect(try index.update { _ in false }.added == 500)
    #expect(try index.lag.entries == 200)
    var query = TraceQuery()
    query.subject = "client-3"
    #expect(try numbers(index, query) == log.naive(query))
    #expect(try index.update().added == 200)
    #expect(try numbers(index, query) == log.naive(query))
  }

  @Test func `several update at once, and others read meanwhile`() throws {
    var log = try RandomLog(seed: 44)
    try log.append(500)
    let expected = log.naive(TraceQuery())
    let index = try log.index
    let faults = Mutex<[String]>([])
    for _ in 0..<5 {
      for name in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
        try Directory.remove(log.path + "/" + name)
      }
      DispatchQueue.concurrentPerform(iterations: 6) { number in
        do {
          if number % 2 == 0 {
            try index.update()
          } else {
            for _ in 0..<3 where try index.traces(TraceQuery(), limit: .max).count != 500 {
              faults.withLock { $0.append("not all") }
            }
          }
        } catch {
          faults.withLock { $0.append("\(error)") }
        }
      }
      #expect(try index.check().findingCount == 0)
      #expect(try index.lag.indexed == 500)
      #expect(try numbers(index) == expected)
    }
    #expect(faults.withLock { $0 } == [])
  }

  @Test func `a reader does not wait for a writer, and a writer says so when it has waited`() throws
  {
    var log = try RandomLog(seed: 45)
    try log.append(200)
    try log.index.update()
    try log.append(20)
    let queue = try DatabaseQueue(path: log.path + "/index.sqlite")
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN IMMEDIATE; DELETE FROM entries")
      #expect(try numbers(log.index) == log.naive(TraceQuery()))
      var index = try log.index
      index.patience = 0.1
      do throws(TraceIndexError) {
        try index.update()
        Issue.record("no error")
      } catch {
        #expect(error == .busy(path: index.path))
        #expect(error.description.hasSuffix("is in use by another process"))
      }
      try db.execute(sql: "ROLLBACK")
    }
    #expect(try log.index.update().added == 20)
  }

  @Test func `an index that cannot be written is told apart, and the log is read`() throws {
    var log = try RandomLog(seed: 46)
    try log.append(60)
    let index = try log.index
    // A folder in its place can be opened by nobody.
    try Directory.create(index.path)
    do throws(TraceIndexError) {
      try index.update()
      Issue.record("no error")
    } catch {
      guard case .notWritable = error else {
        Issue.record("\(error)")
        return
      }
    }
    let report = try index.query(TraceQuery()) { _ in true }
    #expect(report.given == 60 && !report.usesIndex)
  }

  @Test func `more endings than are kept in full are found by buckets`() throws {
    // The index keeps 16,384 endings in full; a log whose outcomes are all different has more.
    let directory = try TemporaryDirectory()
    var log = try TraceLogWriter(path: directory.path)
    let schema = RandomTraces.schemas[0]
    try log.keepArtefact(schema.schema.encoded(), digest: schema.digest)
    for number in 0..<18_000 {
      let body = RandomTraces.profileBody(subject: "s\(number % 50)", outcome: "outcome \(number)")
      _ = try log.append(body, subject: SubjectKey("s"), decision: DecisionKey("profile"))
    }
    try log.close()
    let index = TraceIndex(log: try TraceLogReader(path: directory.path))
    try index.update()
    for number in [0, 16_000, 16_383, 16_384, 17_000, 17_999] {
      var query = TraceQuery()
      query.outcome = "outcome \(number)"
      #expect(try numbers(index, query) == [number])
      query.subject = "s\(number % 50)"
      #expect(try numbers(index, query) == [number])
      query.rule = "small"
      #expect(try numbers(index, query).isEmpty)
    }
    let report = try index.query(TraceQuery()) { _ in true }
    #expect(report.contradicted == 0 && report.given == 18_000)
    #expect(try index.check().findingCount == 0)
  }
}
