/// One thing that a model can be asked for, as rules name it: `probability("1")`, `predictedValue`.
package enum ModelResult: Sendable, Hashable {
  /// The final predicted value, after targets: a number, or a class label.
  case predictedValue
  /// The probability of one class, from 0 to 1.
  case probability(String)
  /// The confidence in one class.
  case confidence(String)
  /// The id of the winning cluster.
  case cluster
  /// The id of the entity that decided: a cluster, a tree's node.
  case entityId
  /// The distance from, or the similarity to, the winning entity: the raw measure.
  case affinity
  /// A field of the model's `Output`, by name.
  case outputField(String)
}

extension ModelResult: CustomStringConvertible {
  /// As rules write it.
  package var description: String {
    switch self {
    case .predictedValue: "predictedValue"
    case .probability(let label): "probability(\"\(label)\")"
    case .confidence(let label): "confidence(\"\(label)\")"
    case .cluster: "cluster"
    case .entityId: "entityId"
    case .affinity: "affinity"
    case .outputField(let name): "output(\"\(name)\")"
    }
  }
}

/// How the value of a model's field or result is held.
package enum ModelValueKind: String, Sendable, Hashable {
  /// A double; a boolean is 0 or 1, a date a count of days.
  case number
  /// A text, as an interned code.
  case text
}
