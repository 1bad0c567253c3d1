internal import DataFields
internal import FileIO
internal import RuleLanguage
internal import StreamFeatures
internal import TabularIO

// Events that come too late for a window of theirs. A late event touches no state and no decision is made
// on it: a window that was read without it is not read otherwise later.
extension DecisionLane {
  /// The time before which an event is late, if the record in hand is; nil if it is not.
  func watermark(passed plan: SourcePlan) -> Int64? {
    guard let latest = state.latest else { return nil }
    for reading in plan.events {
      guard case .ready = events[reading.index].outcome,
        let lateness = events[reading.index].lateness
      else { continue }
      let watermark = latest - lateness
      if events[reading.index].time < watermark { return watermark }
    }
    return nil
  }

  /// Writes a late event down, as it came.
  func writeLate(
    _ reader: RecordReader, _ plan: SourcePlan, _ origin: RecordOrigin, _ watermark: Int64
  ) throws(IngestError) {
    var column = 0
    for reading in plan.events {
      let event = events[reading.index].plan
      if let time = event.time { column = reading.columns[time] }
    }
    let (position, raw, length) = reader.valueFault(field: column)
    let day = CalendarDate(secondsSinceEpoch: watermark)
    let letter = DeadLetter(
      source: origin.source, file: origin.file, record: reader.recordNumber,
      element: reader.elementIndex, position: position, field: reader.columns[column],
      code: "late", reason: "events before \(day) are not waited for any more", raw: raw,
      rawLength: length)
    do { try lateEvents?.write(letter) } catch { throw .file(error) }
    onLate?(letter)
  }
}

/// How late events of a kind may be.
enum WindowLateness {
  /// The least that a window allows which these events go into, or which a decision reads that follows
  /// from them; nil if there is none.
  static func allowed(_ event: Int, in program: Program) -> Int64? {
    let plan = program.events[event]
    var windows = plan.aggregates.compactMap { program.aggregates[$0].window }
    for value in program.lets {
      guard let aggregate = value.aggregate, let window = program.aggregates[aggregate].window,
        plan.decisions.contains(where: { program.decisions[$0].evidence.contains(value.slot) })
      else { continue }
      windows.append(window)
    }
    return windows.map { Int64($0.lateness) }.min()
  }
}

extension CalendarDate {
  /// The day of a time, in UTC.
  init(secondsSinceEpoch seconds: Int64) {
    let (day, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
    self.init(daysSinceEpoch: Int32(truncatingIfNeeded: rest < 0 ? day - 1 : day))
  }
}
