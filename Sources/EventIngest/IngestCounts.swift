/// How the records of a run ended. Every record of an event source or of rows ends as exactly one
/// of them.
public struct IngestCounts: Sendable, Hashable {
  /// Records on which at least one decision was made.
  public var decided = 0
  /// Records whose every decision was refused, for want of a value.
  public var refused = 0
  /// Records about subjects that no input knows.
  public var filteredUnknownSubject = 0
  /// Records that fed the state while no ruleset was in effect.
  public var filteredNotInEffect = 0
  /// Records that came too late for their window.
  public var late = 0
  /// Records that could not be used.
  public var deadLetters = 0
  /// Records of static inputs that were loaded, and those that could not be used.
  public var inputRecords = 0
  public var inputDeadLetters = 0
  /// Decisions made, several of which may be on one record.
  public var decisions = 0

  public init() {}

  /// Records of events and rows.
  public var records: Int {
    decided + refused + filteredUnknownSubject + filteredNotInEffect + late + deadLetters
  }

  var all: [Int] {
    [
      decided, refused, filteredUnknownSubject, filteredNotInEffect, late, deadLetters, decisions,
    ]
  }

  init(_ all: [Int]) {
    guard all.count == 7 else { return }
    (decided, refused, filteredUnknownSubject) = (all[0], all[1], all[2])
    (filteredNotInEffect, late, deadLetters, decisions) = (all[3], all[4], all[5], all[6])
  }

  /// What two lanes have counted.
  public static func + (left: IngestCounts, right: IngestCounts) -> IngestCounts {
    var sum = IngestCounts(zip(left.all, right.all).map { $0 + $1 })
    sum.inputRecords = left.inputRecords + right.inputRecords
    sum.inputDeadLetters = left.inputDeadLetters + right.inputDeadLetters
    return sum
  }

  /// The change since an earlier count.
  public static func - (left: IngestCounts, right: IngestCounts) -> IngestCounts {
    var difference = IngestCounts(zip(left.all, right.all).map { $0 - $1 })
    difference.inputRecords = left.inputRecords - right.inputRecords
    difference.inputDeadLetters = left.inputDeadLetters - right.inputDeadLetters
    return difference
  }
}
