import DataFields
import Decisions
import PMML
import RuleLanguage
import ThresholdCells

/// The least and the greatest value of a model's slot while one fact lies in a cell, of a slot that
/// moves one way with it: the model is asked at the cell's ends.
struct SlotEnds {
  private let loaded: LoadedModel
  private let factOfFeed: [Int?]
  private let axes: [FactAxis]
  private let row: RuleRow
  private var space: ScoringWorkspace

  init(_ loaded: LoadedModel, factOfFeed: [Int?], axes: [FactAxis], row: RuleRow) {
    self.loaded = loaded
    self.factOfFeed = factOfFeed
    self.axes = axes
    self.row = row
    space = loaded.model.makeWorkspace()
  }

  /// One interval for each cell of the fact; everything where the model refuses an end.
  ///
  /// - Returns: nil where the input is fed by no fact that is followed.
  mutating func intervals(
    of slot: Int, input: Int
  ) -> (fact: Int, cells: [(lower: Double, upper: Double)])? {
    guard
      let feed = loaded.feeds.firstIndex(where: {
        loaded.model.activeInputs[$0.input] == input
      }), let fact = factOfFeed[feed], let axis = axes[fact].axis
    else { return nil }
    let digits: Int
    switch loaded.feeds[feed].crossing {
    case .double(let count), .float(let count): digits = count
    case .score, .text: return nil
    }
    guard let power = ExactArithmetic.powerOfTen(digits) else { return nil }
    let isFloat = loaded.model.program.units.contains(where: \.isFloat)
    var cells: [(lower: Double, upper: Double)] = []
    for cell in axis.cells.indices {
      let places = axes[fact].ends(cell, axis)
      let ends = [
        value(of: slot, feed, at: places.lower, power, open: -.infinity),
        value(of: slot, feed, at: places.upper, power, open: .infinity),
      ]
      guard !ends.contains(where: \.isNaN) else {
        cells.append((-.infinity, .infinity))
        continue
      }
      // Beyond any rounding on the way into the model and in it.
      let slack = (isFloat ? 0x1p-20 : 1e-12) * (1 + max(ends[0].magnitude, ends[1].magnitude))
      let (low, high) = (min(ends[0], ends[1]), max(ends[0], ends[1]))
      cells.append((low.isFinite ? low - slack : low, high.isFinite ? high + slack : high))
    }
    return (fact, cells)
  }

  private mutating func value(
    of slot: Int, _ feed: Int, at place: Quotient?, _ power: Int128, open: Double
  ) -> Double {
    let end = place.flatMap { $0.divided(by: Quotient(power)) }?.nearestDouble ?? open
    loaded.model.clear(&space)
    for other in loaded.feeds {
      if let number = other.number(row) {
        loaded.model.set(number: number, input: other.input, in: &space)
      }
    }
    loaded.model.set(number: end, input: loaded.feeds[feed].input, in: &space)
    return loaded.model.score(&space) ? space.slots[slot] : .nan
  }
}
