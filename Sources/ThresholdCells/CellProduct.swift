/// A set of combinations that is a product of sets: one set of cells for some of the axes, every
/// cell of the others.
package struct CellProduct: Sendable, Hashable {
  package struct Factor: Sendable, Hashable {
    package var axis: Int
    package var cells: CellRuns

    package init(axis: Int, cells: CellRuns) {
      self.axis = axis
      self.cells = cells
    }
  }

  /// By rising axis, none empty.
  package private(set) var factors: [Factor]

  /// Every combination.
  package init() { factors = [] }

  package init(axis: Int, _ cells: CellRuns) { factors = [Factor(axis: axis, cells: cells)] }

  /// - Parameter factors: at most one for each axis.
  package init(_ factors: [Factor]) { self.factors = factors.sorted { $0.axis < $1.axis } }

  package init(_ box: CellBox) {
    factors = box.ranges.enumerated().map { Factor(axis: $0.offset, cells: CellRuns([$0.element])) }
  }

  /// The combinations that lie in both; nil if there are none.
  package func intersection(_ other: CellProduct) -> CellProduct? {
    var common: [Factor] = []
    var (left, right) = (0, 0)
    while left < factors.count || right < other.factors.count {
      if right == other.factors.count
        || (left < factors.count && factors[left].axis < other.factors[right].axis)
      {
        common.append(factors[left])
        left += 1
      } else if left == factors.count || other.factors[right].axis < factors[left].axis {
        common.append(other.factors[right])
        right += 1
      } else {
        let cells = factors[left].cells.intersection(other.factors[right].cells)
        if cells.isEmpty { return nil }
        common.append(Factor(axis: factors[left].axis, cells: cells))
        left += 1
        right += 1
      }
    }
    var product = CellProduct()
    product.factors = common
    return product
  }

  /// What lies outside of another product, as disjoint products.
  ///
  /// - Parameter sizes: how many cells each axis has.
  package func parts(outside other: CellProduct, sizes: [Int]) -> [CellProduct] {
    var parts: [CellProduct] = []
    var rest = self
    for factor in other.factors {
      let others = factor.cells.complement(of: sizes[factor.axis])
      if let outside = others.isEmpty
        ? nil : rest.intersection(CellProduct(axis: factor.axis, others))
      {
        parts.append(outside)
      }
      guard let inside = rest.intersection(CellProduct(axis: factor.axis, factor.cells)) else {
        return parts
      }
      rest = inside
    }
    return parts
  }

  /// The cells of one axis; nil for all of them.
  package func cells(of axis: Int) -> CellRuns? {
    factors.first { $0.axis == axis }?.cells
  }
}
