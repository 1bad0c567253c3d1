internal import SourceDiagnostics
internal import XMLReading

/// What a model says its rules were limited to when they were mined.
///
/// The limits chose the rules that the document holds; they say nothing about how transactions are
/// scored. Rules beyond them are a sign of a document that was put together wrongly: a warning.
struct RuleLimits: Sendable {
  /// How many items there are; the maximum is nil where the document sets none.
  struct Count: Sendable {
    var minimumName: AttributeName
    var maximumName: AttributeName
    var minimum = 0
    var maximum: Int?
  }

  /// Of antecedent and consequent together.
  var items = Count(
    minimumName: .minimumNumberOfItems, maximumName: .maximumNumberOfItems)
  var antecedentItems = Count(
    minimumName: .minimumNumberOfAntecedentItems, maximumName: .maximumNumberOfAntecedentItems)
  var consequentItems = Count(
    minimumName: .minimumNumberOfConsequentItems, maximumName: .maximumNumberOfConsequentItems)
  var support = -Double.infinity
  var confidence = -Double.infinity
  var lift = -Double.infinity
  /// How many rules there are.
  var ruleCount: Int?
  var line = 0

  /// A rule as the limits see it.
  struct Rule {
    var name: String
    var antecedentItems: Int
    var consequentItems: Int
    var measures: RuleMeasures
    var line: Int
  }
}

extension DocumentReader {
  /// The limits of `Constraints`.
  func readRuleLimits(_ element: Element) -> RuleLimits {
    var limits = RuleLimits()
    limits.line = element.line
    limits.items = read(limits.items, of: element)
    limits.antecedentItems = read(limits.antecedentItems, of: element)
    limits.consequentItems = read(limits.consequentItems, of: element)
    limits.support = number(.minimumSupport, of: element) ?? limits.support
    limits.confidence = number(.minimumConfidence, of: element) ?? limits.confidence
    limits.lift = number(.minimumLift, of: element) ?? limits.lift
    return limits
  }

  /// The limits that an `AssociationModel` has as attributes.
  func readAssociationLimits(_ element: Element) -> RuleLimits {
    var limits = RuleLimits()
    limits.line = element.line
    limits.support = number(.minimumSupport, of: element) ?? limits.support
    limits.confidence = number(.minimumConfidence, of: element) ?? limits.confidence
    limits.items.maximumName = .lengthLimit
    limits.items.maximum = integer(.lengthLimit, of: element)
    limits.ruleCount = integer(.numberOfRules, of: element)
    return limits
  }

  private func read(_ count: RuleLimits.Count, of element: Element) -> RuleLimits.Count {
    var count = count
    for name in [count.minimumName, count.maximumName] {
      guard let value = integer(name, of: element) else { continue }
      if value < 0 { report("P4", "`\(name.rawValue)` is negative", at: element) }
      if name == count.minimumName { count.minimum = value } else { count.maximum = value }
    }
    if let maximum = count.maximum, maximum < count.minimum {
      report(
        "P4",
        "`\(count.minimumName.rawValue)` is \(count.minimum), and "
          + "`\(count.maximumName.rawValue)` is \(maximum)", at: element)
    }
    return count
  }
}

extension ModelCompiler {
  /// Warns of rules beyond the model's own limits, once for each limit.
  func check(_ rules: [RuleLimits.Rule], _ limits: RuleLimits) {
    func warn(
      _ name: AttributeName, _ limit: some CustomStringConvertible,
      where isBeyond: (RuleLimits.Rule) -> (any CustomStringConvertible)?
    ) {
      let beyond = rules.compactMap { rule in isBeyond(rule).map { (rule, $0) } }
      guard let (rule, value) = beyond.first else { return }
      let more = beyond.count > 1 ? " (and \(beyond.count - 1) more)" : ""
      reader.report(
        "P13",
        "`\(name.rawValue)` is \(limit), and rule `\(rule.name)`\(more) has \(value): it is kept",
        line: rule.line, severity: .warning)
    }
    func check(_ count: RuleLimits.Count, _ number: @escaping (RuleLimits.Rule) -> Int) {
      warn(count.minimumName, count.minimum) { number($0) < count.minimum ? number($0) : nil }
      if let maximum = count.maximum {
        warn(count.maximumName, maximum) { number($0) > maximum ? number($0) : nil }
      }
    }
    check(limits.items) { $0.antecedentItems + $0.consequentItems }
    check(limits.antecedentItems) { $0.antecedentItems }
    check(limits.consequentItems) { $0.consequentItems }
    // A measure that the document does not give is below no limit.
    warn(.minimumSupport, limits.support) {
      $0.measures.support < limits.support ? $0.measures.support : nil
    }
    warn(.minimumConfidence, limits.confidence) {
      $0.measures.confidence < limits.confidence ? $0.measures.confidence : nil
    }
    warn(.minimumLift, limits.lift) {
      $0.measures.lift < limits.lift ? $0.measures.lift : nil
    }
    if let count = limits.ruleCount, count != rules.count {
      reader.report(
        "P13", "`numberOfRules` is \(count), and the model has \(rules.count)",
        line: limits.line, severity: .warning)
    }
  }
}
