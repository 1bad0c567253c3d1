extension CompiledModel {
  /// The trees of the model's parts, in the order of the document.
  package var treePlans: [TreePlan] {
    program.units.compactMap { unit in
      switch unit.content {
      case .tree(let plan): plan
      case .forest(let forest): forest.trees
      default: nil
      }
    }
  }
}
