import Attribution
import DataFields
import Decisions
import PMML
import RuleLanguage
import ThresholdCells

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

  private enum Link: Sendable {
    case none, logistic
  }

  /// The result has a form whose bounds are found part by part; nil if not.
  ///
  /// - Parameter probe: what the model makes of a fact in a cell.
  init?(
    _ loaded: LoadedModel, _ result: ModelResult, factOfFeed: [Int?], cuts: ModelCuts,
    axes: [FactAxis], facts: [Fact], probe: inout ModelProbe
  ) {
    guard let form = try? AdditiveForm(loaded.model.program, result) else { return nil }
    switch form.link {
    case nil: link = .none
    case "logit": link = .logistic
    default: return nil
    }
    constant = form.constant
    refused = probe.refusedCells
    let counts = axes.map(\.cellCount)
    // An input's fact is followed where the model does nothing with it but compare it.
    func fact(_ slot: Int, comparedOnly: Bool) -> Int? {
      guard case .input(let input) = form.origins[slot],
        let place = loaded.feeds.firstIndex(where: {
          loaded.model.activeInputs[$0.input] == input
        }), !comparedOnly || cuts.ofFeeds[place].isComplete
      else { return nil }
      return factOfFeed[place]
    }
    var forests: [CellForest] = []
    for part in form.trees {
      let probed = probe.features(part.plan, counts)
      forests.append(
        CellForest(
          part, factOfFeature: part.plan.featureSlots.map { fact($0, comparedOnly: true) },
          cellCounts: counts, features: { probed[$0][$1] }))
    }
    self.forests = forests
    var terms: [Term] = []
    for term in form.terms {
      guard term.factors.count == 1, let factor = term.factors.first else { return nil }
      switch factor {
      case .power(let slot, 1):
        guard let fact = fact(slot, comparedOnly: false), facts[fact].isOrdered,
          let made = Self.linear(
            term.coefficient, slot, fact, axes[fact], facts[fact], loaded, factOfFeed, &probe)
        else { return nil }
        terms.append(made)
      case .indicator(let slot, let value):
        guard let fact = fact(slot, comparedOnly: true) else { return nil }
        let values = (0..<counts[fact]).map { cell in
          probe.slot(slot, fact: fact, cell: cell) == value ? term.coefficient : 0
        }
        terms.append(Term(fact: fact, lower: values, upper: values))
      default: return nil
      }
    }
    self.terms = terms
  }

  /// A coefficient times a fact that crosses into the model as it is: it moves one way along the
  /// axis, so that the ends of a cell bound it.
  private static func linear(
    _ coefficient: Double, _ slot: Int, _ fact: Int, _ axis: FactAxis, _ declared: Fact,
    _ loaded: LoadedModel, _ factOfFeed: [Int?], _ probe: inout ModelProbe
  ) -> Term? {
    guard let cells = axis.axis, let feed = factOfFeed.firstIndex(of: fact) else { return nil }
    let digits: Int
    switch loaded.feeds[feed].crossing {
    case .double(let count), .float(let count): digits = count
    case .score, .text: return nil
    }
    guard let power = ExactArithmetic.powerOfTen(digits) else { return nil }
    func number(_ place: Quotient?, _ open: Double) -> Double {
      guard let place, let scaled = place.divided(by: Quotient(power)) else { return open }
      let value = scaled.nearestDouble
      // Outward, beyond any rounding on the way into the model.
      let slack = value.magnitude * 0x1p-22
      return open < 0 ? value - slack : value + slack
    }
    var lower: [Double] = []
    var upper: [Double] = []
    for cell in cells.cells.indices {
      let places = axis.ends(cell, cells)
      let low = number(places.lower, -.infinity)
      let high = number(places.upper, .infinity)
      let ends = coefficient == 0 ? [0, 0] : [coefficient * low, coefficient * high]
      lower.append(min(ends[0], ends[1]))
      upper.append(max(ends[0], ends[1]))
    }
    return Term(fact: fact, lower: lower, upper: upper)
  }

  /// The bounds of the result, and where a box is best parted.
  func bounds(_ box: CellBox) -> (bounds: NumberBounds, forest: Int, tree: Int) {
    var sum = NumberBounds(lower: constant, upper: constant)
    var widest = (forest: -1, tree: 0, gap: -1.0)
    for (place, forest) in forests.enumerated() {
      let found = forest.bounds(box)
      sum.lower += found.bounds.lower
      sum.upper += found.bounds.upper
      sum.mayBeMissing = sum.mayBeMissing || found.bounds.mayBeMissing
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
    }
    for (fact, range) in box.ranges.enumerated() where refused[fact][range].contains(true) {
      sum.mayBeMissing = true
    }
    let slack = 0x1p-48 * (sum.lower.magnitude + sum.upper.magnitude + constant.magnitude)
    if slack.isFinite { sum = sum.widened(by: slack) }
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
      lower: max(0, probability(raw.lower) * (1 - 0x1p-21)),
      upper: min(1, probability(raw.upper) * (1 + 0x1p-21)), mayBeMissing: raw.mayBeMissing)
  }
}
