import DataFields
import Decisions
import PMML
import RuleLanguage

/// What a model's slots hold with one fact in each of its cells and the others as they are.
///
/// The model is asked itself, so that what it does to a field before it uses it is in.
struct ModelProbe {
  /// For each fact and cell, the model's slots.
  private let slots: [[[Double]]]

  /// - Parameter rows: the rule row for each fact and cell.
  init(_ loaded: LoadedModel, rows: [[RuleRow]], texts: TextInterner) {
    var space = loaded.model.makeWorkspace()
    slots = rows.map { cells in
      cells.map { row in
        loaded.model.clear(&space)
        for feed in loaded.feeds where row.isPresent(feed.slot) {
          if case .text = feed.crossing {
            loaded.model.set(
              text: texts.text(Int32(truncatingIfNeeded: row.value(feed.slot))), input: feed.input,
              in: &space)
          } else if let number = feed.number(row) {
            loaded.model.set(number: number, input: feed.input, in: &space)
          }
        }
        return loaded.model.score(&space) ? space.slots : []
      }
    }
  }

  /// The cells of each fact in which the model refuses the row.
  var refusedCells: [[Bool]] { slots.map { $0.map(\.isEmpty) } }

  func slot(_ slot: Int, fact: Int, cell: Int) -> Double {
    let values = slots[fact][cell]
    return values.indices.contains(slot) ? values[slot] : .nan
  }

  /// The features of trees for each fact and cell.
  func features(_ plan: TreePlan) -> [[[Double]]] {
    slots.map { cells in
      cells.map { values in
        var features = [Double](repeating: .nan, count: plan.featureSlots.count)
        if !values.isEmpty { plan.gather(values, into: &features) }
        return features
      }
    }
  }
}
