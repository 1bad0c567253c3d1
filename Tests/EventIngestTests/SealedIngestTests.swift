import DataFields
import DecisionTrace
import Decisions
import EventIngest
import FileIO
import RationaleTestSupport
import Testing
import TraceLog

/// Runs with privacy on, from events to an erasure: the state, the dead letters and the log.
@Suite struct SealedIngestTests {
  private static let rules = """
    ruleset visits version 1 {
      owner      "Tests"
      effective  from 2021-01-01
    }
    input guest from "guests" {
      id    text  key
      city  text  personal
      age   int   in 0 ... 150   personal
    }
    event visit from "visits" by guest_id = guest.id {
      guest_id  text
      place     text
      day       date  time
    }
    let visits = count(visit) over all time
    let places = count distinct(visit.place) over all time
    let latest = last(visit.place) over all time   missing refuse
    scale Age: Y < O
    rank age: Age by guest.age { Y below 30  O otherwise }
    decision kind: text hit first {
      rule young reason V-01 "Young, {visits} visits."
        when age == Y
        then "Young"
      otherwise reason V-02 "Others."
        then "Other"
    }
    """

  private let directory: TemporaryDirectory
  private let library: DecisionLibrary
  private static let guests = ["anna-17", "bela-23", "cili-42", "dora-58"]

  init() throws {
    directory = try TemporaryDirectory()
    _ = try directory.write("visits.rules", Self.rules)
    let rows = Self.guests.enumerated().map { "\($1),City of \($1),\(20 + 7 * $0)\n" }.joined()
    _ = try directory.write("guests.csv", "id,city,age\n" + rows)
    library = try DecisionLibrary(rules: [directory.file("visits.rules")])
  }

  private var log: String { directory.file("log") }

  /// Visits in order, every ninth of them without a day.
  private func visits(_ count: Int) -> String {
    "guest_id,place,day\n"
      + (0..<count).map { number in
        let guest = Self.guests[number % 4]
        let day = number % 9 == 8 ? "never" : "2021-02-\(number % 18 + 10)"
        return "\(guest),place of \(guest) \(number % 3),\(day)\n"
      }.joined()
  }

  @discardableResult
  private func run(
    _ count: Int = 40, log: String = "log", privacy: Privacy = .on
  ) throws -> IngestRun.Summary {
    var options = IngestRun.Options(log: directory.file(log))
    options.privacy = privacy
    options.inputs = [
      .init(source: "guests", path: directory.file("guests.csv")),
      .init(source: "visits", path: try directory.write("visits.csv", visits(count))),
    ]
    options.output = directory.file("\(log).jsonl")
    options.sourceNames = ["": "visits"]
    return try IngestRun(library: library, options: options).run()
  }

  private func traces(
    _ log: String = "log", _ access: TraceAccess = .automatic
  ) throws -> [StoredTrace] {
    var found: [StoredTrace] = []
    try TraceLogReader(path: directory.file(log), access: access).scan { trace in
      found.append(trace)
      return true
    }
    return found
  }

  private func verify() throws -> LogVerifier.Report {
    var options = LogVerifier.Options()
    options.access = .automatic
    var verifier = LogVerifier(log: log, options: options)
    return try verifier.run()
  }

  private func erase(
    _ guest: String,
    _ occasion: SubjectErasure.Occasion? = .init(
      time: 1_800_000_000, by: "tests", reason: "asked for")
  ) throws -> SubjectErasure.Report {
    try SubjectErasure(log: log, keys: LogKeyFiles(), deadLetters: nil, libraries: [library])
      .run(guest, occasion)
  }

