internal import DataFields
internal import FileIO
internal import RuleLanguage
internal import SourceDiagnostics
internal import TabularIO

/// One file or pipe of events: its reader, and the time of the record in hand.
final class EventInput {
  let plan: SourcePlan
  let origin: RecordOrigin
  let reader: RecordReader
  /// What the reader stands on; nil before the first record.
  private(set) var step = RecordReader.Step.atEnd
  /// The day of the record in hand; the earliest of all where it has none, so that it does not
  /// wait for others.
  private(set) var day = Int32.min
  /// Whether some of the objects of the record in hand were taken, and not yet all.
  var isWithinRecord = false
  private let timeColumn: Int?

  init(plan: SourcePlan, origin: RecordOrigin, reader: RecordReader, program: Program) {
    self.plan = plan
    self.origin = origin
    self.reader = reader
    timeColumn =
      plan.events.compactMap { reading -> Int? in
        let event = program.events[reading.index]
        guard let time = event.time, case .date = event.fields[time].type else { return nil }
        return reading.columns[time]
      }.first
  }

  /// Goes to the next record.
  ///
  /// - Parameter readsTime: whether its day is wanted: there are other inputs to merge with.
  func advance(readsTime: Bool) throws(FileError) {
    step = try reader.next()
    day = .min
    guard readsTime, step == .record, let timeColumn else { return }
    if let date = try? CalendarDate(parsing: reader.field(timeColumn).bytes.span) {
      day = date.daysSinceEpoch
    }
  }
}
