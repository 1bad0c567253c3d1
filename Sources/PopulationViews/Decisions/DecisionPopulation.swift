internal import DataFields
package import DecisionTrace

/// What one decision came to over many traces: outcomes, rules, refusals, levels, and how many values
/// stand near each cut point.
///
/// Takes one trace at a time and keeps counts alone. All traces have the schema that it begins with.
package struct DecisionPopulation: Sendable {
  /// How often a refusal came about, by its reason and the value at fault.
  package struct RefusalCount: Sendable, Hashable {
    package var refusal: Trace.Refusal
    package var field: String?
    package var count: Int
  }

  /// What became of a rule.
  package struct RuleCount: Sendable, Hashable {
    package var held = 0
    package var failed = 0
    package var notReached = 0
    /// How often it decided: alone, or of `hit collect` with others.
    package var decided = 0
  }

  /// A rank: its levels, and its cut points.
  package struct RankCount: Sendable {
    /// How many values have each level, in the order of the scale.
    package fileprivate(set) var levels: [Int]
    /// Traces without the value that is ranked.
    package fileprivate(set) var missing = 0
    package fileprivate(set) var cutPoints: [CutPointDensity]
  }

  /// What a model's fields contributed, where the ruleset has its scores explained.
  package struct ModelCount: Sendable {
    package fileprivate(set) var importance: AttributionImportance
    /// Traces without attributions, where the model was not asked or has no score.
    package fileprivate(set) var absent = 0
    /// What fields contribute that the ruleset does not feed: missing in every row.
    package fileprivate(set) var unfed = CompensatedSum()
  }

  package let schema: TraceSchema
  /// Traces in all.
  package private(set) var count = 0
  package private(set) var decided = 0
  /// How often each outcome came about; of `hit collect` each list. At most ``outcomeLimit`` of them.
  package private(set) var outcomes: [String: Int] = [:]
  /// Decisions whose outcome is none of ``outcomes``, since these are full.
  package private(set) var otherOutcomes = 0
  /// One for each rule of the schema.
  package private(set) var rules: [RuleCount]
  /// One for each override of the schema: how often it was in force.
  package private(set) var overrides: [Int]
  /// One for each rank of the schema.
  package private(set) var ranks: [RankCount]
  /// One for each model of the schema.
  package private(set) var models: [ModelCount]
  private var refusalCounts: [Reason: Int] = [:]
  private var attributions: [Double] = []

  private struct Reason: Hashable {
    var refusal: Trace.Refusal
    var field: String?
  }

  /// How many outcomes are told apart: sums that are outcomes may be as many as rows.
  package static let outcomeLimit = 1_000

  /// - Parameter nearness: how near to a cut point is near.
  package init(_ schema: TraceSchema, nearness: [Nearness] = Nearness.standard) {
    self.schema = schema
    rules = Array(repeating: RuleCount(), count: schema.rules.count)
    overrides = Array(repeating: 0, count: schema.overrides.count)
    ranks = schema.ranks.map { rank in
      let type = schema.fields[rank.field].type
      return RankCount(
        levels: Array(repeating: 0, count: rank.levels.count),
        cutPoints: rank.cutPoints.indices.map { place in
          CutPointDensity(
            name: rank.cutPointNames[place],
            value: Trace.Content(cutPoint: rank.cutPoints[place], type),
            belongsBelow: rank.belongsBelow[place], nearness: nearness)
        })
    }
    models = schema.models.map {
      ModelCount(importance: AttributionImportance(fields: $0.features))
    }
  }

  /// Takes a trace of the schema.
  ///
  /// - Complexity: O(values + cut points + rules + attributions).
  package mutating func add(_ trace: Trace) {
    count += 1
    switch trace.result {
    case .decided(let outcome, _):
      decided += 1
      add(outcome.plainText)
      // An override decides in the rules' place; they held all the same.
      if trace.override == nil {
        for rule in trace.contributingRules { rules[rule].decided += 1 }
      }
    case .refused(let refusal, let field, _):
      refusalCounts[Reason(refusal: refusal, field: field), default: 0] += 1
    }
    for (place, rule) in trace.rules.enumerated() {
      switch rule.state {
      case .held: rules[place].held += 1
      case .failed: rules[place].failed += 1
      case .notReached: rules[place].notReached += 1
      }
    }
    if let override = trace.override,
      let place = schema.overrides.firstIndex(of: override.schema)
    {
      overrides[place] += 1
    }
    for (place, rank) in trace.ranks.enumerated() {
      guard let level = rank.level, let content = trace.values[rank.value].content else {
        ranks[place].missing += 1
        continue
      }
      ranks[place].levels[level] += 1
      for cut in ranks[place].cutPoints.indices { ranks[place].cutPoints[cut].add(content) }
    }
    for (place, model) in trace.models.enumerated() { add(model, at: place) }
  }

  private mutating func add(_ outcome: String) {
    if let known = outcomes[outcome] {
      outcomes[outcome] = known + 1
    } else if outcomes.count < Self.outcomeLimit {
      outcomes[outcome] = 1
    } else {
      otherOutcomes += 1
    }
  }

  private mutating func add(_ model: Trace.Model, at place: Int) {
    guard model.hasAttributions else {
      models[place].absent += 1
      return
    }
    let features = schema.models[place].features
    attributions.removeAll(keepingCapacity: true)
    attributions.append(contentsOf: repeatElement(0, count: features.count))
    // Rulesets have few features, and lists of them in the order of the feeds are found at once.
    for attribution in model.attributions {
      if let feature = features.firstIndex(of: attribution.feature) {
        attributions[feature] = attribution.value
      }
    }
    models[place].importance.add(attributions)
    if model.restCount > 0 { models[place].unfed.add(model.rest.magnitude) }
  }

  package var refused: Int { count - decided }

  /// How often `otherwise` decided; nil for a decision without one.
  package var otherwise: Int? {
    schema.rules.firstIndex(where: \.isOtherwise).map { rules[$0].decided }
  }

  /// The refusals by falling count; ties by reason and field.
  package var refusals: [RefusalCount] {
    refusalCounts.map { RefusalCount(refusal: $0.refusal, field: $0.field, count: $1) }
      .sorted { left, right in
        if left.count != right.count { return left.count > right.count }
        if left.refusal != right.refusal { return left.refusal.rawValue < right.refusal.rawValue }
        return (left.field ?? "") < (right.field ?? "")
      }
  }

  /// The outcomes by falling count; ties by their texts.
  package var sortedOutcomes: [(outcome: String, count: Int)] {
    outcomes.map { (outcome: $0, count: $1) }.sorted { left, right in
      left.count != right.count ? left.count > right.count : left.outcome < right.outcome
    }
  }
}
