import DataFields

extension TraceDifference {
  /// What two traces say differently, in the order of the parts of a body.
  ///
  /// What belongs together is told by its name: the traces may be of different schemas.
  package static func between(_ before: Trace, _ after: Trace) -> [TraceDifference] {
    var differences = identity(before, after)
    differences += values(before, after)
    differences += ranks(before, after)
    differences += rules(before, after)
    differences += models(before, after)
    differences += result(before, after)
    differences += override(before, after)
    differences += surroundings(before, after)
    return differences
  }

  private static func identity(_ before: Trace, _ after: Trace) -> [TraceDifference] {
    [
      differing(.identity, "source", before.id.source, after.id.source),
      differing(.identity, "record", "\(before.id.record)", "\(after.id.record)"),
      differing(.identity, "index", "\(before.id.index)", "\(after.id.index)"),
      differing(.identity, "subject", before.subject, after.subject),
      differing(.identity, "as of", before.asOf?.description, after.asOf?.description),
    ].compactMap(\.self)
  }

  private static func differing(
    _ part: Part, _ name: String, _ before: String?, _ after: String?
  ) -> TraceDifference? {
    before == after ? nil : TraceDifference(part, name, before: before, after: after)
  }

  /// Pairs things of one name, the first with the first; what only one side has stands alone.
  private static func pairs<Thing>(
    _ before: [Thing], _ after: [Thing], by name: (Thing) -> String
  ) -> [(name: String, before: Thing?, after: Thing?)] {
    var rest: [String: [Int]] = [:]
    for (index, thing) in after.enumerated().reversed() {
      rest[name(thing), default: []].append(index)
    }
    var taken: Set<Int> = []
    var pairs: [(name: String, before: Thing?, after: Thing?)] = before.map { thing in
      let other = rest[name(thing)]?.popLast()
      if let other { taken.insert(other) }
      return (name(thing), thing, other.map { after[$0] })
    }
    for (index, thing) in after.enumerated() where !taken.contains(index) {
      pairs.append((name(thing), nil, thing))
    }
    return pairs
  }

  // MARK: Values and ranks

  private static func values(_ before: Trace, _ after: Trace) -> [TraceDifference] {
    pairs(before.values, after.values) { $0.field.name }.compactMap { name, old, new in
      guard let old, let new else {
        return TraceDifference(
          .value, name, before: old?.differenceText, after: new?.differenceText)
      }
      let isSame = isSame(old.content, new.content)
      if old.state == new.state, isSame, old.origin == new.origin { return nil }
      var (one, other) = (old.differenceText, new.differenceText)
      let isMasked = old.field.maskKeeps != nil || new.field.maskKeeps != nil
      if one == other, !isMasked, !isSame {
        (one, other) = (old.exactText, new.exactText)
      }
      if old.origin != new.origin {
        one += " (\(old.origin.word))"
        other += " (\(new.origin.word))"
      }
      return TraceDifference(
        .value, name, before: one, after: other, ulps: ulps(old.content, new.content),
        isKnifeEdge: isOnEdge(name, before) || isOnEdge(name, after))
    }
  }

  private static func isSame(_ before: Trace.Content?, _ after: Trace.Content?) -> Bool {
    if case .double(let old)? = before, case .double(let new)? = after {
      return old.bitPattern == new.bitPattern
    }
    return before == after
  }

  private static func ulps(_ before: Trace.Content?, _ after: Trace.Content?) -> UInt64? {
    guard case .double(let old)? = before, case .double(let new)? = after else { return nil }
    return ulps(old, new)
  }

  private static func isOnEdge(_ name: String, _ trace: Trace) -> Bool {
    trace.ranks.contains { rank in
      trace.values[rank.value].field.name == name && rank.margins.contains { $0.isKnifeEdge }
    }
  }

  private static func ranks(_ before: Trace, _ after: Trace) -> [TraceDifference] {
    func level(_ rank: Trace.Rank?) -> String? {
      rank.map { rank in rank.level.map { rank.schema.levels[$0] } ?? "none" }
    }
    return pairs(before.ranks, after.ranks) { $0.schema.name }.compactMap { name, old, new in
      let (one, other) = (level(old), level(new))
      if one == other { return nil }
      return TraceDifference(
        .rank, name, before: one, after: other,
        ulps: ulps(
          old.flatMap { before.values[$0.value].content },
          new.flatMap { after.values[$0.value].content }),
        isKnifeEdge: [old, new].contains { $0?.margins.contains { $0.isKnifeEdge } ?? false })
    }
  }

  // MARK: Rules and models

  private static func rules(_ before: Trace, _ after: Trace) -> [TraceDifference] {
    func text(_ rule: Trace.Rule?) -> String? {
      guard let rule else { return nil }
      switch rule.state {
      case .notReached: return "not reached"
      case .held: return rule.decidingClause.map { "held by `\($0.text)`" } ?? "held"
      case .failed: return rule.decidingClause.map { "failed at `\($0.text)`" } ?? "failed"
      }
    }
    return pairs(before.rules, after.rules) { $0.schema.name }.compactMap { name, old, new in
      if let old, let new, old.state == new.state {
        // The same clause may be written otherwise by another version.
        let isSame = old.decidingClause == new.decidingClause
        if isSame || old.schema != new.schema { return nil }
      }
      return differing(.rule, name, text(old), text(new))
    }
  }

