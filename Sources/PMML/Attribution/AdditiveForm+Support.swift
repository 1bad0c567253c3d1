internal import DataFields
internal import TreeEnsembles

extension ModelProgram {
  /// What attribution of the model's main results takes.
  var attributionSupport: ModelSignature.Attribution {
    let top = units[0]
    // A game of fields of one row says nothing of what the others do.
    if let reason = needsOtherRows { return .unsupported(reason) }
    // A text model names a document, whatever it says that it is for.
    let hasClasses = top.function == .classification && !top.classes.isEmpty
    let results: [ModelResult] =
      hasClasses
      ? top.classes.map { .probability($0.text) } : [.predictedValue]
    if top.function == .clustering, case .clustering = top.content {
      do throws(AdditiveForm.Refusal) {
        _ = try ClusterMargins(self)
        return .always
      } catch { return .unsupported(error.reason) }
    }
    var reason = "the model has no result"
    for result in results {
      do throws(AdditiveForm.Refusal) {
        return try AdditiveForm(self, result).support
      } catch { reason = error.reason }
    }
    let count = inputs.filter(\.isActive).count
    let isEnumerable = hasClasses || (top.function == .regression && !top.predictsText)
    if !isEnumerable { return .unsupported(reason) }
    return count <= AdditiveForm.enumerationLimit
      ? .needsBackground(reason + "; each coalition of its \(count) fields is scored")
      : .estimated(reason + ", and \(count) fields have too many coalitions to score each")
  }
}

extension AdditiveForm {
  /// The largest number of fields whose coalitions are all scored.
  package static let enumerationLimit = 12

  /// What exact attribution of the form takes.
  var support: ModelSignature.Attribution {
    if !terms.isEmpty || !kernels.isEmpty {
      return .needsBackground("the model does not say what its fields are on average")
    }
    for part in trees {
      let ensemble = part.plan.ensemble
      switch RoutingTable.recordCountFault(ensemble) {
      case nil: break
      case .absent: return .needsBackground("nodes have no recordCount")
      case .inconsistent, .emptyRoot:
        return .needsBackground("the recordCounts of nodes do not add up")
      }
      if restsOnSeveralFields(part) {
        return .needsBackground("a predicate rests on several fields")
      }
    }
    return .always
  }
}
