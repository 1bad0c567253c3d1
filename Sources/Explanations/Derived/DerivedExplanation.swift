package import DataFields
package import DecisionTrace

/// What follows from a trace and the artefacts that it names, worked out when it is read: which facts
/// entail the outcome, what would change it, what moved it against others.
///
/// A deterministic function of the two (and of a population, where one is given); nothing of it is
/// stored.
package struct DerivedExplanation: Sendable {
  /// One end of an interval.
  package struct Bound: Sendable, Hashable {
    package var value: Trace.Content
    /// Whether the value itself lies within.
    package var isIncluded: Bool
  }

  /// A fact within an interval, or one of some values: `per_head >= 100,000 HUF/person`.
  package struct Condition: Sendable, Hashable {
    package var fact: String
    package var lower: Bound?
    package var upper: Bound?
    /// Of a fact without an order, the values that it may have.
    package var choices: [Trace.Content] = []
    /// What the fact is in this case; nil where it is masked or missing.
    package var value: Trace.Content?
    /// Of a masked fact nothing is told: it is as it is.
    package var isMasked = false
  }

  /// A sufficient reason in words.
  package struct Reason: Sendable, Hashable {
    package var conditions: [Condition]
    package var isProved: Bool
    package var isMinimal: Bool
    /// How many facts the decision rests on in all.
    package var factCount: Int
    package var boxCount: Int
  }

  /// A fact that is moved.
  package struct Change: Sendable, Hashable {
    package var fact: String
    package var from: Trace.Content?
    package var to: Trace.Content
    package var type: ValueType
    /// The share of the population with a smaller value than the proposed one.
    package var percentile: Double?
  }

  /// A rank that goes along.
  package struct Moved: Sendable, Hashable {
    package var rank: String
    package var from: String
    package var to: String
  }

  /// A counterfactual in words.
  package struct Flip: Sendable, Hashable {
    package var outcome: String
    package var changes: [Change]
    package var moved: [Moved]
    package var cost: Double
    /// How many of the population have the same ranks and end so; nil without a population.
    package var support: Int?
  }

  /// Margins of ranks in the raw inputs' own units.
  package var rawMargins: [RawMargin] = []
  package var reason: Reason?
  /// Facts that alone can change the outcome.
  package var necessary: [String] = []
  /// Every subset-minimal reason, by the names of its facts; nil if they were not all found.
  package var reasons: [[String]]?
  /// The nearest way to each other outcome, fewest changes first.
  package var flips: [Flip] = []
  /// Facts of which no value, the others as they are, changes the outcome.
  package var idle: [String] = []
  /// Facts that nobody can change.
  package var fixed: [String] = []
  /// Why a change of one fact, or of two, may have been missed.
  package var singleDoubts: [String] = []
  package var pairDoubts: [String] = []
  /// Whether no change of up to two facts was missed, and a larger one is the nearest.
  package var isOptimal = true
  package var table: LevelAttribution?
  package var raw: LevelAttribution?
  /// What moved the models' scores, where the case is set against one row.
  package var scores: [ScoreDifference] = []
  /// Why a level is not there.
  package var refusals: [String] = []
  package var population: String?
  /// The decision's own outcome.
  package var outcome = ""

  /// What is to be worked out.
  package struct Options: Sendable {
    package var reasons = true
    package var flips = true
    package var raw = false
    package var boxLimit = 20_000

    package init() {}
  }
}
