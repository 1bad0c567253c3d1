import DataFields
import SourceDiagnostics
import ThresholdCells

/// The findings on a decision that has too many combinations to look at one by one: the same
/// questions, asked of boxes.
///
/// Each question has its own budget of boxes; what it does not settle is said to be not proved.
struct BoxAnalysis {
  private let decision: DecisionProducts
  private let wording: FindingWording
  private let budget: BoxBudget
  private var cover: CoverSearch
  /// What could not be proved, in words.
  private var open: [String] = []

  /// What was spent, before and by this analysis.
  var expense: BoxExpense { cover.expense }

  /// - Parameter tests: what other decisions have spent of the budget.
  init(_ decision: DecisionProducts, budget: BoxBudget, tests: Int = 0) {
    self.decision = decision
    self.budget = budget
    wording = FindingWording(decision.question)
    cover = CoverSearch(decision.table, budget: budget)
    cover.expense.tests = tests
  }

  /// All findings but those on thresholds, and what these rest on.
  mutating func findings() -> (findings: [Diagnostic], subject: ThresholdAnalysis.Subject) {
    var findings = unreachable()
    let hasDeadText = !findings.isEmpty
    findings += coverage()
    let hasDeadOtherwise = findings.contains { $0.code == "U2" } && !hasDeadText
    let overlaps = self.overlaps()
    findings += overlaps
    let steps = self.steps()
    findings += notProved()
    return (
      findings,
      ThresholdAnalysis.Subject(
        // Where rules exclude one another wrongly, what ends beside a threshold is not settled.
        question: decision.question, steps: steps,
        hasDeadText: hasDeadText || hasDeadOtherwise || !overlaps.isEmpty)
    )
  }

  private var rules: Range<Int> { decision.products.indices }

  // MARK: U1, U2

