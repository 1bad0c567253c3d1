package import DataFields

/// `scale Size: S < M < L`: the levels in rising order.
package struct RankScale: Sendable, Hashable {
  package var name: String
  package var levels: [String]
  /// What reason texts and pages call the levels (`S "small"`); the level's own name by default.
  package var levelTexts: [String]

  package init(name: String, levels: [String], levelTexts: [String]) {
    self.name = name
    self.levels = levels
    self.levelTexts = levelTexts
  }
}

/// `rank size: Size by enterprise.employees { ... }`: thresholds cut an axis into levels.
///
/// With n cut points, rising along the axis, interval 0 lies below the first and interval n above
/// the last; `levels[i]` is the level of interval i. Intervals are half-open by construction.
package struct RankPlan: Sendable {
  package var name: String
  /// Index in ``Program/scales``.
  package var scale: Int
  /// The slot that is ranked, and the slot that takes the level's position.
  package var source: Int
  package var slot: Int
  /// Rising along the axis: words of the source's type (for a double, its bit pattern).
  package var cutPoints: [Int128]
  /// Whether a value that lies on cut point i belongs below it (`up to`), not above (`below`).
  package var belongsBelow: [Bool]
  /// Named after the level that begins there going up the axis: `size.M`.
  package var cutPointNames: [String]
  package var levels: [Int]
  package var line: Int

  package init(
    name: String, scale: Int, source: Int, slot: Int, cutPoints: [Int128], belongsBelow: [Bool],
    cutPointNames: [String], levels: [Int], line: Int
  ) {
    self.name = name
    self.scale = scale
    self.source = source
    self.slot = slot
    self.cutPoints = cutPoints
    self.belongsBelow = belongsBelow
    self.cutPointNames = cutPointNames
    self.levels = levels
    self.line = line
  }
}

/// `model premium from "..." sha256 "..." { ... }`.
package struct ModelPlan: Sendable {
  package struct Feed: Sendable, Hashable {
    /// The model's active field, by name.
    package var field: String
    package var slot: Int

    package init(field: String, slot: Int) {
      self.field = field
      self.slot = slot
    }
  }

  package struct Score: Sendable, Hashable {
    package var name: String
    package var result: ModelResult
    /// A double (or, for a label, a text) slot.
    package var slot: Int
    package var lowerBound: Double?
    package var upperBound: Double?

    package init(
      name: String, result: ModelResult, slot: Int, lowerBound: Double?, upperBound: Double?
    ) {
      self.name = name
      self.result = result
      self.slot = slot
      self.lowerBound = lowerBound
      self.upperBound = upperBound
    }
  }

  /// `explain by tree shap, top 5, against background "..." sha256 "..."`.
  package struct Explanation: Sendable, Hashable {
    package enum Method: String, Sendable, Hashable {
      case treeSHAP = "tree shap"
      case linear
      /// Whatever fits the model, estimates among it.
      case shapley
    }

    /// What a score is set against.
    package enum Expectation: Sendable, Hashable {
      /// The model's own record counts.
      case recordCounts
      case background(ArtefactReference)
      /// The average row that the model itself brings along.
      case modelStats
      /// Rows that were counted at the nodes of its trees.
      case covers(ArtefactReference)
      case uniformBranches
    }

    package var method: Method
    /// How many attributions a trace keeps; the others are summed.
    package var top: Int
    package var expectation: Expectation
    /// Whether attributions are worked out when a trace is read, and not when it is made.
    package var isOnRead: Bool

    package init(method: Method, top: Int, expectation: Expectation, isOnRead: Bool) {
      self.method = method
      self.top = top
      self.expectation = expectation
      self.isOnRead = isOnRead
    }
  }

  package var name: String
  package var artefact: ArtefactReference
  package var feeds: [Feed]
  package var scores: [Score]
  package var explanation: Explanation?
  package var line: Int

  package init(
    name: String, artefact: ArtefactReference, feeds: [Feed], scores: [Score],
    explanation: Explanation?, line: Int
  ) {
    self.name = name
    self.artefact = artefact
    self.feeds = feeds
    self.scores = scores
    self.explanation = explanation
    self.line = line
  }
}

/// A file that a ruleset names, with the digest of the bytes that were read.
package struct ArtefactReference: Sendable, Hashable {
  package var path: String
  package var digest: Digest

  package init(path: String, digest: Digest) {
    self.path = path
    self.digest = digest
  }
}

/// A piece of a reason text.
package enum ReasonPiece: Sendable, Hashable {
  case text(String)
  /// `{name}`: the value of a slot (a rank by its level's text).
  case slot(Int)
}

