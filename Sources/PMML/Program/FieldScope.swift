internal import DataFields

/// What a name stands for in a scope.
struct FieldBinding {
  var slot: Int
  var dataType: ModelDataType
  var opType: ModelOpType
  /// Valid values in document order, for ordinal comparisons and class lists.
  var values: [FieldValue] = []
}

/// The names that a model element sees: its own, then its parent's.
final class FieldScope {
  let parent: FieldScope?
  var bindings: [String: FieldBinding] = [:] { didSet { forget() } }
  /// Derived fields that nothing has asked for yet.
  var pending: [String: DerivedField] = [:] { didSet { forget() } }
  var inProgress: [String] = []
  /// Derived fields that are used, in an order in which each comes after what it uses.
  var derived: [DerivedStep] = []

  private var inherited: [String: FieldBinding] = [:]
  /// What was found so far, in this scope or around it: trees ask for the same few names at every node.
  private var seen: [String: FieldBinding] = [:]

  init(parent: FieldScope?) { self.parent = parent }

  func known(_ name: String) -> FieldBinding? {
    if let binding = seen[name] { return binding }
    let binding =
      bindings[name] ?? (inherited.isEmpty || pending[name] != nil ? nil : inherited[name])
    if let binding { seen[name] = binding }
    return binding
  }

  func inherit(_ binding: FieldBinding, as name: String) {
    inherited[name] = binding
    forget()
  }

  private func forget() {
    if !seen.isEmpty { seen.removeAll() }
  }

  /// Every name that can be seen, for near misses.
  var visibleNames: [String] {
    (bindings.keys.sorted() + pending.keys.sorted()) + (parent?.visibleNames ?? [])
  }
}
