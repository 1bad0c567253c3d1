import DataFields
package import ThresholdCells

/// What differs between two versions of rulesets: what was written, and what decisions do with it.
package struct RulesetDifference: Sendable {
  /// Something that was added, removed or written otherwise.
  package struct Change: Sendable, Hashable {
    /// What it is: `cut point`, `rule`, `input`, `let`, ...
    package var kind: String
    package var name: String
    /// As each version has it; nil where it has none.
    package var before: String?
    package var after: String?
  }

  package private(set) var changes: [Change] = []
  /// Decisions that both versions have, each with the regions where it ends differently.
  package private(set) var decisions: [DecisionDifference] = []

  package init(old: Program, new: Program, budget: BoxBudget = .init()) {
    var writing = WrittenItems(old)
    let before = writing.items()
    writing = WrittenItems(new)
    let after = writing.items()
    var places: [String: Int] = [:]
    for (place, item) in after.enumerated() { places[item.key] = place }
    var matched: Set<Int> = []
    for item in before {
      guard let place = places[item.key] else {
        changes.append(Change(kind: item.kind, name: item.name, before: item.text, after: nil))
        continue
      }
      matched.insert(place)
      if after[place].text != item.text {
        changes.append(
          Change(
            kind: item.kind, name: item.name, before: item.text, after: after[place].text))
      }
    }
    for (place, item) in after.enumerated() where !matched.contains(place) {
      changes.append(Change(kind: item.kind, name: item.name, before: nil, after: item.text))
    }
    for (index, plan) in old.decisions.enumerated() {
      guard let other = new.decisions.firstIndex(where: { $0.name == plan.name }) else { continue }
      decisions.append(
        DecisionDifference(plan.name, old: (old, index), new: (new, other), budget: budget))
    }
  }
}

/// Everything that a ruleset says, item by item, in its own spelling.
private struct WrittenItems {
  struct Item {
    var kind: String
    var name: String
    var text: String

    var key: String { "\(kind) \(name)" }
  }

  private let program: Program
  private let spelling: ValueSpelling

  init(_ program: Program) {
    self.program = program
    spelling = ValueSpelling(program)
  }

  func items() -> [Item] {
    headers() + fields() + lets() + ranks() + artefacts() + decisions() + overrides()
  }

  private func headers() -> [Item] {
    program.rulesets.flatMap { header -> [Item] in
      func item(_ word: String, _ text: String?) -> Item? {
        text.map { Item(kind: "metadata", name: "\(header.name) \(word)", text: $0) }
      }
      var effective: String?
      switch (header.effectiveFrom, header.effectiveUntil) {
      case (let from?, let until?): effective = "\(from) ..< \(until)"
      case (let from?, nil): effective = "from \(from)"
      case (nil, let until?): effective = "until \(until)"
      case (nil, nil): break
      }
      return [
        item("version", "\(header.version)"), item("owner", header.owner),
        item("approved", header.approved), item("effective", effective),
        item("source", header.source),
      ].compactMap { $0 }
    }
  }

  private func fields() -> [Item] {
    program.inputs.flatMap { input in fields(input.name, input.fields, "input") }
      + program.events.flatMap { event in
        fields(event.name, event.fields + event.lists.flatMap(\.fields), "event")
      }
  }

  private func fields(_ record: String, _ fields: [FieldPlan], _ kind: String) -> [Item] {
    fields.map { field in
      var text = "\(name(of: field.type)) column \"\(field.column)\""
      if field.lowerBound != nil || field.upperBound != nil {
        let low = field.lowerBound.map { bound($0, field.type) } ?? ""
        let high = field.upperBound.map { bound($0, field.type) } ?? ""
        text += " in \(low) ... \(high)"
      }
      switch field.missing {
      case .refuse: break
      case .value: text += " missing is given a value"
      case .rule: text += " missing is asked by a rule"
      }
      let texts = field.missingTexts.map { String(decoding: $0, as: UTF8.self) }
      if !texts.isEmpty {
        text += " missing as " + texts.map { "\"\($0)\"" }.joined(separator: ", ")
      }
      if field.actionable != .yes { text += " actionable \(field.actionable.rawValue)" }
      return Item(kind: kind, name: "\(record).\(field.name)", text: text)
    }
  }