/// A rule, a row of a table, or `otherwise`.
package struct RulePlan: Sendable {
  /// The rule's name; `row 3` for a table row, `otherwise`.
  package var name: String
  package var reasonCode: String?
  package var reasonText: [ReasonPiece]
  /// Root node of the condition; nil for `otherwise`.
  package var condition: Int?
  /// The slot (a constant, or computed) that holds the outcome.
  package var outcome: Int
  /// The condition as the ruleset writes it; empty for `otherwise`.
  package var text: String
  package var line: Int
  /// Of a row of a table: the column of each part of its condition; a `*` is no part.
  package var cells: [String] = []

  package init(
    name: String, reasonCode: String?, reasonText: [ReasonPiece], condition: Int?, outcome: Int,
    text: String, line: Int
  ) {
    self.name = name
    self.reasonCode = reasonCode
    self.reasonText = reasonText
    self.condition = condition
    self.outcome = outcome
    self.text = text
    self.line = line
  }
}

/// DMN's hit policies.
package enum HitPolicy: UInt8, Sendable, Hashable {
  case unique, first, any, priority, collect
}

/// What `hit collect` makes of the outcomes of the rules that hold: DMN's C, C+, C<, C> and C#.
package enum Aggregator: UInt8, Sendable, Hashable {
  case list, sum, min, max, count
}

/// `decision invoice_profile: text hit first { ... }`.
package struct DecisionPlan: Sendable {
  package var name: String
  /// Index in ``Program/rulesets``.
  package var ruleset: Int
  package var hitPolicy: HitPolicy
  /// Indices in ``Program/rules``, in document order; `otherwise` is not among them.
  package var rules: Range<Int>
  package var otherwise: Int?
  /// `hit priority`: outcomes as text codes, the first wins.
  package var priorities: [Int128]
  /// `hit collect`: what becomes of the outcomes. The slot then takes a number, and for a list how
  /// many outcomes it has.
  package var aggregator: Aggregator
  /// `"call" in offers`: for each outcome that a condition looks for in the list, the constant slot
  /// that holds it and the slot that says whether it is there.
  package var members: [Member]
  /// The slot that takes the outcome.
  package var slot: Int
  /// Slots without which the decision is refused, in the order in which they are computed.
  package var required: [Int]
  /// For each required slot, the slots that it rests on and then itself, in the order in which they
  /// are computed: the first that is not present is why the decision is refused.
  package var causes: [[Int]]
  /// The steps that must have run, as indices of ``Program/steps``, in order; the decision's own
  /// step is the last but for its overrides.
  package var steps: [Int]
  /// Overrides of this decision, in document order.
  package var overrides: [Int]
  /// The inputs, lets, ranks and model results that the decision rests on, in document order: what
  /// its trace shows.
  package var evidence: [Int]
  package var line: Int

  package struct Member: Sendable, Hashable {
    package var outcome: Int
    package var slot: Int

    package init(outcome: Int, slot: Int) {
      self.outcome = outcome
      self.slot = slot
    }
  }

  package init(
    name: String, ruleset: Int, hitPolicy: HitPolicy, rules: Range<Int>, otherwise: Int?,
    priorities: [Int128], slot: Int, required: [Int], causes: [[Int]] = [], steps: [Int],
    overrides: [Int], evidence: [Int], line: Int, aggregator: Aggregator = .list,
    members: [Member] = []
  ) {
    self.name = name
    self.ruleset = ruleset
    self.hitPolicy = hitPolicy
    self.rules = rules
    self.otherwise = otherwise
    self.priorities = priorities
    self.slot = slot
    self.required = required
    self.causes = causes
    self.steps = steps
    self.overrides = overrides
    self.evidence = evidence
    self.line = line
    self.aggregator = aggregator
    self.members = members
  }
}

extension DecisionPlan {
  /// Whether a slot holds what the decision comes to, or part of it.
  package func isOutcome(_ slot: Int) -> Bool {
    self.slot == slot || members.contains { $0.slot == slot }
  }

  /// `first`, `collect`, `collect sum`: as the ruleset writes it.
  package var policyText: String {
    hitPolicy == .collect && aggregator != .list ? "collect \(aggregator)" : "\(hitPolicy)"
  }

  /// Whether the outcome is a list: that of every rule that holds.
  package var collectsList: Bool { hitPolicy == .collect && aggregator == .list }

  /// The place in `required` of the first slot that is not present.
  @inline(__always)
  func firstMissing(_ row: borrowing RuleRow) -> Int? {
    let required = required.span
    for place in required.indices where !row.isPresent(required[place]) { return place }
    return nil
  }
}

/// `override do_not_contact reason PO-09 by "data protection" until 2026-12-31 { ... }`.
package struct OverridePlan: Sendable {
  package var name: String
  package var reasonCode: String?
  package var authority: String
  /// The last day on which it holds.
  package var until: CalendarDate?
  package var condition: Int
  /// Index in ``Program/decisions``.
  package var decision: Int
  package var outcome: Int
  package var text: String
  package var line: Int

  package init(
    name: String, reasonCode: String?, authority: String, until: CalendarDate?, condition: Int,
    decision: Int, outcome: Int, text: String, line: Int
  ) {
    self.name = name
    self.reasonCode = reasonCode
    self.authority = authority
    self.until = until
    self.condition = condition
    self.decision = decision
    self.outcome = outcome
    self.text = text
    self.line = line
  }
}