  private static func models(_ before: Trace, _ after: Trace) -> [TraceDifference] {
    pairs(before.models, after.models) { $0.schema.name }.flatMap { name, old, new in
      guard let old, let new else {
        return [
          TraceDifference(
            .model, name, before: old.map { "asked as \($0.schema.path)" },
            after: new.map { "asked as \($0.schema.path)" })
        ]
      }
      var differences = [
        differing(
          .model, "\(name): file", old.schema.digest.abbreviated, new.schema.digest.abbreviated),
        differing(
          .model, "\(name): attributions", old.hasAttributions ? "held" : "none",
          new.hasAttributions ? "held" : "none"),
        number("\(name): base value", old.baseValue, new.baseValue),
        number("\(name): output", old.output, new.output),
        differing(
          .model, "\(name): others", "\(old.restCount) fields", "\(new.restCount) fields"),
        number("\(name): sum of the others", old.rest, new.rest),
        old.check == new.check
          ? nil
          : TraceDifference(
            .model, "\(name): what the sum leaves", before: old.check.text, after: new.check.text,
            ulps: ulps(old.check?.residual ?? .nan, new.check?.residual ?? .nan)),
      ]
      for (feature, one, other) in pairs(old.attributions, new.attributions, by: \.feature) {
        let label = "\(name): attribution of \(feature)"
        if let one, let other {
          differences.append(number(label, one.value, other.value))
        } else {
          differences.append(
            TraceDifference(
              .model, label, before: one?.value.description, after: other?.value.description))
        }
      }
      if differences.allSatisfy({ $0 == nil }),
        old.attributions.map(\.feature) != new.attributions.map(\.feature)
      {
        differences.append(
          differing(
            .model, "\(name): order of attributions",
            old.attributions.map(\.feature).joined(separator: ", "),
            new.attributions.map(\.feature).joined(separator: ", ")))
      }
      return differences.compactMap(\.self)
    }
  }

  private static func number(_ name: String, _ before: Double, _ after: Double) -> TraceDifference?
  {
    if before.bitPattern == after.bitPattern { return nil }
    return TraceDifference(
      .model, name, before: before.description, after: after.description,
      ulps: ulps(before, after))
  }

  // MARK: Result and what surrounds it

  private static func result(_ before: Trace, _ after: Trace) -> [TraceDifference] {
    if before.result == after.result,
      before.decidingRules == after.decidingRules
    {
      return []
    }
    let outcome = differing(.result, "outcome", before.resultText, after.resultText)
    let rule = differing(
      .result, "deciding rule", before.decidingRules, after.decidingRules)
    return [outcome, rule].compactMap(\.self)
  }

  private static func override(_ before: Trace, _ after: Trace) -> [TraceDifference] {
    func text(_ record: Trace.OverrideRecord?) -> String? {
      record.map { "\($0.schema.name), in place of \($0.replaced.displayText)" }
    }
    return [differing(.override, "override", text(before.override), text(after.override))]
      .compactMap(\.self)
  }

  private static func surroundings(_ before: Trace, _ after: Trace) -> [TraceDifference] {
    func rates(_ trace: Trace) -> String? {
      trace.conversions.isEmpty
        ? nil
        : trace.conversions.map {
          "\($0.currency) to \($0.target) at \($0.rate.plainText) of \($0.date)"
        }.joined(separator: ", ")
    }
    return [
      differing(.previous, "previous outcome", before.previousOutcome, after.previousOutcome),
      differing(
        .lineage, "events", "\(before.lineageLength)", "\(after.lineageLength)"),
      differing(
        .lineage, "head", before.lineageHead?.hexadecimal, after.lineageHead?.hexadecimal),
      differing(.conversion, "rates", rates(before), rates(after)),
    ].compactMap(\.self)
  }
}

extension Trace {
  /// The outcome as it is printed, or why there is none.
  package var resultText: String {
    switch result {
    case .decided(let outcome, _): outcome.displayText
    case .refused(let refusal, let field, _):
      "refused (\(Self.word(refusal))\(field.map { ": \($0)" } ?? ""))"
    }
  }

  private static func word(_ refusal: Refusal) -> String {
    switch refusal {
    case .missing: "missing"
    case .outOfRange: "out of range"
    case .overflow: "too large to compute"
    case .conflict: "rules conflict"
    case .noRule: "no rule holds"
    case .dependsOnRefused: "rests on a refused decision"
    case .notScored: "not scored"
    }
  }

  /// The names of the rules behind the result; nil if there are none.
  package var decidingRules: String? {
    switch result {
    case .decided: contributingRules.map { rules[$0].schema.name }.joined(separator: ", ")
    case .refused(_, _, let indices):
      indices.isEmpty ? nil : indices.map { rules[$0].schema.name }.joined(separator: ", ")
    }
  }
}

extension Trace.Value {
  /// The value, or why there is none; a masked one shows no more than its last characters.
  fileprivate var differenceText: String {
    guard let content else {
      return switch state {
      case .missing, .present: "missing"
      case .outOfRange: "out of range"
      case .overflow: "too large to compute"
      }
    }
    guard let keeps = field.maskKeeps else { return content.displayText }
    return Masking.masked(content.plainText, keeps: keeps)
  }

  /// A number in full, where what is printed of two is the same.
  fileprivate var exactText: String {
    guard case .number(let quotient, let scale, _, _)? = content else { return differenceText }
    return "\(quotient.numerator)/\(quotient.denominator) x 10^-\(scale)"
  }
}

extension ValueOrigin {
  fileprivate var word: String {
    switch self {
    case .input: "static"
    case .events: "events"
    case .supplied: "supplied"
    case .defaulted: "default"
    case .derived: "derived"
    }
  }
}

extension Trace.AttributionCheck? {
  fileprivate var text: String? {
    map { "\($0.residual) within \($0.tolerance), \($0.evaluationCount) scores" }
  }
}
