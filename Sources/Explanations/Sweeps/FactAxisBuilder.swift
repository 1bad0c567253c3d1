import DataFields
import Decisions
import PMML
import RuleLanguage
import ThresholdCells

/// Finds where one fact's values are cut: by ranks, conditions, bounds and models, through the values
/// that are worked out from it.
struct FactAxisBuilder {
  private let decided: DecidedCase
  private let index: Int
  private let fact: Fact
  private let cuts: [Int: ModelCuts]
  private var forms: FactForms
  private var edges: [ThresholdEdge] = []
  private var words: Set<Int128> = []
  private var lists: Set<Int> = []
  private var doubts: [String] = []
  /// Whether it is compared with another fact, whose value need not stay.
  private var isComparedWithFacts = false

  init(_ decided: DecidedCase, fact index: Int) {
    let cuts = decided.modelCuts
    self.decided = decided
    self.index = index
    self.fact = decided.facts[index]
    self.cuts = cuts
    forms = FactForms(
      decided.program, decided.origins, decided.engine.workspace.row, fact: fact.slot,
      given: Set(decided.facts.map(\.slot)),
      steppedModels: Set(cuts.filter(\.value.isStepped).keys))
  }

  private var program: Program { decided.program }

  mutating func build() -> FactAxis {
    for step in decided.plan.steps {
      switch program.steps[step] {
      case .rank(let rank): add(rank: rank)
      case .compute(let range, _): add(range)
      case .decide(let decision):
        for rule in program.decisions[decision].rules {
          if let root = program.rules[rule].condition { add(condition: root) }
        }
      case .override(let override): add(condition: program.overrides[override].condition)
      case .model(let model): add(model: model)
      }
    }
    if !doubts.isEmpty { cutAtValues() }
    if isComparedWithFacts, !fact.isMasked { cutAtOwnValue() }
    let axis =
      fact.isOrdered
      ? ThresholdAxis(density: fact.density, domain: fact.domain, edges: edges) : nil
    let choices = fact.isOrdered ? [] : self.choices()
    let current: Int?
    if let value = fact.value {
      current =
        axis.map { $0.cell(of: fact.axisPlace(value)) } ?? choices.firstIndex(of: value)
    } else {
      current = nil
    }
    return FactAxis(
      fact: index, axis: axis, choices: choices,
      otherChoice: fact.type == .text ? Quotient(Int128(decided.otherCode)) : nil, doubts: doubts,
      current: current)
  }

  /// Where thresholds do not tell everything, the fact's own value is a cell of its own, the ends of
  /// its domain are, and what lies far off is told from what lies near.
  private mutating func cutAtValues() {
    guard fact.isOrdered else { return }
    var places = [fact.domain.lower, fact.domain.upper].compactMap(\.self)
    // Of a masked fact no cell may tell where it lies.
    if !fact.isMasked, let value = fact.value.map({ fact.axisPlace($0) }) {
      places.append(value)
      if fact.type != .double, fact.type != .date {
        let size = value.numerator == 0 ? Quotient(1) : value
        for factor in [-100, -10, -1, 0, 2, 10, 100, 10_000] as [Int128] {
          if let place = size.multiplied(by: Quotient(factor)) { places.append(place) }
        }
        if let half = size.divided(by: Quotient(2)) { places.append(half) }
      }
    }
    for place in places {
      edges.append(ThresholdEdge(place, isAfter: false))
      edges.append(ThresholdEdge(place, isAfter: true))
    }
  }

  /// The fact's own value is a cell of its own.
  private mutating func cutAtOwnValue() {
    guard fact.isOrdered, let value = fact.value.map({ fact.axisPlace($0) }) else { return }
    edges.append(ThresholdEdge(value, isAfter: false))
    edges.append(ThresholdEdge(value, isAfter: true))
  }

  private mutating func doubt(_ reason: String) {
    if !doubts.contains(reason) { doubts.append(reason) }
  }

  // MARK: Edges

  /// An edge on a value that moves with the fact.
  private mutating func add(_ edge: ThresholdEdge, on form: MoebiusForm) {
    switch form.root(of: edge.value) {
    case .none: break
    case .unknown: doubt("a threshold is too large to be told in `\(fact.name)`")
    case .at(let place):
      guard let rises = form.rises else {
        edges.append(ThresholdEdge(place, isAfter: false))
        edges.append(ThresholdEdge(place, isAfter: true))
        return
      }
      edges.append(ThresholdEdge(place, isAfter: rises ? edge.isAfter : !edge.isAfter))
    }
    addPole(of: form)
  }

  private mutating func addPole(of form: MoebiusForm) {
    guard case .at(let place) = form.pole else { return }
    edges.append(ThresholdEdge(place, isAfter: false))
    edges.append(ThresholdEdge(place, isAfter: true))
  }

  private mutating func add(rank index: Int) {
    let plan = program.ranks[index]
    switch forms.form(of: plan.source) {
    case .fixed, .steps: break
    case .unknown: doubt("how `\(name(plan.source))` moves with it is not followed")
    case .moving(let form):
      let isDouble = program.code.layout.slots[plan.source].type == .double
      for (cut, isAfter) in zip(plan.cutPoints, plan.belongsBelow) {
        let place = isDouble ? DoubleOrder.place(ofBits: cut) : cut
        add(ThresholdEdge(Quotient(place), isAfter: isAfter), on: form)
      }
    }
  }

