internal import DataFields

/// Rules that a transaction is held against, and what each of them gives out.
struct RulePlan: Sendable {
  /// What is known of a rule for a transaction.
  enum State {
    static let nothing = 0.0
    /// The antecedent is there, the consequent is not.
    static let antecedent = 1.0
    static let both = 2.0
  }

  /// An itemset or a sequence, as rules write it: codes of texts.
  struct Part: Sendable {
    /// `["Cracker", "Water"]`
    var list: Double
    /// `Cracker,Water`
    var text: Double
  }

  struct Rule: Sendable {
    /// The code of a text.
    var id: Double
    /// Positions among the parts.
    var antecedent: Int
    var consequent: Int
    var measures: RuleMeasures
  }

  var parts: [Part] = []
  var rules: [Rule] = []
  /// The rules in each order that output fields may ask for.
  private var orders: [Order: [Int]] = [:]

  private struct Order: Hashable {
    var basis: OutputField.RankBasis
    var rankOrder: OutputField.RankOrder
  }

  func measure(_ rule: Int, _ basis: OutputField.RankBasis) -> Double {
    let measures = rules[rule].measures
    return switch basis {
    case .support: measures.support
    case .confidence: measures.confidence
    case .lift: measures.lift
    case .leverage: measures.leverage
    case .affinity: measures.affinity
    }
  }

  /// The rules by a measure; those that tie keep the order of the document, those that lack it
  /// come last.
  ///
  /// Each order is sorted once, and shared by the output fields.
  mutating func order(
    by basis: OutputField.RankBasis, _ rankOrder: OutputField.RankOrder
  ) -> [Int] {
    let key = Order(basis: basis, rankOrder: rankOrder)
    if let order = orders[key] { return order }
    let order = rules.indices.sorted { left, right in
      let first = measure(left, basis)
      let second = measure(right, basis)
      if first.isNaN || second.isNaN {
        return first.isNaN == second.isNaN ? left < right : second.isNaN
      }
      if first == second { return left < right }
      return rankOrder == .descending ? first > second : first < second
    }
    orders[key] = order
    return order
  }
}

/// What an output field takes from a model of rules.
struct RuleOutput: Sendable {
  var feature: OutputField.RuleFeature
  var algorithm: OutputField.RuleAlgorithm
  /// The rules, best first.
  var order: [Int]
  /// 0 or less is all of them.
  var rank: Int
  var isMultiValued: Bool
  /// The type of one value.
  var dataType: ModelDataType

  func chooses(_ state: Double) -> Bool {
    switch algorithm {
    // "The antecedent is part of the input itemset."
    case .recommendation: state != RulePlan.State.nothing
    // "... and the consequent is not part of it."
    case .exclusiveRecommendation: state == RulePlan.State.antecedent
    // "Antecedent and consequent are part of the input itemset."
    case .ruleAssociation: state == RulePlan.State.both
    }
  }
}

extension ModelCompiler {
  /// Compiles an output field of a model of rules; nil if its feature is none of a rule.
  func ruleOutput(_ field: OutputField, of unit: Int) -> RuleOutput? {
    guard var plan = program.units[unit].rules else { return nil }
    let feature: OutputField.RuleFeature
    switch field.feature {
    case .ruleValue: feature = field.ruleFeature
    case .entityId, .ruleId: feature = .ruleId
    case .antecedent: feature = .antecedent
    case .consequent: feature = .consequent
    case .rule: feature = .rule
    case .support: feature = .support
    case .confidence: feature = .confidence
    case .lift: feature = .lift
    case .leverage: feature = .leverage
    case .affinity, .entityAffinity: feature = .affinity
    default: return nil
    }
    let order = plan.order(by: field.rankBasis, field.rankOrder)
    program.units[unit].rules = plan
    return RuleOutput(
      feature: feature, algorithm: field.algorithm, order: order, rank: field.rank,
      isMultiValued: field.isMultiValued, dataType: field.dataType ?? feature.dataType)
  }

  func part(_ items: [String]) -> RulePlan.Part {
    RulePlan.Part(
      list: code(JSONText.array(items)), text: code(items.joined(separator: ",")))
  }
}

extension ModelProgram {
  /// The value of an output field for the transaction that was looked at.
  func ruleValue(
    _ output: RuleOutput, _ unit: Int, _ space: inout ScoringWorkspace
  ) -> Double {
    guard let plan = units[unit].rules, space.hasRegion[unit] else { return .nan }
    let region = units[unit].region
    var left = output.isMultiValued && output.rank <= 0 ? Int.max : output.rank
    var list: [String] = []
    for rule in output.order where output.chooses(space.region[region + rule]) {
      left -= 1
      if !output.isMultiValued, left > 0 { continue }
      let raw = plan.value(rule, output.feature, &space.texts)
      let value = ExpressionTable.cast(
        raw, output.feature.dataType, output.dataType, &space.texts)
      if !output.isMultiValued { return left == 0 ? value : .nan }
      let text = ExpressionTable.text(value, output.dataType, space.texts)
      // A list within a list is written as one.
      let isQuoted = output.dataType == .string && !output.feature.isList
      list.append(isQuoted ? JSONText.string(text) : text.isEmpty ? "null" : text)
      if left == 0 { break }
    }
    guard output.isMultiValued else { return .nan }
    return Double(space.texts.intern("[" + list.joined(separator: ", ") + "]"))
  }
}

extension RulePlan {
  func value(
    _ rule: Int, _ feature: OutputField.RuleFeature, _ texts: inout TextInterner
  ) -> Double {
    let rule = rules[rule]
    switch feature {
    case .ruleId: return rule.id
    case .antecedent: return parts[rule.antecedent].list
    case .consequent: return parts[rule.consequent].list
    case .rule:
      let antecedent = texts.text(Int32(parts[rule.antecedent].text))
      let consequent = texts.text(Int32(parts[rule.consequent].text))
      return Double(texts.intern("{" + antecedent + "}->{" + consequent + "}"))
    case .support: return rule.measures.support
    case .confidence: return rule.measures.confidence
    case .lift: return rule.measures.lift
    case .leverage: return rule.measures.leverage
    case .affinity: return rule.measures.affinity
    }
  }
}

extension OutputField.RuleFeature {
  /// The type of a value before it is cast.
  var dataType: ModelDataType { isList || self == .rule || self == .ruleId ? .string : .double }
  var isList: Bool { self == .antecedent || self == .consequent }
}
