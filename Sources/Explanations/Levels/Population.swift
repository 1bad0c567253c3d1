package import DataFields
import Decisions
import FileIO
import RuleLanguage
package import SourceDiagnostics
import TabularIO

/// Rows of other subjects, against which a decision is explained: what is usual, and what is not.
package struct Population: Sendable {
  /// For each row that could be decided, the value of each of the case's facts; nil where it is
  /// missing.
  package let rows: [[Quotient?]]
  /// What the decision comes to on each row.
  package let results: [CaseResult]
  /// Rows that were left out: unreadable, or without a decision.
  package let leftOut: Int
  /// The file's name.
  package let name: String

  /// Rows that are read at most; a population of more is known well enough by these.
  package static let rowLimit = 1_000_000

  /// Reads the rows of a file: an input's field by its column (`SIZE`) or in full
  /// (`enterprise.employees`), a let by its name.
  ///
  /// - Throws: `DiagnosticsError` where the file cannot be read or supplies no fact of the case.
  /// - Complexity: O(rows), a decision each.
  package init(
    _ path: String, for decided: DecidedCase
  ) throws(DiagnosticsError) {
    let reader: RecordReader
    do { reader = try RecordReader(path: path, columns: .all) } catch {
      throw error
    }
    let fields = decided.facts.map { PopulationField($0, decided, columns: reader.columns) }
    guard fields.contains(where: { $0.column != nil && !$0.isKey }) else {
      throw DiagnosticsError(
        Diagnostic(
          code: "I4", message: "the rows supply nothing that the decision rests on", file: path,
          notes: [
            "it rests on "
              + decided.facts.filter { !$0.isKey }.map { "`\($0.name)`" }.joined(separator: ", ")
          ]))
    }
    var evaluator = decided.makeEvaluator()
    var row = decided.engine.workspace.row
    var texts = decided.engine.texts
    var rows: [[Quotient?]] = []
    var results: [CaseResult] = []
    var leftOut = 0
    reading: while rows.count < Self.rowLimit {
      let step: RecordReader.Step
      do { step = try reader.next() } catch { throw DiagnosticsError(error.diagnostic) }
      switch step {
      case .atEnd, .stopped: break reading
      case .fault:
        leftOut += 1
        continue
      case .record: break
      }
      var values: [Quotient?] = []
      for field in fields {
        guard let column = field.column else {
          values.append(nil)
          continue
        }
        let given = reader.field(column)
        guard let value = field.read(given.bytes.span, into: &row, &texts, decided.program.scales)
        else {
          leftOut += 1
          continue reading
        }
        values.append(field.known(value, decided))
      }
      let result = evaluator.result(
        of: values.enumerated().map { FactChange(fact: $0.offset, value: $0.element) })
      guard result.isDecided else {
        leftOut += 1
        continue
      }
      rows.append(values)
      results.append(result)
    }
    self.rows = rows
    self.results = results
    self.leftOut = leftOut
    name = path
  }

  /// Rows that are there already.
  package init(rows: [[Quotient?]], for decided: DecidedCase, name: String = "rows") {
    var evaluator = decided.makeEvaluator()
    var kept: [[Quotient?]] = []
    var results: [CaseResult] = []
    for values in rows {
      let result = evaluator.result(
        of: values.enumerated().map { FactChange(fact: $0.offset, value: $0.element) })
      guard result.isDecided else { continue }
      kept.append(values)
      results.append(result)
    }
    leftOut = rows.count - kept.count
    self.rows = kept
    self.results = results
    self.name = name
  }

  package var count: Int { rows.count }

  /// The share of rows that end as the case does.
  package func share(of result: CaseResult) -> Double {
    var count = 0
    for other in results where other == result { count += 1 }
    return rows.isEmpty ? .nan : Double(count) / Double(rows.count)
  }

  /// The share of rows with a smaller value of a fact; nil where no row has one.
  package func percentile(of value: Quotient, fact index: Int, _ fact: Fact) -> Double? {
    var below = 0
    var known = 0
    let place = fact.axisPlace(value)
    for row in rows {
      guard let other = row[index] else { continue }
      known += 1
      if fact.axisPlace(other) < place { below += 1 }
    }
    return known == 0 ? nil : Double(below) / Double(known)
  }

  /// What counts as a distance of 1 for each fact: from its 10th to its 90th percentile.
  ///
  /// - Complexity: O(facts x rows log rows).
  package func spreads(_ facts: [Fact]) -> [Double?] {
    facts.indices.map { index in
      guard facts[index].isOrdered else { return nil }
      let values = rows.compactMap { $0[index].map { facts[index].number($0) } }.sorted()
      guard let last = values.indices.last else { return nil }
      let spread = values[last * 9 / 10] - values[last / 10]
      return spread > 0 && spread.isFinite ? spread : nil
    }
  }
}

extension Fact {
  /// A value of the fact as a double, in the words of its slot.
  func number(_ value: Quotient) -> Double {
    if case .double = type {
      return Double(bitPattern: UInt64(truncatingIfNeeded: value.numerator))
    }
    return value.nearestDouble
  }
}

/// How a column supplies one fact.
private struct PopulationField {
  let column: Int?
  let isKey: Bool
  private let fact: Fact
  private let plan: FieldPlan?

  init(_ fact: Fact, _ decided: DecidedCase, columns: [String]) {
    self.fact = fact
    plan = decided.origins.field(at: fact.slot)
    isKey = fact.isKey
    let names = [fact.name] + (plan.map { [$0.column] } ?? [])
    column = names.lazy.compactMap { columns.firstIndex(of: $0) }.first
  }

  /// The value as the case's engine knows it: a text that neither rules nor models name is like any
  /// other such text.
  func known(_ value: Quotient?, _ decided: DecidedCase) -> Quotient? {
    guard case .text = fact.type, let value,
      value.numerator >= Int128(decided.engine.texts.count)
    else { return value }
    return Quotient(Int128(decided.otherCode))
  }

  /// The value, with nil in it where it is missing; nil where the text is no value of the fact.
  func read(
    _ bytes: Span<UInt8>, into row: inout RuleRow, _ texts: inout TextInterner,
    _ scales: [RankScale]
  ) -> Quotient?? {
    if let plan {
      switch plan.read(bytes, into: &row, texts: &texts, scales: scales) {
      case .present: return .some(row.quotient(fact.slot))
      case .missing: return .some(nil)
      case .outOfRange, .fault: return nil
      }
    }
    if bytes.isEmpty { return .some(nil) }
    do throws(ValueFault) {
      try fact.type.read(
        bytes, into: fact.slot, of: &row, texts: &texts, scales: scales, origin: .supplied)
    } catch { return nil }
    return .some(row.quotient(fact.slot))
  }
}
