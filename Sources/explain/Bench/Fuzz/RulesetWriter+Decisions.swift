extension RulesetWriter {
  // MARK: Conditions

  mutating func condition(_ depth: Int) -> String {
    guard depth > 0, !random.once(in: 3) else { return atom() }
    switch random.next(below: 5) {
    case 0: return "not (\(condition(depth - 1)))"
    case 1: return "(\(condition(depth - 1)) or \(condition(depth - 1)))"
    case 2: return "\(atom()) or \(condition(depth - 1))"
    default: return "\(atom()) and \(condition(depth - 1))"
    }
  }

  private mutating func atom() -> String {
    switch random.next(below: 12) {
    case 0, 1: return rankAtom()
    case 2:
      guard let date = random.pick(dates) else { return numberAtom() }
      return random.word(
        "\(date) < 2015-06-01", "\(date) >= 2010-01-01", "\(date) in 2005-01-01 ..< 2020-01-01")
    case 3:
      guard let text = random.pick(texts) else { return numberAtom() }
      return random.word(
        "\(text) == \"one\"", "\(text) != \"two\"", "\(text) in (\"one\", \"two\")",
        "\(text) in list \(FuzzFiles.list)", "\(text) is missing")
    case 4:
      guard let flag = random.pick(flags) else { return numberAtom() }
      return random.word(flag, "not \(flag)", "\(flag) == true")
    case 5:
      guard let decision = random.pick(decisions), let outcome = random.pick(decision.outcomes)
      else { return numberAtom() }
      return decision.isList ? "\(outcome) in \(decision.name)" : "\(decision.name) == \(outcome)"
    case 6:
      guard let number = random.pick(numbers) else { return "true" }
      return "\(number.name) is \(random.word("present", "missing"))"
    default: return numberAtom()
    }
  }

  private mutating func rankAtom() -> String {
    guard let one = random.pick(ranks), let two = random.pick(ranks),
      let level = random.pick(scales[one.scale].levels)
    else { return numberAtom() }
    let sign = random.word("==", "!=", "<", "<=", ">", ">=")
    if one.scale == two.scale, one.name != two.name, random.once(in: 2) {
      return "\(one.name) \(sign) \(two.name)"
    }
    return "\(one.name) \(sign) \(level)"
  }

  private mutating func numberAtom() -> String {
    guard let one = random.pick(numbers) else { return "true" }
    let sign = random.word("==", "!=", "<", "<=", ">", ">=")
    switch random.next(below: 5) {
    case 0:
      let low = random.next(below: one.greatest)
      let high = low + 1 + random.next(below: one.greatest)
      return "\(one.name) in \(low) \(one.unit) \(random.word("...", "..<")) \(high) \(one.unit)"
    case 1:
      if let two = random.pick(numbers), two.unit == one.unit, two.name != one.name {
        return "\(one.name) \(sign) \(two.name)"
      }
      return "\(one.name) \(sign) \(quantity(one))"
    default: return "\(one.name) \(sign) \(quantity(one))"
    }
  }

  // MARK: Decisions

  mutating func decision(_ number: Int) {
    let name = "d\(number)"
    let policy = random.word(
      "first", "first", "unique", "any", "priority", "collect", "collect sum", "collect max",
      "collect count")
    let isNumber = policy == "collect sum" || policy == "collect max"
    let type = isNumber ? "int" : random.word("text", "text", "text", "bool", scales[0].name)
    let outcomes: [String]
    switch type {
    case "int": outcomes = ["0", "5", "17", "-3"]
    case "bool": outcomes = ["true", "false"]
    case "text": outcomes = ["\"one\"", "\"two\"", "\"three\""]
    default: outcomes = scales[0].levels
    }
    let listed = policy == "priority" ? " " + outcomes.joined(separator: " > ") : ""
    written = []
    add("decision \(name): \(type) hit \(policy)\(listed) {")
    if random.once(in: 3), !ranks.isEmpty { table(name, outcomes) } else { rules(outcomes) }
    if !random.once(in: 10) {
      add("  otherwise \(reason()) then \(outcome(outcomes))")
    }
    add("}")
    if policy != "collect count" {
      decisions.append((name: name, isList: policy == "collect", outcomes: written))
    }
  }

  private mutating func outcome(_ outcomes: [String]) -> String {
    let outcome = random.pick(outcomes) ?? "0"
    if !written.contains(outcome) { written.append(outcome) }
    return outcome
  }

  private mutating func rules(_ outcomes: [String]) {
    for number in 0...random.next(below: 4) {
      let outcome = outcome(outcomes)
      let gap = random.word(" ", "\n    ")
      add("  rule q\(number) \(reason())\(gap)when \(condition(2))\(gap)then \(outcome)")
    }
  }

  private mutating func table(_ name: String, _ outcomes: [String]) {
    let one = ranks[random.next(below: ranks.count)]
    let other = random.pick(numbers)
    add("  table")
    add("    \(one.name)\(other.map { " | \($0.name)" } ?? "") || then | reason")
    for row in 0...random.next(below: 4) {
      let level = random.pick(scales[one.scale].levels) ?? "*"
      var cells = random.word("*", level, level, "<= \(level)", "A, B")
      if let other {
        let low = random.next(below: other.greatest)
        cells +=
          " | "
          + random.word(
            "*", "< \(quantity(other))", ">= \(quantity(other))",
            "\(low) \(other.unit) ..< \(low + other.greatest / 2 + 1) \(other.unit)")
      }
      add("    \(cells) || \(outcome(outcomes)) | \(name.uppercased())-\(row)")
    }
  }

  mutating func override() {
    guard let decision = random.pick(decisions), let outcome = random.pick(decision.outcomes)
    else { return }
    add("override o0 \(reason()) by \"data protection\"\(random.word("", " until 2026-12-31")) {")
    add("  when \(condition(1))")
    add("  set \(decision.name) = \(outcome)")
    add("}")
  }

  // MARK: Tests

  mutating func tests() {
    let given = numbers.filter { $0.isGiven }
    guard let one = random.pick(given), let decision = random.pick(decisions),
      let outcome = random.pick(decision.outcomes)
    else { return }
    add("test \"a case\" {")
    add("  given \(given.map { "\($0.name) = \(quantity($0))" }.joined(separator: ", "))")
    if decision.isList {
      add("  expect \(decision.name) = (\(outcome), \(outcome))")
    } else {
      add(
        "  expect \(decision.name) = \(random.word(outcome, "refused"))\(random.word("", " by otherwise"))"
      )
    }
    add("}")
    if random.once(in: 2), !decision.isList {
      add("test table \"rows\" {")
      add("  \(one.name) || \(decision.name) | by")
      for _ in 0...random.next(below: 3) {
        add(
          "  \(random.word(quantity(one), "missing", "")) || \(random.word(outcome, "refused", "")) | \(random.word("*", "q0", "otherwise", "R-1"))"
        )
      }
      add("}")
    }
    if let rank = random.pick(ranks), random.once(in: 2) {
      add(
        "property \"\(word())\" { \(rank.name) \(random.word("rises", "falls")) with \(one.name) }")
    }
    if random.once(in: 6) { add("examples from \(FuzzFiles.examples)") }
  }
}