  /// A type as a ruleset declares it.
  private func name(of type: ValueType) -> String {
    let name =
      switch type {
      case .boolean: "bool"
      case .integer: "int"
      case .decimal(let scale, _): "decimal(\(scale))"
      case .quotient: "quotient"
      case .date: "date"
      case .text: "text"
      case .rank(let scale): program.scales[scale].name
      case .double: "float"
      }
    return type.unit.isNone ? name : "\(name) \(type.unit)"
  }

  private func bound(_ word: Int128, _ type: ValueType) -> String {
    switch type {
    case .date: CalendarDate(daysSinceEpoch: Int32(truncatingIfNeeded: word)).description
    case .double: Double(bitPattern: UInt64(truncatingIfNeeded: word)).description
    default: NumberText.plain(word, scale: type.scale)
    }
  }

  private func lets() -> [Item] {
    program.lets.map { Item(kind: "let", name: $0.name, text: $0.text) }
  }

  private func ranks() -> [Item] {
    program.ranks.flatMap { rank -> [Item] in
      let levels = program.scales[rank.scale].levels
      var items = [
        Item(
          kind: "rank", name: rank.name,
          text: "by \(spelling.name(rank.source)): "
            + rank.levels.map { levels[$0] }.joined(separator: ", "))
      ]
      for (index, word) in rank.cutPoints.enumerated() {
        items.append(
          Item(
            kind: "cut point", name: rank.cutPointNames[index],
            text: (rank.belongsBelow[index] ? "above " : "")
              + spelling.full(Quotient(word), slot: rank.source)))
      }
      return items
    }
  }

  private func artefacts() -> [Item] {
    program.models.map { Item(kind: "model", name: $0.name, text: "\($0.artefact.digest)") }
      + program.lists.map {
        Item(kind: "list", name: $0.artefact.path, text: "\($0.artefact.digest)")
      }
  }

  private func decisions() -> [Item] {
    program.decisions.enumerated().flatMap { index, plan -> [Item] in
      let report = FindingReport(program, decision: index)
      var items = [Item(kind: "decision", name: plan.name, text: "hit \(plan.policyText)")]
      for number in 0..<(plan.rules.count + (plan.otherwise == nil ? 0 : 1)) {
        let rule = report.rule(number)
        var text = rule.text.isEmpty ? "" : "when \(rule.text) "
        if FindingReport.isRow(rule) {
          text = rule.text
        } else {
          text += "then \(report.outcome(number))"
        }
        items.append(Item(kind: "rule", name: "\(plan.name).\(rule.name)", text: text))
        let reason = [rule.reasonCode, wording(of: rule.reasonText)].compactMap { $0 }
        items.append(
          Item(
            kind: "reason", name: "\(plan.name).\(rule.name)",
            text: reason.joined(separator: " ")))
      }
      // The order of rules decides where the first that holds does.
      if plan.hitPolicy == .first || plan.collectsList {
        items.append(
          Item(
            kind: "order of rules", name: plan.name,
            text: plan.rules.map { program.rules[$0].name }.joined(separator: ", ")))
      }
      return items
    }
  }

  private func wording(of pieces: [ReasonPiece]) -> String? {
    guard !pieces.isEmpty else { return nil }
    return "\""
      + pieces.map { piece in
        switch piece {
        case .text(let text): text
        case .slot(let slot): "{\(spelling.name(slot))}"
        }
      }.joined() + "\""
  }

  private func overrides() -> [Item] {
    program.overrides.map { plan in
      var text = "when \(plan.text) set \(program.decisions[plan.decision].name)"
      if plan.outcome < program.code.layout.constantCount {
        text +=
          " = "
          + spelling.bare(program.code.layout.constants[plan.outcome], slot: plan.outcome)
      }
      text += " by \"\(plan.authority)\""
      if let until = plan.until { text += " until \(until)" }
      return Item(kind: "override", name: plan.name, text: text)
    }
  }
}
