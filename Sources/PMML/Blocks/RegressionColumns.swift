internal import DataFields
internal import DenseKernels

/// The sums of a regression's tables as a block of rows takes them, in the order of
/// ``RegressionPlan/sum(_:_:isFloat:)``.
struct RegressionColumns: Sendable {
  struct Table: Sendable {
    /// The intercept and the numbers up to the first that is raised to a power.
    var products: DenseLayer
    /// The numbers from there on.
    var powers: [RegressionPlan.Numeric]
    var lookUps: [LookUp]
    var terms: [RegressionPlan.Term]
  }

  /// Categories of one field side by side in the table: a row has one of them at most, so that a
  /// single look takes the place of all. What is not there adds -0, which leaves every sum as it is.
  struct LookUp: Sendable {
    var slot: Int
    var base: Double
    var entries: [Double]
  }

  let tables: [Table]
  /// Whether each class has the sum of one table.
  let isOneToOne: Bool

  /// How many entries a look-up has at most for each category, and how many more.
  private static let spread = (factor: 8.0, more: 256.0)

  init(_ plan: RegressionPlan, classCount: Int) {
    tables = plan.tables.map { table in
      let plain = table.numeric.prefix { $0.exponent == 1 }
      return Table(
        products: DenseLayer(
          .products, sources: plain.map { Int32($0.slot) }, weights: plain.map(\.coefficient),
          outputCount: 1, biases: [table.intercept]),
        powers: Array(table.numeric.dropFirst(plain.count)),
        lookUps: Self.lookUps(table.categorical), terms: table.terms)
    }
    isOneToOne =
      plan.tables.count == classCount && Set(plan.tables.map(\.position)).count == classCount
  }

  private static func lookUps(_ categories: [RegressionPlan.Categorical]) -> [LookUp] {
    var lookUps: [LookUp] = []
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
  ) -> LookUp {
    // A category by itself that is no whole number has no entries: it is compared.
    guard isWhole(least) else {
      return LookUp(slot: slot, base: least, entries: categories.map(\.coefficient))
    }
    var entries = [Double](repeating: -0.0, count: Int(greatest - least) + 2)
    for category in categories { entries[Int(category.value - least)] = category.coefficient }
    return LookUp(slot: slot, base: least, entries: entries)
  }

  /// A table's sum for all rows.
  func sum(_ place: Int, _ space: BlockWorkspace, into sums: UnsafeMutablePointer<Double>) {
    let rows = BlockWorkspace.rowCount
    let table = tables[place]
    DenseKernel.fastest.block(table.products, space.slots, into: sums)
    for predictor in table.powers {
      let values = space.slots + predictor.slot * rows
      for row in 0..<rows {
        let product =
          predictor.coefficient * RegressionPlan.power(values[row], predictor.exponent)
        sums[row] += product
      }
    }
    for lookUp in table.lookUps {
      let values = space.slots + lookUp.slot * rows
      if lookUp.entries.count == 1 {
        for row in 0..<rows where values[row] == lookUp.base { sums[row] += lookUp.entries[0] }
        continue
      }
      lookUp.entries.withUnsafeBufferPointer {
        DenseKernel.fastest.lookUp(values, base: lookUp.base, $0, addingTo: sums)
      }
    }
    for term in table.terms {
      for row in 0..<rows {
        var product = term.coefficient
        for slot in term.slots { product *= space.slots[slot * rows + row] }
        sums[row] += product
      }
    }
  }
}
