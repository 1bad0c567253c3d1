internal import DataFields
internal import RuleLanguage
internal import SourceDiagnostics
internal import TabularIO

/// How the columns of a file of rows supply inputs and lets.
///
/// An input's field is named by its column (`SIZE`) or in full (`enterprise.employees`), a let by
/// its name. Decisions are made that rest on anything that is supplied beside keys.
struct SuppliedRows: Sendable {
  struct Field: Sendable {
    var plan: FieldPlan
    var column: Int
    var isKey: Bool
  }

  struct Supplied: Sendable {
    var name: String
    var slot: Int
    var column: Int
    var lowerBound: Quotient?
    var upperBound: Quotient?
  }

  /// Columns that no ruleset reads, by name.
  private(set) var unusedColumns: [String] = []
  private(set) var fields: [Field] = []
  private(set) var lets: [Supplied] = []
  /// The column that names the subject.
  private(set) var subjectColumn = 0
  private(set) var decisions: [Int] = []
  private(set) var steps: [Int] = []
  /// Of decisions of one name the one of the newest ruleset: what rows without a day are for.
  private(set) var newestDecisions: [Int] = []

  init(_ columns: [String], _ program: Program, name: String) throws(DiagnosticsError) {
    func column(_ names: [String]) -> Int? {
      for name in names {
        if let found = columns.firstIndex(of: name) { return found }
      }
      return nil
    }
    var subject: Int?
    var missingKeys: [String] = []
    for input in program.inputs {
      for (index, plan) in input.fields.enumerated() {
        let isKey = index == input.key
        if let found = column(["\(input.name).\(plan.name)", plan.column]) {
          fields.append(Field(plan: plan, column: found, isKey: isKey))
          if isKey { subject = subject ?? found }
        } else if isKey {
          missingKeys.append(plan.column)
        }
      }
    }
    for plan in program.lets {
      if let found = column([plan.name]) {
        lets.append(
          Supplied(
            name: plan.name, slot: plan.slot, column: found, lowerBound: plan.lowerBound,
            upperBound: plan.upperBound))
      }
    }
    let used = Set(fields.map(\.column) + lets.map(\.column))
    unusedColumns = columns.indices.filter { !used.contains($0) }.map { columns[$0] }
    guard let subject else {
      var fault = Diagnostic(
        code: "I4", message: "no column of the rows names the subject", file: name,
        notes: ["the key is \(missingKeys.map { "`\($0)`" }.joined(separator: " or "))"])
      for key in missingKeys {
        if let near = NearMiss.suggestion(for: key, among: columns) {
          fault.help.append("did you mean `\(near)`?")
        }
      }
      throw DiagnosticsError(fault)
    }
    subjectColumn = subject
    let supplied = Set(fields.filter { !$0.isKey }.map(\.plan.slot) + lets.map(\.slot))
    decisions = program.decisions.indices.filter { index in
      program.decisions[index].evidence.contains { supplied.contains($0) }
    }
    if decisions.isEmpty {
      throw DiagnosticsError(
        Diagnostic(
          code: "I4", message: "the rows supply nothing that a decision rests on", file: name,
          notes: ["its columns are \(columns.map { "`\($0)`" }.joined(separator: ", "))"]))
    }
    try WindowRefusal.check(program, decisions: decisions, supplied: supplied, rows: name)
    newestDecisions = decisions.filter { index in
      func age(_ decision: Int) -> (Int32, Int) {
        let ruleset = program.rulesets[program.decisions[decision].ruleset]
        return (ruleset.effectiveFrom?.daysSinceEpoch ?? .min, ruleset.version)
      }
      return decisions.allSatisfy { other in
        program.decisions[other].name != program.decisions[index].name || age(other) <= age(index)
      }
    }
    steps = Set(decisions.flatMap { program.decisions[$0].steps }).sorted()
  }
}

extension DecisionLane {
  /// Decides on a row of supplied values. Nothing of it is added to the subject's aggregates.
  func takeRow(
    _ reader: RecordReader, _ plan: SuppliedRows, _ origin: RecordOrigin, asOf: CalendarDate?,
    emit: Emit
  ) throws(IngestError) {
    if let fault = readRow(reader, plan) {
      counts.deadLetters += 1
      return try bury(reader, origin, fault)
    }
    let place = addSubject(forText: reader.field(plan.subjectColumn).bytes)
    runSteps(plan.steps, asOf: asOf)
    let (made, decided) = try finish(
      asOf == nil ? plan.newestDecisions : plan.decisions, place: place, asOf: asOf,
      record: reader.recordNumber,
      element: reader.elementIndex, origin, emit: emit)
    counts.decisions += made
    if made == 0 {
      counts.filteredNotInEffect += 1
    } else if decided > 0 {
      counts.decided += 1
    } else {
      counts.refused += 1
    }
  }

  private func readRow(_ reader: RecordReader, _ plan: SuppliedRows) -> FieldFault? {
    clearRow()
    for field in plan.fields {
      let given = reader.field(field.column)
      let result = readInput(field.plan, given)
      let fault = field.plan.fault(
        result, given, column: field.column, isRequired: field.isKey)
      if let fault { return fault }
    }
    for supplied in plan.lets {
      let given = reader.field(supplied.column)
      // An empty let is one that was not supplied: it stays missing.
      if given.bytes.isEmpty { continue }
      if let reason = readSupplied(given.bytes.span, slot: supplied.slot) {
        return FieldFault(
          column: supplied.column, code: "invalid-value",
          reason: "\(supplied.name): `\(given.text.prefix(80))` \(reason)")
      }
      refuse(supplied.slot, below: supplied.lowerBound, above: supplied.upperBound)
    }
    return nil
  }
}
