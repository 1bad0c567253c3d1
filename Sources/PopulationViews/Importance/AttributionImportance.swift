/// What each field of a model contributes over many rows: the global view of attributions.
///
/// Takes one row at a time and keeps sums alone: memory is O(fields), whatever the number of rows.
package struct AttributionImportance: Sendable {
  /// One field over all rows that were attributed.
  package struct Field: Sendable, Hashable {
    package var name: String
    /// The mean of the attributions' magnitudes, in the units of the raw score.
    package var meanMagnitude: Double
    /// The mean of the attributions with their signs: near 0 where the rows are like the background.
    package var mean: Double
    /// ``meanMagnitude`` as a share of that of all fields; nil where all are 0.
    package var share: Double?
  }

  private let names: [String]
  private var magnitudes: [CompensatedSum]
  private var sums: [CompensatedSum]
  /// Rows that were attributed.
  package private(set) var rowCount = 0

  package init(fields: [String]) {
    names = fields
    magnitudes = Array(repeating: CompensatedSum(), count: fields.count)
    sums = magnitudes
  }

  /// Takes a row's attributions, one for each field, in the order of the fields.
  package mutating func add(_ attributions: some Collection<Double>) {
    precondition(attributions.count == names.count, "a row has one attribution a field")
    for (field, value) in attributions.enumerated() {
      magnitudes[field].add(value.magnitude)
      sums[field].add(value)
    }
    rowCount += 1
  }

  /// The fields by falling mean magnitude; ties stand as the model lists them.
  package var fields: [Field] {
    guard rowCount > 0 else { return [] }
    let count = Double(rowCount)
    var total = CompensatedSum()
    for sum in magnitudes { total.add(sum.value) }
    let whole = total.value
    let fields = names.indices.map { place in
      Field(
        name: names[place], meanMagnitude: magnitudes[place].value / count,
        mean: sums[place].value / count,
        share: whole > 0 ? magnitudes[place].value / whole : nil)
    }
    return fields.enumerated().sorted { left, right in
      left.element.meanMagnitude != right.element.meanMagnitude
        ? left.element.meanMagnitude > right.element.meanMagnitude : left.offset < right.offset
    }.map(\.element)
  }
}