  private mutating func unreachable() -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for rule in rules {
      let boxes = boxes(of: rule)
      if boxes.isEmpty {
        findings.append(wording.holdsForNothing(rule))
        continue
      }
      guard decision.isOrdered else { continue }
      let stronger = decision.stronger(than: rule)
      var used: Set<Int32> = []
      var isDead = true
      search: for box in boxes {
        cover.expense.tests += stronger.count
        guard cover.expense.isWithin(budget) else {
          open.append("whether \(name(rule)) ever decides")
          isDead = false
          break
        }
        let meeting = stronger.filter { decision.table.meets($0, box) }
        switch cover.free(in: box, of: meeting) {
        case .covered: used.formUnion(cover.usedOwners)
        case .free:
          isDead = false
          break search
        case .notProved:
          isDead = false
          open.append("whether \(name(rule)) ever decides")
          break search
        }
      }
      if isDead { findings.append(wording.covered(rule, by: coverers(of: boxes, among: used))) }
    }
    return findings
  }

  /// The boxes of a rule among the combinations on which rules are asked. A rule's product may have
  /// several runs on an axis; each is a box of its own, up to a number beyond which the hull stands
  /// for all (what is looked for in it must then lie in the product).
  private func boxes(of rule: Int) -> [CellBox] {
    decision.products[rule].flatMap { product in
      decision.table.boxes(product, within: decision.everything)
    }
  }

  /// Few of the rules that cover boxes: one alone if there is one, else none that can be spared.
  private mutating func coverers(of boxes: [CellBox], among used: Set<Int32>) -> [Int] {
    var kept = used.map { Int($0) }.sorted()
    for rule in kept where isCovered(boxes, by: [rule]) { return [rule] }
    guard kept.count <= 64 else { return kept }
    for rule in kept.reversed() where kept.count > 1 {
      let without = kept.filter { $0 != rule }
      if isCovered(boxes, by: without) { kept = without }
    }
    return kept
  }

  private mutating func isCovered(_ boxes: [CellBox], by rules: [Int]) -> Bool {
    boxes.allSatisfy { box in
      cover.free(in: box, of: rules.flatMap { Array(decision.products[$0]) }) == .covered
    }
  }

  // MARK: G1, S1, and `otherwise` that nothing reaches

  private mutating func coverage() -> [Diagnostic] {
    let all = 0..<decision.table.count
    guard decision.question.plan.otherwise != nil else { return gaps() }
    switch cover.free(in: decision.everything, of: all) {
    case .covered: return [wording.deadOtherwise()]
    case .notProved:
      open.append("whether `otherwise` ever decides")
      return []
    case .free: break
    }
    let total = CoverSearch.volume(of: decision.everything)
    let members = cover.countFree(in: decision.everything, of: all)
    guard let members, let total else { return [wording.share("some", of: "the")] }
    return [
      wording.share(
        (members.isComplete ? "" : "at least ") + NumberText.grouped(members.count, scale: 0),
        of: NumberText.grouped(total, scale: 0))
    ]
  }

  /// Gaps, each grown as far as no rule holds; one that was found is covered for the next.
  private mutating func gaps() -> [Diagnostic] {
    var found: [CellBox] = []
    defer { cover.removeLast(downTo: decision.table.count) }
    let everything = decision.everything
    var tests = cover.expense.tests
    let uncovered = UncoveredValues(decision.question) { axis, cell in
      guard everything.ranges[axis].contains(cell) else { return nil }
      var slice = everything
      slice.ranges[axis] = cell..<(cell + 1)
      tests += decision.table.count
      guard tests < budget.tests else { return nil }
      return (0..<decision.table.count).contains { decision.table.meets($0, slice) }
    }
    for value in uncovered.values {
      cover.append(
        CellProduct(uncovered.box(value, within: everything)), owner: rules.upperBound)
    }
    cover.expense.tests = tests
    var isComplete = false
    while found.count <= GapAnalysis.limit {
      switch cover.free(in: decision.everything, of: 0..<cover.table.count) {
      case .covered: isComplete = true
      case .notProved:
        if found.isEmpty { open.append("whether the rules cover every input") }
        isComplete = true
      case .free(let box):
        let gap = grown(box)
        found.append(gap)
        cover.append(CellProduct(gap), owner: rules.upperBound)
      }
      if isComplete { break }
    }
    let shown = found.prefix(GapAnalysis.limit)
    return uncovered.findings(within: everything)
      + shown.enumerated().map { number, box in
        let isLast = number == shown.count - 1 && found.count > shown.count
        return wording.gap(
          box, witness: box.ranges.map(\.lowerBound),
          named: QuestionText(decision.question).bound(box),
          more: isLast ? "there are more combinations without a rule" : nil)
      }
  }

  /// The box, drawn out on one axis after the other until it meets a rule.
  private func grown(_ box: CellBox) -> CellBox {
    var box = box
    for axis in box.ranges.indices {
      let asked = decision.everything.ranges[axis]
      var wide = box
      wide.ranges[axis] = asked
      var lower = asked.lowerBound
      var upper = asked.upperBound
      let start = box.ranges[axis].lowerBound
      for product in 0..<decision.table.count where decision.table.meets(product, wide) {
        // Its runs on this axis lie on one side of the box or the other.
        for run in decision.table.cells(of: axis, in: product) {
          if run.upperBound <= start {
            lower = max(lower, run.upperBound)
          } else {
            upper = min(upper, run.lowerBound)
          }
        }
      }
      box.ranges[axis] = min(lower, start)..<max(upper, box.ranges[axis].upperBound)
    }
    return box
  }

  // MARK: O1, O2

  private mutating func overlaps() -> [Diagnostic] {
    let policy = decision.question.plan.hitPolicy
    guard policy == .unique || policy == .any else { return [] }
    var findings: [Diagnostic] = []
    var count = 0
    for earlier in rules {
      cover.expense.tests += 4 * (rules.upperBound - earlier)
      guard cover.expense.isWithin(budget) else {
        open.append("which rules overlap")
        break
      }
      for later in rules.dropFirst(earlier + 1) {
        if policy == .any, decision.outcomes[earlier] == decision.outcomes[later] { continue }
        guard let witness = common(earlier, later) else { continue }
        count += 1
        if findings.count == OverlapAnalysis.limit { continue }
        let axes = (axes(of: earlier).union(axes(of: later))).sorted()
        findings.append(wording.overlap(earlier, later, witness: witness, named: axes))
      }
    }
    if count > findings.count {
      findings[findings.count - 1].notes.append(
        "\(count - findings.count) more pairs of rules overlap")
    }
    return findings
  }

  private func common(_ one: Int, _ other: Int) -> [Int]? {
    for left in decision.products[one] {
      for right in decision.products[other] {
        if let cells = decision.table.common(left, right, within: decision.everything) {
          return cells
        }
      }
    }
    return nil
  }

  private func axes(of rule: Int) -> Set<Int> {
    var axes: Set<Int> = []
    for product in decision.products[rule] { axes.formUnion(decision.table.axes(of: product)) }
    return axes
  }

  // MARK: T1, T2

  /// What each step along each axis does to the outcome.
  private mutating func steps() -> [[ThresholdAnalysis.Step]] {
    var steps = decision.question.axes.map { axis in
      Array(repeating: ThresholdAnalysis.Step.unchanged, count: max(0, axis.valueCount - 1))
    }
    if decision.question.plan.choosing == .collect {
      collectedSteps(&steps)
      note(steps)
      return steps
    }
    var search = ChangeSearch(
      decision.table, outcomes: decision.outcomes, other: decision.outcomeOfOthers,
      budget: budget, expense: cover.expense)
    for rule in rules {
      for product in decision.products[rule] {
        for axis in decision.table.axes(of: product) {
          for run in decision.table.cells(of: axis, in: product) {
            for place in [run.lowerBound, run.upperBound]
            where place > 0 && place <= steps[axis].count && steps[axis][place - 1] != .changes {
              switch search.change(
                axis: axis, place: place, at: product, in: decision.everything)
              {
              case .changes: steps[axis][place - 1] = .changes
              case .unchanged: break
              case .notProved: steps[axis][place - 1] = .notProved
              }
            }
          }
        }
      }
    }
    cover.expense = search.expense
    note(steps)
    return steps
  }

  /// The same where every rule that holds counts: the cells on the two sides of a step are compared
  /// as two decisions are.
  private mutating func collectedSteps(_ steps: inout [[ThresholdAnalysis.Step]]) {
    let plan = decision.question.plan
    let program = decision.question.program
    let collected = CollectedOutcomes(
      program, plan, OutcomeClasses(program, plan, rules: Array(plan.rules)))
    var placesOfAxis: [Int: Set<Int>] = [:]
    for product in 0..<decision.table.count {
      for axis in decision.table.axes(of: product) {
        for run in decision.table.cells(of: axis, in: product) {
          placesOfAxis[axis, default: []].formUnion([run.lowerBound, run.upperBound])
        }
      }
    }
    for axis in steps.indices {
      let places = placesOfAxis[axis] ?? []
      for place in places.sorted() where place > 0 && place <= steps[axis].count {
        cover.expense.tests += 4 * decision.table.count
        guard cover.expense.isWithin(budget) else {
          steps[axis][place - 1] = .notProved
          continue
        }
        let entries = (0..<decision.table.count).compactMap { product -> SideSearch.Entry? in
          let (below, above) = decision.table.sides(of: product, axis: axis, place: place)
          guard below || above else { return nil }
          return SideSearch.Entry(product: product, isFirst: below, isSecond: above)
        }
        var search = CollectSearch(
          decision.table, ownerCount: rules.count, budget: budget, expense: cover.expense)
        var changes = false
        let isDone = search.differences(
          in: decision.everything, entries: entries, apartFrom: axis,
          judge: { first, second, isWhole in
            collected.verdict(first.map { Int($0) }, second.map { Int($0) }, isWhole: isWhole)
          },
          visit: { _, _, _ in
            changes = true
            return false
          })
        cover.expense = search.expense
        steps[axis][place - 1] = changes ? .changes : isDone ? .unchanged : .notProved
      }
    }
  }

  private mutating func note(_ steps: [[ThresholdAnalysis.Step]]) {
    let unknown = steps.joined().count { $0 == .notProved }
    if unknown > 0 {
      open.append("whether \(unknown) threshold\(unknown == 1 ? "" : "s") change any outcome")
    }
  }

  // MARK: P1

  private func name(_ rule: Int) -> String {
    FindingReport(decision.question.program, decision: decision.question.decision).name(rule)
  }

  private func notProved() -> [Diagnostic] {
    guard !open.isEmpty else { return [] }
    let plan = decision.question.plan
    let report = FindingReport(decision.question.program, decision: decision.question.decision)
    var notes = open.prefix(5).map { "not proved: \($0)" }
    if open.count > 5 { notes.append("and \(open.count - 5) more") }
    notes.append(
      "\(cover.expense.boxes) boxes were looked at, at most \(budget.boxesPerQuestion) a question")
    var findings = [
      report.onDecision(
        "P1", .warning, "not everything about the rules of `\(plan.name)` could be proved",
        notes: notes, help: ["split the decision into smaller ones"])
    ]
    if open.contains("whether the rules cover every input") {
      findings.append(
        report.onDecision(
          "G1", .error, "not proved that the rules of `\(plan.name)` cover every input",
          help: ["add   otherwise reason CODE-99 \"...\" then ..."]))
    }
    return findings
  }
}
