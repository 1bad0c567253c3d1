/// A tree ensemble as a flat list of three-way tests on single features: the form that fast scoring
/// and attribution both run on, so that they cannot disagree.
///
/// Siblings become a chain: the first child's predicate is tested, if it is false the next one's,
/// and so on. Where a test is true, false or unknown the walk goes on to a *target*: another test,
/// or an *ending*. Missing value and no-true-child strategies are nothing but targets, worked out
/// when the table is made; comparisons are all brought to `<` or `=`, membership or absence.
///
/// A walk ends where ``TreeEnsemble/walk(_:_:)`` ends, for every row.
package struct RoutingTable: Sendable {
  /// What a test asks of its feature.
  package enum Question: UInt8, Sendable, Hashable {
    /// Whether the value is below the threshold.
    case less
    /// Whether it is the threshold.
    case equal
    /// Whether it is one of a predicate's values.
    case member
    /// Whether it is missing; never unknown.
    case missing
    /// A compound predicate, evaluated whole.
    case compound
  }

  /// One test. Targets from 0 on are tests; for the others see ``Ending``.
  package struct Test: Sendable, Hashable {
    package var threshold: Double
    package var feature: Int32
    /// The predicate that a membership or compound question is about.
    package var predicate: Int32
    package var onTrue: Int32
    package var onFalse: Int32
    package var onUnknown: Int32
    package var question: Question
  }

  /// Where a walk ends.
  package enum Ending: Sendable, Hashable {
    /// The node whose score is the prediction.
    case node(Int)
    /// No prediction.
    case null
    /// A value is missing at this node, and its children must be weighed against each other.
    case aggregate(Int)
  }

  package let ensemble: TreeEnsemble
  package internal(set) var tests: [Test] = []
  /// The share of the training records at a test that pass it; empty unless the table was made with
  /// record counts.
  package internal(set) var trueShares: [Double] = []
  /// Each tree's first target.
  package internal(set) var entries: [Int32] = []
  /// Whether every test is `<`, so that the tight loop serves.
  package internal(set) var asksOnlyLess = false

  static let nullTarget = Int32.min

  /// The ending that a negative target stands for.
  package func ending(_ target: Int32) -> Ending {
    if target == Self.nullTarget { return .null }
    let place = Int(~target)
    return place < ensemble.nodeCount ? .node(place) : .aggregate(place - ensemble.nodeCount)
  }

  init(empty ensemble: TreeEnsemble) { self.ensemble = ensemble }
}