  /// The files of the log, outside the vault, that hold a text.
  private func files(holding text: String, in folder: String = "log") throws -> [String] {
    var found: [String] = []
    for name in try directory.names(in: folder) {
      let path = directory.file(folder + "/" + name)
      if try Directory.status(path)?.isRegular != true {
        found += try files(holding: text, in: folder + "/" + name)
      } else {
        let bytes = try WholeFile.read(path)
        let part = Array(text.utf8)
        if bytes.count >= part.count,
          (0...bytes.count - part.count).contains(where: {
            bytes[$0] == part[0] && bytes[$0..<$0 + part.count] == part[...]
          })
        {
          found.append(folder + "/" + name)
        }
      }
    }
    return found
  }

  @Test func `traces are sealed unless that is switched off`() throws {
    try run()
    try run(log: "whole", privacy: .off)
    #expect(try traces().map(\.body) == traces("whole").map(\.body))
    #expect(try traces("whole", .auditor).allSatisfy { $0.visibility == .open })
    #expect(try traces("log", .auditor).allSatisfy { $0.visibility == .sealed })
    #expect(try Directory.status(directory.file("whole/vault")) == nil)
    let report = try verify()
    #expect(report.findings.isEmpty, "\(report.findings)")
    #expect(report.accounted.deadLetters == 4)
  }

  @Test func `a run that lost its state stores nothing twice`() throws {
    try run(20)
    for name in try directory.names(in: "log/state") {
      try Directory.remove(directory.file("log/state/" + name))
    }
    try run(40)
    try run(40, log: "again")
    #expect(try traces().map(\.body) == traces("again").map(\.body))
    #expect(try verify().findings.isEmpty)
  }

