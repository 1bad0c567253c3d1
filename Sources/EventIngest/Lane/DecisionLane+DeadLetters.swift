internal import DataFields
internal import Decisions
internal import FileIO
internal import RuleLanguage
internal import StreamFeatures
internal import TabularIO

// Records that cannot be used: what is wrong with each, and where that is written down.
extension DecisionLane {
  /// What a conversion that failed says of a record.
  func fault(
    _ failure: RateConversions.Failure, _ plan: EventPlan, _ reading: SourcePlan.Reading
  ) -> FieldFault {
    func column(ofSlot slot: Int?) -> Int {
      let field = plan.fields.firstIndex { $0.slot == slot } ?? plan.key
      return reading.columns[field]
    }
    let conversion = plan.conversions.first
    switch failure {
    case .unknownCurrency(let code):
      return FieldFault(
        column: column(ofSlot: conversion?.currencySlot), code: "unknown-currency",
        reason: "no rates for the currency `\(engine.texts.text(code))`")
    case .noRate(let code, let day, let latest):
      let before = latest.map { "; the last one before is of \($0)" } ?? ""
      return FieldFault(
        column: column(ofSlot: conversion?.dateSlot), code: "no-rate",
        reason: "no rate for `\(engine.texts.text(code))` on \(day)\(before)")
    case .overflow:
      return FieldFault(
        column: column(ofSlot: conversion?.amountSlot), code: "overflow",
        reason: conversion == nil
          ? "what is computed from it is too large" : "the amount is too large to convert")
    }
  }

  func bury(
    _ reader: RecordReader, _ origin: RecordOrigin, _ fault: FieldFault
  ) throws(IngestError) {
    let (position, raw, length) = reader.valueFault(field: fault.column)
    try write(
      DeadLetter(
        source: origin.source, file: origin.file, record: reader.recordNumber,
        element: reader.elementIndex, position: position, field: reader.columns[fault.column],
        code: fault.code, reason: fault.reason, raw: raw, rawLength: length))
  }

  func bury(_ fault: RecordFault, _ origin: RecordOrigin) throws(IngestError) {
    try write(DeadLetter(source: origin.source, file: origin.file, fault: fault))
  }

  func write(_ letter: DeadLetter) throws(IngestError) {
    do { try letters?.write(letter) } catch { throw .file(error) }
    onDeadLetter?(letter)
  }
}
