internal import DataFields

/// What the rows of a group come to together.
struct Aggregate: Sendable {
  enum Function: String, Sendable, CaseIterable { case count, sum, average, min, max, multiset }

  var field: String
  var function: Function
  var groupField: String?
}

struct AggregatePlan: Sendable {
  var field: KeptField
  var function: Aggregate.Function
  /// By position among the program's inputs; -1 where all rows are one group.
  var groupInput: Int
  var line: Int
}

/// An aggregate of the rows so far.
///
/// "This corresponds to the conventional aggregation in SQL with a GROUP BY clause": missing values
/// are left out, and of none at all only the count and the multiset have a result.
struct Accumulator: Sendable {
  private var count = 0
  private var sum = 0.0
  private var least = Double.infinity
  private var greatest = -Double.infinity
  private var values: [KeptValue] = []

  mutating func add(_ value: KeptValue, _ plan: AggregatePlan) {
    if value == .missing { return }
    count += 1
    if plan.function == .multiset { values.append(value) }
    guard let number = value.number else { return }
    sum += number
    least = min(least, number)
    greatest = max(greatest, number)
  }

  func value(_ plan: AggregatePlan, _ texts: inout TextInterner) -> Double {
    switch plan.function {
    case .count: return Double(count)
    case .multiset:
      // In the order of the rows.
      let list = values.map { value in
        ExpressionTable.text(value.value(&texts), plan.field.dataType, texts)
      }
      return Double(
        texts.intern(JSONText.list(list, isText: plan.field.dataType == .string)))
    default: break
    }
    guard count > 0 else { return .nan }
    switch plan.function {
    case .sum: return sum
    case .average: return sum / Double(count)
    case .min: return least
    default: return greatest
    }
  }
}
