package import DataFields
package import ReferenceData
package import SourceDiagnostics

/// One or more rulesets, checked and laid flat: what an engine runs.
///
/// Every name is an index; nothing in it is looked up while deciding. A program is immutable and
/// shared by any number of engines.
package struct Program: Sendable {
  package var rulesets: [RulesetHeader] = []
  /// Every text that the rulesets name; an engine's interner starts as a copy, so that these codes
  /// hold everywhere.
  package var texts = TextInterner()
  package var scales: [RankScale] = []
  package var inputs: [InputPlan] = []
  package var events: [EventPlan] = []
  package var aggregates: [AggregatePlan] = []
  package var rateTables: [RateTable] = []
  package var lists: [ListPlan] = []
  /// The rule row: constants, inputs, lets, ranks, scores, outcomes.
  package var code = RowCode()
  package var steps: [Step] = []
  package var ranks: [RankPlan] = []
  package var models: [ModelPlan] = []
  package var rules: [RulePlan] = []
  package var decisions: [DecisionPlan] = []
  package var overrides: [OverridePlan] = []
  package var lets: [LetPlan] = []
  package var tests: [TestPlan] = []
  package var properties: [PropertyPlan] = []
  package var sources = SourceSet()
  /// What was prepared from all this when rules loaded: see ``DecisionIndex``.
  var rankCode = RankCode()
  var indexes: [DecisionIndex] = []

  package init() {}

  /// One step of making decisions; steps stand in dependency order.
  package enum Step: Sendable, Hashable {
    /// Instructions of `code` that compute the slot `destination` (a let, or a hidden operand).
    case compute(Range<Int>, destination: Int)
    case rank(Int)
    case model(Int)
    case decide(Int)
    case override(Int)
  }
}

/// `ruleset invoice-profile version 1 { ... }` with its metadata.
package struct RulesetHeader: Sendable, Hashable {
  package var name: String
  package var version: Int
  package var path: String
  /// SHA-256 over canonical tokens and the digests of what the ruleset uses.
  package var digest: Digest
  package var owner: String?
  package var approved: String?
  package var source: String?
  /// The first day in effect, and the first day no longer.
  package var effectiveFrom: CalendarDate?
  package var effectiveUntil: CalendarDate?

  package init(
    name: String, version: Int, path: String, digest: Digest, owner: String? = nil,
    approved: String? = nil, source: String? = nil, effectiveFrom: CalendarDate? = nil,
    effectiveUntil: CalendarDate? = nil
  ) {
    self.name = name
    self.version = version
    self.path = path
    self.digest = digest
    self.owner = owner
    self.approved = approved
    self.source = source
    self.effectiveFrom = effectiveFrom
    self.effectiveUntil = effectiveUntil
  }
}

/// A named derived value, addressable by name so that it can be supplied.
package struct LetPlan: Sendable, Hashable {
  package var name: String
  package var slot: Int
  package var missing: MissingPolicy
  /// Index in ``Program/aggregates`` if the let is an aggregate as it stands.
  package var aggregate: Int?
  package var actionable: Actionability
  package var step: Int128?
  /// As the ruleset writes it, for pages: `average / enterprise.employees`.
  package var text: String
  package var line: Int
  /// The least and the greatest value that it can have, as its slot holds them; what is supplied
  /// must lie between.
  package var lowerBound: Quotient?
  package var upperBound: Quotient?
  /// Whether the ruleset says that it belongs to a person.
  package var isPersonal = false

  package init(
    name: String, slot: Int, missing: MissingPolicy, aggregate: Int?, actionable: Actionability,
    step: Int128?, text: String, line: Int, lowerBound: Quotient? = nil,
    upperBound: Quotient? = nil
  ) {
    self.name = name
    self.slot = slot
    self.missing = missing
    self.aggregate = aggregate
    self.actionable = actionable
    self.step = step
    self.text = text
    self.line = line
    self.lowerBound = lowerBound
    self.upperBound = upperBound
  }
}

/// A list read from a file: the codes of its members, sorted.
package struct ListPlan: Sendable, Hashable {
  package var artefact: ArtefactReference
  package var members: [Int32]

  package init(artefact: ArtefactReference, members: [Int32]) {
    self.artefact = artefact
    self.members = members
  }

  /// - Complexity: O(log members).
  package func contains(_ code: Int32) -> Bool {
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      if members[middle] == code { return true }
      if members[middle] < code { low = middle + 1 } else { high = middle }
    }
    return false
  }
}

/// One case of `test` or one row of `test table`.
package struct TestPlan: Sendable {
  package struct Given: Sendable, Hashable {
    package var slot: Int
    package var value: Quotient

    package init(slot: Int, value: Quotient) {
      self.slot = slot
      self.value = value
    }
  }

  package struct Expectation: Sendable, Hashable {
    package var slot: Int
    /// Nil if the value is expected to be missing, or the decision to be refused.
    package var value: Quotient?
    /// The outcomes of a decision that collects them, in order.
    package var list: [Quotient]?
    /// The decision whose deciding rule is expected too, and that rule (index in
    /// ``Program/rules``).
    package var decision: Int?
    package var rule: Int?
    /// The override that is expected to be in force (index in ``Program/overrides``).
    package var override: Int?
    package var span: SourceSpan

    package init(
      slot: Int, value: Quotient?, list: [Quotient]? = nil, decision: Int?, rule: Int?,
      override: Int? = nil, span: SourceSpan
    ) {
      self.slot = slot
      self.value = value
      self.list = list
      self.decision = decision
      self.rule = rule
      self.override = override
      self.span = span
    }
  }

  package var name: String
  package var ruleset: Int
  package var asOf: CalendarDate?
  package var given: [Given]
  package var expected: [Expectation]
  package var span: SourceSpan

  package init(
    name: String, ruleset: Int, asOf: CalendarDate?, given: [Given], expected: [Expectation],
    span: SourceSpan
  ) {
    self.name = name
    self.ruleset = ruleset
    self.asOf = asOf
    self.given = given
    self.expected = expected
    self.span = span
  }
}

/// `property "..." { size rises with enterprise.employees }`.
package struct PropertyPlan: Sendable {
  package var name: String
  package var ruleset: Int
  /// The slot that must not fall (`rises`) or must not rise (`falls`) as `input` rises.
  package var slot: Int
  package var input: Int
  package var rises: Bool
  package var span: SourceSpan

  package init(
    name: String, ruleset: Int, slot: Int, input: Int, rises: Bool, span: SourceSpan
  ) {
    self.name = name
    self.ruleset = ruleset
    self.slot = slot
    self.input = input
    self.rises = rises
    self.span = span
  }
}
