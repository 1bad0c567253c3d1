internal import DataFields
internal import TreeEnsembles

extension ModelProgram {
  /// Whether record counts are all that path-dependent attributions of a result ask for.
  var takesCovers: Bool {
    if needsOtherRows != nil { return false }
    // Without trees there is no form to look at.
    guard units.contains(where: \.hasTrees) else { return false }
    let top = units[0]
    let results: [ModelResult] =
      top.function == .classification && !top.classes.isEmpty
      ? top.classes.map { .probability($0.text) } : [.predictedValue]
    return results.contains { result in
      guard let form = try? AdditiveForm(self, result) else { return false }
      return form.takesCovers
    }
  }
}

extension AdditiveForm {
  fileprivate var takesCovers: Bool {
    guard !trees.isEmpty, terms.isEmpty, kernels.isEmpty else { return false }
    return trees.allSatisfy { !restsOnSeveralFields($0) }
  }

  /// Whether a predicate of the trees looks at several inputs.
  func restsOnSeveralFields(_ part: Trees) -> Bool {
    let predicates = part.plan.ensemble.predicates
    // Any other predicate looks at one feature at most.
    guard predicates.hasCompound else { return false }
    return part.plan.ensemble.predicate.contains { predicate in
      let features = predicates.features(of: Int(predicate))
      return Set(features.map { origins[part.plan.featureSlots[$0]] }).count > 1
    }
  }
}

extension ModelUnit {
  fileprivate var hasTrees: Bool {
    switch content {
    case .tree, .forest: true
    default: false
    }
  }
}
