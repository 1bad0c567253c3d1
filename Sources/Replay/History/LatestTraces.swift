import DataFields
import DecisionTrace
package import TraceLog

/// Which traces of a set of logs are the latest of their subject and decision.
package struct LatestTraces: Sendable {
  /// Of each log the numbers of such traces, rising.
  package let numbers: [[Int]]

  private struct Key: Hashable {
    var subject: String
    var decision: Int
  }

  private struct Place {
    var log: Int
    var number: Int
    var day: CalendarDate?
  }

  /// - Parameter progress: called now and then with the number of traces so far.
  /// - Complexity: O(traces) time; memory by the number of subjects, whatever the number of traces.
  package init(
    _ set: TraceLogSet, progress: (Int) throws -> Void = { _ in }
  ) throws {
    var latest: [Key: Place] = [:]
    var names = DecisionNames()
    var count = 0
    var failure: (any Error)?
    for (index, log) in set.logs.enumerated() {
      try log.scan { stored in
        count += 1
        if count % 4096 == 0 {
          do { try progress(count) } catch { failure = error }
        }
        guard stored.visibility == .open, let head = TraceBodyHead(stored) else {
          return failure == nil
        }
        let key = Key(subject: head.subject, decision: names.number(of: head.schema, in: log))
        let place = Place(log: index, number: stored.index, day: Self.day(stored))
        if let other = latest[key], !Self.isLater(place, than: other) { return failure == nil }
        latest[key] = place
        return failure == nil
      }
      if let failure { throw failure }
    }
    var numbers: [[Int]] = Array(repeating: [], count: set.logs.count)
    for place in latest.values { numbers[place.log].append(place.number) }
    self.numbers = numbers.map { $0.sorted() }
  }

  private static func day(_ stored: StoredTrace) -> CalendarDate? {
    var reader = TraceBodyReader(stored.body)
    do throws(TraceFault) { return try reader.identity().asOf } catch { return nil }
  }

  /// The order of ``TraceLogSet/traces(ofSubject:decision:_:)``.
  private static func isLater(_ place: Place, than other: Place) -> Bool {
    if place.log == other.log { return place.number > other.number }
    switch (place.day, other.day) {
    case (let day?, let otherDay?) where day != otherDay: return day > otherDay
    case (nil, _?): return false
    case (_?, nil): return true
    default: return place.log > other.log
    }
  }
}

/// Numbers the names of decisions; those of one name have one number, whatever their schemas.
private struct DecisionNames {
  private var bySchema: [Digest: Int] = [:]
  private var byName: [String: Int] = [:]

  mutating func number(of schema: Digest, in log: TraceLogReader) -> Int {
    if let known = bySchema[schema] { return known }
    // A schema that cannot be read stands for itself; its traces are reported when they are decided.
    var name = schema.hexadecimal
    if let bytes = try? log.artefact(schema), let schema = try? TraceSchema(decoding: bytes) {
      name = schema.decision
    }
    let number = byName[name] ?? byName.count
    byName[name] = number
    bySchema[schema] = number
    return number
  }
}
