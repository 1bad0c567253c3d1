internal import DataFields
internal import TreeEnsembles

extension ModelProgram {
  /// Whether record counts are all that path-dependent attributions of a result ask for.
  var takesCovers: Bool {
    if needsOtherRows != nil { return false }
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
    return trees.allSatisfy { part in
      let ensemble = part.plan.ensemble
      return ensemble.predicate.allSatisfy { predicate in
        let features = ensemble.predicates.features(of: Int(predicate))
        return Set(features.map { origins[part.plan.featureSlots[$0]] }).count <= 1
      }
    }
  }
}