  @Test func `an erased guest is in no file, and the others are as they were`() throws {
    try run()
    let before = try traces()
    #expect(try !files(holding: "bela-23").isEmpty)
    let looked = try erase("bela-23", nil)
    #expect(looked.keys == 1)
    #expect(looked.deadLetters == 1)
    #expect(looked.snapshots == 1)
    #expect(try traces().allSatisfy { $0.visibility == .open })
    let report = try erase("bela-23")
    #expect(report.unreadableSnapshots.isEmpty)
    #expect(report.wholeTraces == 0)
    #expect(try files(holding: "bela-23") == [])
    let after = try traces()
    #expect(after.count == before.count)
    for (old, new) in zip(before, after) {
      let isGone = TraceBodyHead(old)?.subject == "bela-23"
      #expect(new.visibility == (isGone ? .erased : .open))
      if !isGone { #expect(new.body == old.body) }
    }
    let found = try verify()
    #expect(found.findings.isEmpty, "\(found.findings)")
    #expect(try erase("bela-23").isEmpty)
    #expect(try erase("nobody-9").isEmpty)
    // Dead letters are as many lines as before, each of them JSON.
    let letters = try String(
      decoding: WholeFile.read(directory.file("log/dead-letters.jsonl")), as: UTF8.self)
    #expect(letters.split(separator: "\n").count == 4)
    #expect(letters.contains(#""code":"erased""#))
  }

  @Test func `others go on after an erasure as if nothing had been`() throws {
    try run(40)
    _ = try erase("bela-23")
    try run(60)
    try run(60, log: "untouched")
    let untouched = Dictionary(
      grouping: try traces("untouched"), by: { TraceBodyHead($0)?.subject ?? "" })
    let erased = Dictionary(
      grouping: try traces().filter { $0.visibility == .open },
      by: { TraceBodyHead($0)?.subject ?? "" })
    for guest in Self.guests where guest != "bela-23" {
      #expect(erased[guest]?.map(\.body) == untouched[guest]?.map(\.body))
      #expect(erased[guest]?.count ?? 0 > 10)
    }
    // Who comes back starts anew: the static file knows the guest still.
    let first = try #require(erased["bela-23"]?.first)
    let schema = library.schemas[0]
    let trace = try Trace(body: first.body, schema: schema.schema, digest: schema.digest)
    #expect(trace.lineageLength == 1)
    #expect(try verify().findings.isEmpty)
  }

  @Test func `a guest whose name the rules use as a word is erased, and the word stays`() throws {
    for runs in [false, true] {
      let folder = directory.file(runs ? "running" : "stopped")
      let line = #"{"guest_id": "Young", "place": "p", "day": "2021-02-10"}"#
      let other = #"{"guest_id": "anna-17", "place": "p", "day": "2021-02-10"}"#
      let guests = Array(#"{"id": "Young", "city": "c", "age": "20"}"#.utf8)
      func service() throws -> DecisionService {
        let service = try DecisionService(library: library, log: folder)
        try service.load("guests", from: directory.file("guests.csv"))
        return service
      }
      var visits = 0
      var outcomes: [String] = []
      func decide(_ service: DecisionService, _ line: String) throws {
        try service.decide(on: Array(line.utf8), from: "visits") { decision in
          visits += 1
          outcomes.append((try? decision.trace().resultText) ?? "")
        }
      }
      var first = try service()
      try first.load("guests", records: guests)
      try decide(first, line)
      try decide(first, other)
      #expect(visits == 2)
      if runs {
        #expect(try first.erase(subject: "Young", time: 1, by: "tests", reason: "asked for"))
      } else {
        try first.close()
        let erasure = SubjectErasure(
          log: folder, keys: LogKeyFiles(), deadLetters: nil, libraries: [library])
        #expect(try !erasure.run("Young", .init(time: 1, by: "t", reason: "r")).isEmpty)
        first = try service()
      }
      try decide(first, line)
      // Filtered: nobody of the name is known.
      #expect(visits == 2)
      try decide(first, other)
      #expect(outcomes.allSatisfy { $0.contains("Young") } && outcomes.count == 3)
      try first.close()
      let again = try service()
      try decide(again, other)
      #expect(outcomes.last?.contains("Young") == true)
      try again.close()
    }
  }

  @Test func `a service erases while it runs`() throws {
    let service = try DecisionService(library: library, log: log)
    try service.load("guests", from: directory.file("guests.csv"))
    func visit(_ guest: String, _ day: Int) throws -> Int {
      var count = 0
      let line = #"{"guest_id":"\#(guest)","place":"x","day":"2021-03-\#(day)"}"#
      try service.decide(on: line.utf8, from: "visits") { _ in count += 1 }
      return count
    }
    for day in 10..<20 {
      #expect(try visit("anna-17", day) == 1)
      #expect(try visit("dora-58", day) == 1)
    }
    try service.decide(on: #"{"guest_id":"dora-58","day":"?"}"#.utf8, from: "visits") { _ in }
    #expect(
      try service.erase(subject: "dora-58", time: 1, by: "service", reason: "asked for"))
    #expect(try !service.erase(subject: "dora-58", time: 2, by: "service", reason: "again"))
    // Filtered, for nobody knows the guest any more.
    #expect(try visit("dora-58", 21) == 0)
    #expect(try visit("anna-17", 21) == 1)
    try service.close()
    #expect(try files(holding: "dora-58") == [])
    let found = try traces()
    #expect(found.filter { $0.visibility == .erased }.count == 10)
    #expect(found.filter { $0.visibility == .open }.count == 11)
    #expect(try verify().findings.isEmpty)
    // A service that is opened again goes on from there.
    let again = try DecisionService(library: library, log: log)
    try again.load("guests", from: directory.file("guests.csv"))
    var lengths: [Int] = []
    for guest in ["anna-17", "dora-58"] {
      let line = #"{"guest_id":"\#(guest)","place":"x","day":"2021-03-22"}"#
      try again.decide(on: line.utf8, from: "visits") { decision in
        lengths.append((try? decision.trace().lineageLength) ?? -1)
      }
    }
    try again.close()
    #expect(lengths == [12, 1])
  }

  @Test func `what was stored whole is told, and stays`() throws {
    try run(20, privacy: .off)
    #expect(throws: IngestError.self) { _ = try erase("anna-17", nil) }
    try run(40, privacy: .on)
    let report = try erase("anna-17")
    #expect(report.wholeTraces == 4)
    #expect(report.keys == 1)
  }
}
