import Attribution
import DataFields
import Decisions
import PMML
import RuleLanguage
import ThresholdCells
import TreeEnsembles

/// The bounds of one result of a model over boxes of cells.
struct CellScore: Sendable {
  /// A part of the raw score that rests on one fact.
  private struct Term: Sendable {
    var fact: Int
    /// The least and the greatest number on each cell, the coefficient in it.
    var lower: [Double]
    var upper: [Double]
  }

  private let constant: Double
  private let forests: [CellForest]
  private let terms: [Term]
  private let link: Link
  private let refused: [[Bool]]
  /// One rounding, relative to what is rounded.
  private let rounding: Double

  private enum Link: Sendable {
    case none, logistic
  }

  /// The result has a form whose bounds are found part by part; nil if not.
  ///
  /// - Parameter probe: what the model makes of a fact in a cell.
  init?(
    _ loaded: LoadedModel, _ result: ModelResult, factOfFeed: [Int?], cuts: ModelCuts,
    axes: [FactAxis], row: RuleRow, probe: ModelProbe
  ) {
    guard let form = try? AdditiveForm(loaded.model.program, result), form.kernels.isEmpty,
      form.trees.allSatisfy({ Self.isBounded($0) })
    else { return nil }
    switch form.link {
    case nil: link = .none
    case "logit": link = .logistic
    default: return nil
    }
    constant = form.constant
    refused = probe.refusedCells
    rounding = loaded.model.program.units.contains(where: \.isFloat) ? 0x1p-23 : 0x1p-52
    let counts = axes.map(\.cellCount)
    // An input's fact is followed where the model does nothing with it but compare it.
    func fact(_ slot: Int) -> Int? {
      guard case .input(let input) = form.origins[slot],
        let place = loaded.feeds.firstIndex(where: {
          loaded.model.activeInputs[$0.input] == input
        }), cuts.ofFeeds[place].isComplete
      else { return nil }
      return factOfFeed[place]
    }
    var forests: [CellForest] = []
    for part in form.trees {
      let probed = probe.features(part.plan)
      forests.append(
        CellForest(
          part, factOfFeature: part.plan.featureSlots.map { fact($0) },
          cellCounts: counts, features: { probed[$0][$1] }))
    }
    self.forests = forests
    let inputs = loaded.model.program.monotoneInputs(
      of: form.terms.map { $0.factors.first?.slot ?? -1 })
    var ends = SlotEnds(loaded, factOfFeed: factOfFeed, axes: axes, row: row)
    var terms: [Term] = []
    for (term, input) in zip(form.terms, inputs) {
      guard term.factors.count == 1, let factor = term.factors.first else { return nil }
      switch factor {
      case .power(let slot, 1):
        guard let input, let found = ends.intervals(of: slot, input: input) else { return nil }
        let products = found.cells.map { cell -> [Double] in
          term.coefficient == 0
            ? [0, 0] : [term.coefficient * cell.lower, term.coefficient * cell.upper]
        }
        terms.append(
          Term(
            fact: found.fact, lower: products.map { min($0[0], $0[1]) },
            upper: products.map { max($0[0], $0[1]) }))
      case .indicator(let slot, let value):
        guard let fact = fact(slot) else { return nil }
        let values = (0..<counts[fact]).map { cell in
          probe.slot(slot, fact: fact, cell: cell) == value ? term.coefficient : 0
        }
        terms.append(Term(fact: fact, lower: values, upper: values))
      default: return nil
      }
    }
    self.terms = terms
  }

  /// Whether no tree is so large that following it would run deep.
  private static func isBounded(_ part: AdditiveForm.Trees) -> Bool {
    part.plan.ensemble.trees.allSatisfy { $0.nodes.count <= 16_384 }
  }

