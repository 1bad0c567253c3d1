internal import DataFields

/// The class labels that trees name, in document order: a node's distributions, then its score.
struct TreeLabels {
  private var texts = TextInterner()

  init(_ models: [TreeModel]) {
    for model in models {
      let distributions = model.distributions
      for place in model.nodes.indices {
        let node = model.nodes[place]
        for listed in node.distributions { add(distributions[listed].value, model) }
        if !node.score.isAbsent { add(node.score, model) }
      }
    }
  }

  private mutating func add(_ place: TextPool.Place, _ model: TreeModel) {
    _ = model.texts.withBytes(place) { texts.intern($0) }
  }

  var count: Int { texts.count }
  /// Each once.
  var all: [String] { (0..<count).map { text($0) } }

  func text(_ number: Int) -> String { texts.text(Int32(number)) }

  /// The number of a label; nil for a text that no node names.
  func number(of place: TextPool.Place, _ model: TreeModel) -> Int? {
    model.texts.withBytes(place) { texts.code(of: $0) }.map { Int($0) }
  }
}
