import DataFields
import FileIO
import RationaleTestSupport
import Testing

@testable import TraceLog

/// Traces that lie apart, read by their places: from bundles, from segments, and across both.
@Suite struct TracePlacesTests {
  private let directory: TemporaryDirectory
  private let reader: TraceLogReader
  private static let count = 1_000

  init() throws {
    directory = try TemporaryDirectory()
    var options = TraceLogWriter.Options()
    options.segmentBytes = 8_000
    options.groupRecords = 50
    options.checkpointRecords = 300
    var log = try TraceLogWriter(path: directory.path, options: options)
    try append(0..<Self.count, to: &log)
    try log.close()
    reader = try TraceLogReader(path: directory.path)
  }

  private func found(_ places: [Int]) throws -> [Int] {
    var found: [Int] = []
    try reader.traces(at: places) { trace in
      #expect(TraceBodyHead(trace.body)?.record == trace.index)
      found.append(trace.index)
      return true
    }
    return found
  }

  @Test func placesGiveWhatIsThere() throws {
    let first = try LogEntries(log: directory.path).firstInSegments()
    // Otherwise only one of the two ways would be tried.
    try #require(first > 300 && first < Self.count - 2)
    #expect(try found([]) == [])
    #expect(try found([0]) == [0])
    #expect(try found([first - 1, first]) == [first - 1, first])
    #expect(try found([255, 256, Self.count - 1]) == [255, 256, Self.count - 1])
    #expect(try found(Array(0..<Self.count)) == Array(0..<Self.count))
    #expect(try found([-2, 7, Self.count, .max]) == [7])
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<50 {
      let places = (0..<Self.count).filter { _ in
        Int.random(in: 0..<40, using: &generator) == 0
      }
      #expect(try found(places) == places)
    }
  }

  @Test func readingStopsWhenItIsTold() throws {
    var visited: [Int] = []
    try reader.traces(at: [3, 300, 900, 999]) { trace in
      visited.append(trace.index)
      return visited.count < 2
    }
    #expect(visited == [3, 300])
    visited = []
    try reader.traces(at: [990, 995, 999]) { trace in
      visited.append(trace.index)
      return false
    }
    #expect(visited == [990])
  }

  @Test func otherEntriesAreNoTraces() throws {
    var log = try TraceLogWriter(path: directory.path)
    let entry = AccountingEntry(
      schemas: [], fileList: nil, source: "s", identity: "i", records: 1...1, counts: .init())
    let place = try log.append(entry: entry.bytes)
    try log.close()
    #expect(try found([place - 1, place]) == [place - 1])
  }
}
