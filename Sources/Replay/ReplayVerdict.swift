package import DataFields
package import DecisionTrace

/// What became of a trace whose decision was made again.
package enum ReplayVerdict: Sendable {
  /// The same bytes.
  case equal
  // Apart, for nearly all are equal, and two traces would make each verdict large.
  indirect case differs(ReplayDifference)
  case failed(ReplayFailure)
}

/// How a decision that was made again differs from its trace.
package struct ReplayDifference: Sendable {
  /// The trace as it was recorded, and as it comes out now.
  package let recorded: Trace
  package let replayed: Trace
  package let differences: [TraceDifference]
  /// The first byte of the body that differs; nil where other rules decided.
  package let offset: Int?

  /// Whether nothing but the last places of floating point differ, and what follows from them where
  /// a value lies on the edge.
  package var isRounding: Bool { TraceDifference.areRounding(differences) }
}

/// Why a decision was not made again.
package enum ReplayFailure: Error, Sendable, CustomStringConvertible {
  /// What belongs to a person is kept apart, under a key that the reader does not hold, or that was
  /// destroyed.
  case hidden(Visibility)
  /// The body is no body of its schema.
  case unreadable(String)
  /// The rules and models behind the trace cannot be had from the log.
  case notLoaded(schema: Digest, reason: String)
  /// Other rules do not decide on what the trace holds.
  case notDecided(String)

  package var description: String {
    switch self {
    case .hidden(.erased): "its subject was erased"
    case .hidden: "it is sealed, and the key that opens it was not given"
    case .unreadable(let reason): "its body cannot be decoded: \(reason)"
    case .notLoaded(let schema, let reason):
      "its rules and models (schema \(schema.abbreviated)) cannot be loaded: \(reason)"
    case .notDecided(let reason): "the rules do not decide on it: \(reason)"
    }
  }
}
