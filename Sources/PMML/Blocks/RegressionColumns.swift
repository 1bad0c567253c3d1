internal import DataFields
internal import DenseKernels

/// The sum of a regression's table as vectors and tables of numbers: of a block of rows or of a single
/// one, in the order of ``RegressionPlan/sum(_:_:isFloat:)`` and with its bits.
final class RegressionColumns: Sendable {
  /// The intercept and the numbers up to the first that is raised to a power.
  private let products: DenseLayer
  private let numbers: [RegressionPlan.Numeric]
  private let intercept: Double
  /// The numbers from there on.
  private let powers: [RegressionPlan.Numeric]
  /// Categories of one field side by side in the table: a row has one of them at most, so that a
  /// single look takes the place of all. What is not there adds -0, which leaves every sum as it is.
  private let lookUps: LookUpTables
  private let terms: [RegressionPlan.Term]

  /// How many entries a look-up has at most for each category, and how many more.
  private static let spread = (factor: 8.0, more: 256.0)

  init(_ table: RegressionPlan.Table) {
    let plain = table.numeric.prefix { $0.exponent == 1 }
    numbers = Array(plain)
    intercept = table.intercept
    products = DenseLayer(
      .products, sources: plain.map { Int32($0.slot) }, weights: plain.map(\.coefficient),
      outputCount: 1, biases: [table.intercept])
    powers = Array(table.numeric.dropFirst(plain.count))
    lookUps = LookUpTables(Self.lookUps(table.categorical))
    terms = table.terms
  }

  private static func lookUps(_ categories: [RegressionPlan.Categorical]) -> [LookUpTables.Table] {
    var lookUps: [LookUpTables.Table] = []
    var first = 0
    while first < categories.count {
      var least = categories[first].value
      var greatest = least
      var values: Set<Double> = [least]
      var end = first + 1
      while end < categories.count, categories[end].slot == categories[first].slot {
        let value = categories[end].value
        let (low, high) = (min(least, value), max(greatest, value))
        guard isWhole(least), isWhole(value),
          high - low < spread.factor * Double(values.count) + spread.more,
          values.insert(value).inserted
        else { break }
        (least, greatest) = (low, high)
        end += 1
      }
      lookUps.append(
        lookUp(categories[first..<end], slot: categories[first].slot, least, greatest))
      first = end
    }
    return lookUps
  }

  /// Whether differences of such values are exact, and their sums with 1.5 * 2^52 too.
  private static func isWhole(_ value: Double) -> Bool {
    value.magnitude < 0x1p31 && value == value.rounded()
  }

  private static func lookUp(
    _ categories: ArraySlice<RegressionPlan.Categorical>, slot: Int, _ least: Double,
    _ greatest: Double
  ) -> LookUpTables.Table {
    // A category by itself that is no whole number is compared.
    guard isWhole(least) else {
      return LookUpTables.Table(column: slot, base: least, entries: categories.map(\.coefficient))
    }
    var entries = [Double](repeating: -0.0, count: Int(greatest - least) + 2)
    for category in categories { entries[Int(category.value - least)] = category.coefficient }
    return LookUpTables.Table(column: slot, base: least, entries: entries)
  }

  /// The sum of a single row.
  func sum(_ slots: UnsafePointer<Double>) -> Double {
    var sum = intercept
    for predictor in numbers {
      let product = predictor.coefficient * slots[predictor.slot]
      sum += product
    }
    for predictor in powers {
      let product =
        predictor.coefficient * RegressionPlan.power(slots[predictor.slot], predictor.exponent)
      sum += product
    }
    sum = lookUps.sum(sum, slots)
    for term in terms {
      var product = term.coefficient
      for slot in term.slots { product *= slots[slot] }
      sum += product
    }
    return sum
  }

  /// The sums of a block of rows, from the slots in columns.
  func sum(_ slots: UnsafePointer<Double>, into sums: UnsafeMutablePointer<Double>) {
    let rows = BlockWorkspace.rowCount
    DenseKernel.fastest.block(products, slots, into: sums)
    for predictor in powers {
      let values = slots + predictor.slot * rows
      for row in 0..<rows {
        let product =
          predictor.coefficient * RegressionPlan.power(values[row], predictor.exponent)
        sums[row] += product
      }
    }
    lookUps.add(slots, to: sums)
    for term in terms {
      for row in 0..<rows {
        var product = term.coefficient
        for slot in term.slots { product *= slots[slot * rows + row] }
        sums[row] += product
      }
    }
  }
}