  /// Bounds that lets declare, conditions that are values, and divisors that come to zero.
  private mutating func add(_ range: Range<Int>) {
    for instruction in program.code.instructions[range] {
      switch instruction.operation {
      case .condition: add(condition: Int(instruction.right))
      case .atLeast, .atMost:
        guard case .moving(let form) = forms.form(of: Int(instruction.destination)),
          let bound = decided.origins.constant(at: Int(instruction.right))
        else { continue }
        add(ThresholdEdge(bound, isAfter: instruction.operation == .atMost), on: form)
      case .divideQuotient:
        if case .moving(let form) = forms.form(of: Int(instruction.destination)) {
          addPole(of: form)
        }
      default: break
      }
    }
  }

  private mutating func add(condition root: Int) {
    for leaf in decided.origins.leaves(of: root) {
      let node = program.code.conditions[leaf]
      let (left, right) = (Int(node.left), Int(node.right))
      switch node.kind {
      case .compareWords, .compareQuotients, .compareDoubles:
        add(node.comparison, left, right)
      case .inList:
        if case .moving = forms.form(of: left) { lists.insert(right) }
      default: break
      }
    }
  }

  private mutating func add(_ comparison: Comparison, _ left: Int, _ right: Int) {
    if !decided.origins.isConstant(left), !decided.origins.isConstant(right) {
      isComparedWithFacts = true
    }
    switch (forms.form(of: left), forms.form(of: right)) {
    case (.moving(let form), .fixed(let value?)): add(comparison, form, value, left)
    case (.fixed(let value?), .moving(let form)): add(comparison.mirrored, form, value, right)
    case (.moving(let one), .moving(let other)):
      switch one.meeting(other) {
      case .none: break
      case .at(let place):
        edges.append(ThresholdEdge(place, isAfter: false))
        edges.append(ThresholdEdge(place, isAfter: true))
      case .unknown: doubt("where `\(name(left))` meets `\(name(right))` is not worked out")
      }
    case (.unknown, .fixed), (.unknown, .unknown), (.unknown, .moving), (.unknown, .steps):
      doubt("how `\(name(left))` moves with it is not followed")
    case (_, .unknown): doubt("how `\(name(right))` moves with it is not followed")
    case (.moving, .steps), (.steps, .moving):
      doubt("`\(name(left))` and `\(name(right))` move together")
    case (.fixed, _), (_, .fixed), (.steps, .steps): break
    }
  }

  private mutating func add(
    _ comparison: Comparison, _ form: MoebiusForm, _ value: Quotient, _ slot: Int
  ) {
    guard fact.isOrdered else {
      words.insert(value.numerator)
      return
    }
    let isDouble = program.code.layout.slots[slot].type == .double
    let place = isDouble ? Quotient(DoubleOrder.place(ofBits: value.numerator)) : value
    if comparison != .lessOrEqual, comparison != .greater {
      add(ThresholdEdge(place, isAfter: false), on: form)
    }
    if comparison != .less, comparison != .greaterOrEqual {
      add(ThresholdEdge(place, isAfter: true), on: form)
    }
  }

  private mutating func add(model index: Int) {
    guard let cuts = cuts[index] else { return }
    let loaded = decided.library.models[index]
    for (feed, fieldCuts) in zip(loaded.feeds, cuts.ofFeeds) {
      let form = forms.form(of: feed.slot)
      if case .unknown = form {
        doubt("how `\(loaded.plan.name)` is fed from it is not followed")
      }
      guard case .moving(let moving) = form else { continue }
      if !fieldCuts.isComplete {
        doubt("`\(loaded.plan.name)` computes with it and does not only compare it")
      }
      switch feed.crossing {
      case .text:
        var texts = decided.engine.texts
        for code in fieldCuts.categories {
          words.insert(Int128(texts.intern(loaded.model.program.texts.text(Int32(code)))))
        }
      case .score:
        for cut in fieldCuts.cuts {
          if cut.isFloat { doubt("`\(loaded.plan.name)` rounds it") }
          add(
            ThresholdEdge(Quotient(DoubleOrder.place(of: cut.value)), isAfter: cut.isAfter),
            on: moving)
        }
      case .double(let digits), .float(let digits):
        let isFloat = feed.crossing.isFloat
        for cut in fieldCuts.cuts {
          if let edge = RoundingEdge.edge(cut, digits: digits, feedsFloat: isFloat) {
            add(edge, on: moving)
          } else {
            doubt("a threshold of `\(loaded.plan.name)` is too fine to be told exactly")
          }
        }
      }
    }
  }

  // MARK: Choices

  /// What a text, a truth value or a level can be: each that is named, one of each group of list
  /// members, and its own value.
  private func choices() -> [Quotient] {
    switch fact.type {
    case .boolean: return [Quotient(0), Quotient(1)]
    case .rank(let scale): return program.scales[scale].levels.indices.map { Quotient(Int128($0)) }
    default: break
    }
    var known = words
    if let value = fact.value { known.insert(value.numerator) }
    // A text that nothing looks at, such as a key, is one to the decision.
    if words.isEmpty, lists.isEmpty { return fact.value.map { [$0] } ?? [] }
    let lists = lists.sorted()
    var signatures: Set<[Bool]> = []
    for word in known {
      signatures.insert(lists.map { program.lists[$0].contains(Int32(truncatingIfNeeded: word)) })
    }
    for list in lists {
      for member in program.lists[list].members where !known.contains(Int128(member)) {
        let signature = lists.map { program.lists[$0].contains(member) }
        if signatures.insert(signature).inserted { known.insert(Int128(member)) }
      }
    }
    // A text that nothing names.
    known.insert(Int128(decided.otherCode))
    return known.sorted().map { Quotient($0) }
  }

  private func name(_ slot: Int) -> String {
    let name = program.code.layout.slots[slot].name
    return name.isEmpty ? "a value of the ruleset" : name
  }
}