  /// The bounds of the result, and where a box is best parted.
  func bounds(_ box: CellBox) -> (bounds: NumberBounds, forest: Int, tree: Int) {
    var sum = NumberBounds(lower: constant, upper: constant)
    var magnitude = constant.magnitude
    var widest = (forest: -1, tree: 0, gap: -1.0)
    for (place, forest) in forests.enumerated() {
      let found = forest.bounds(box)
      sum.lower += found.bounds.lower
      sum.upper += found.bounds.upper
      sum.mayBeMissing = sum.mayBeMissing || found.bounds.mayBeMissing
      magnitude += max(found.bounds.lower.magnitude, found.bounds.upper.magnitude)
      let gap = found.bounds.upper - found.bounds.lower
      if gap > widest.gap { widest = (place, found.widest, gap) }
    }
    for term in terms {
      var low = Double.infinity
      var high = -Double.infinity
      for cell in box.ranges[term.fact] {
        low = min(low, term.lower[cell])
        high = max(high, term.upper[cell])
      }
      sum.lower += low
      sum.upper += high
      // An infinite end is beyond rounding.
      magnitude += max(low.isFinite ? low.magnitude : 0, high.isFinite ? high.magnitude : 0)
    }
    for (fact, range) in box.ranges.enumerated() where refused[fact][range].contains(true) {
      sum.mayBeMissing = true
    }
    // Each partial sum of the parts rounds once, in the model's own precision.
    sum = sum.widened(by: rounding * magnitude * Double(terms.count + forests.count + 2))
    return (linked(sum), widest.forest, widest.tree)
  }

  func split(_ box: CellBox, forest: Int, tree: Int) -> (fact: Int, cell: Int)? {
    forests.indices.contains(forest) ? forests[forest].split(tree, box) : nil
  }

  /// The raw score in each cell of two facts, the others in their own, row by row of the first; nearly,
  /// since sums are added in another order than the model's. NaN where there is none.
  func surface(_ first: Int, _ second: Int, own: [Int], _ rows: Int, _ columns: Int) -> [Double] {
    let stride = columns + 1
    var sums = [Double](repeating: 0, count: (rows + 1) * stride)
    for forest in forests {
      forest.addDifferences(
        first, first == second ? -1 : second, own: own, rows, columns, to: &sums)
    }
    for row in 0...rows {
      for column in 1..<stride { sums[row * stride + column] += sums[row * stride + column - 1] }
    }
    for row in 1..<(rows + 1) {
      for column in 0..<stride { sums[row * stride + column] += sums[(row - 1) * stride + column] }
    }
    var fixed = constant
    for term in terms where term.fact != first && (first == second || term.fact != second) {
      fixed += term.lower[own[term.fact]] / 2 + term.upper[own[term.fact]] / 2
    }
    var values = [Double](repeating: 0, count: rows * columns)
    var rowParts = [Double](repeating: fixed, count: rows)
    var columnParts = [Double](repeating: 0, count: columns)
    for term in terms {
      if term.fact == first {
        for row in 0..<rows { rowParts[row] += term.lower[row] / 2 + term.upper[row] / 2 }
      } else if term.fact == second {
        for column in 0..<columns {
          columnParts[column] += term.lower[column] / 2 + term.upper[column] / 2
        }
      }
    }
    let isRefused = refused.indices.contains {
      $0 != first && $0 != second && refused[$0][own[$0]]
    }
    for row in 0..<rows where isRefused || refused[first][row] { rowParts[row] = .nan }
    if first != second {
      for column in 0..<columns where refused[second][column] { columnParts[column] = .nan }
    }
    for row in 0..<rows {
      let part = rowParts[row]
      for column in 0..<columns {
        values[row * columns + column] = sums[row * stride + column] + part + columnParts[column]
      }
    }
    return values
  }

  /// The raw score at which the result has a value.
  func rawScore(at value: Double) -> Double {
    link == .logistic ? MathFunctions.ln(value / (1 - value)) : value
  }

  private func linked(_ raw: NumberBounds) -> NumberBounds {
    guard link == .logistic else { return raw }
    // The link is rounded, in single precision at worst.
    func probability(_ score: Double) -> Double { 1 / (1 + MathFunctions.exp(-score)) }
    return NumberBounds(
      lower: max(0, probability(raw.lower) - 0x1p-22),
      upper: min(1, probability(raw.upper) + 0x1p-22), mayBeMissing: raw.mayBeMissing)
  }
}
