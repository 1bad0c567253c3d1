import DataFields
import ThresholdCells

/// Walks the conditions of a decision and gathers what each quantity is compared with.
struct QuestionBuilder {
  /// What is known of one axis while the conditions are walked.
  struct Draft {
    var slot: Int
    var edges: [ThresholdEdge] = []
    var words: [Int128] = []
    var lists: [Int] = []
    var ranks: [Int] = []
    var copies: [Int] = []
    var isCutDirectly = false
    /// Edges at which the decision's own conditions cut, not those of one made on the way.
    var ownEdges: Set<ThresholdEdge> = []
    var comparisonTexts: [DecisionAxis.Choice] = []
    /// The two values that a comparison is about.
    var compared: [Int] = []
    var canBeMissing = false
    var isIndirect = false
    /// What another question cuts the same quantity with.
    var refinement: AxisRefinement?
  }

  var program: Program
  let decision: Int
  let origins: ValueOrigins
  var drafts: [Draft] = []
  var work: Set<DecisionQuestion.Work> = []
  var derived: [Int: DecisionQuestion.Derived] = [:]
  /// A value whose effect is asked for: decisions that rest on it are made on the way.
  var inlined: Int?
  private var visited: Set<Int> = []
  private var isIndirect = false
  private var comparisonSlots: [String: Int] = [:]
  private var zeroSlot: Int?

  init(_ program: Program, decision: Int) {
    self.program = program
    // Conditions are rewritten here, and an analysis rests on nothing but them.
    self.program.dropIndexes()
    self.decision = decision
    origins = ValueOrigins(program)
  }

  mutating func collect() {
    for rule in program.decisions[decision].rules {
      if let root = program.rules[rule].condition { collect(condition: root) }
    }
    inlineSharedDecisions()
  }

  private mutating func collect(condition root: Int) {
    guard visited.insert(root).inserted else { return }
    for leaf in origins.leaves(of: root) { collect(leaf: leaf) }
  }

  private mutating func collect(leaf index: Int) {
    let node = program.code.conditions[index]
    let left = Int(node.left)
    let right = Int(node.right)
    switch node.kind {
    case .isPresent, .isMissing:
      if let draft = draft(for: left) { drafts[draft].canBeMissing = true }
    case .isTrue:
      _ = draft(for: left)
    case .inList:
      if let draft = draft(for: left), !drafts[draft].lists.contains(right) {
        drafts[draft].lists.append(right)
        drafts[draft].isCutDirectly = true
      }
    case .compareWords, .compareQuotients, .compareDoubles:
      switch (origins.isConstant(left), origins.isConstant(right)) {
      case (true, true): break
      case (false, true): cut(left, node.comparison, at: right)
      case (true, false): cut(right, node.comparison.mirrored, at: left)
      case (false, false): compare(index)
      }
    case .all, .any, .not: break
    }
  }

  /// A comparison with a constant cuts the axis.
  private mutating func cut(_ slot: Int, _ comparison: Comparison, at constant: Int) {
    guard let draft = draft(for: slot) else { return }
    // A rank's levels are cut already, where its thresholds lie.
    if origins.rank(at: resolved(slot)) != nil { return }
    let value = program.code.layout.constants[constant]
    drafts[draft].isCutDirectly = true
    if isOrdered(drafts[draft].slot) {
      var value = value
      if program.code.layout.slots[drafts[draft].slot].type == .double {
        value = Quotient(DoubleOrder.place(ofBits: value.numerator))
      }
      var edges: [ThresholdEdge] = []
      if comparison != .lessOrEqual, comparison != .greater {
        edges.append(ThresholdEdge(value, isAfter: false))
      }
      if comparison != .less, comparison != .greaterOrEqual {
        edges.append(ThresholdEdge(value, isAfter: true))
      }
      drafts[draft].edges += edges
      if !isIndirect { drafts[draft].ownEdges.formUnion(edges) }
    } else if !drafts[draft].words.contains(value.numerator) {
      drafts[draft].words.append(value.numerator)
    }
  }

  /// A comparison of two values: of ranks or outcomes, their cells settle it; of anything else,
  /// how they compare becomes a quantity of its own.
  private mutating func compare(_ index: Int) {
    let node = program.code.conditions[index]
    let (left, right) = (Int(node.left), Int(node.right))
    if isEnumerated(left) && isEnumerated(right) || resolved(left) == resolved(right) {
      _ = draft(for: left)
      _ = draft(for: right)
      return
    }
    let names = (spelled(left), spelled(right))
    let key = "\(resolved(left)) \(resolved(right))"
    let isOrdered = isOrdered(resolved(left))
    let zero = zeroSlot ?? addSlot()
    zeroSlot = zero
    var slot = comparisonSlots[key]
    if slot == nil {
      let added = addSlot()
      comparisonSlots[key] = added
      slot = added
      var draft = Draft(slot: added)
      draft.isIndirect = isIndirect
      draft.compared = [left, right]
      draft.comparisonTexts =
        isOrdered
        ? [
          .init(word: -1, text: "\(names.0) < \(names.1)"),
          .init(word: 0, text: "\(names.0) == \(names.1)"),
          .init(word: 1, text: "\(names.0) > \(names.1)"),
        ]
        : [
          .init(word: 0, text: "\(names.0) == \(names.1)"),
          .init(word: 1, text: "\(names.0) != \(names.1)"),
        ]
      drafts.append(draft)
    }
    var replaced = node
    replaced.kind = .compareWords
    replaced.left = Int32(slot ?? zero)
    replaced.right = Int32(zero)
    program.code.conditions[index] = replaced
  }

  private mutating func addSlot() -> Int {
    let layout = program.code.layout
    let constants = layout.constants.enumerated().map {
      (slot: layout.slots[$0.offset], value: $0.element)
    }
    program.code.layout = RowLayout(
      constants: constants,
      slots: layout.slots.dropFirst(layout.constantCount)
        + [RowLayout.Slot(name: "", type: .integer(.none))])
    return program.code.layout.slots.count - 1
  }

  private func spelled(_ slot: Int) -> String { ValueSpelling(program).name(slot) }

  /// Whether a value is one of a few: a rank's level, an outcome, a truth value.
  private func isEnumerated(_ slot: Int) -> Bool {
    let slot = resolved(slot)
    if origins.isConstant(slot) || origins.rank(at: slot) != nil { return true }
    if let other = origins.decision(at: slot) { return !program.decisions[other].addsUp }
    switch program.code.layout.slots[slot].type {
    case .boolean, .rank: return true
    default: return false
    }
  }

  private func isOrdered(_ slot: Int) -> Bool {
    if let other = origins.decision(at: slot), !program.decisions[other].addsUp { return false }
    switch program.code.layout.slots[slot].type {
    case .integer, .decimal, .quotient, .date, .double: return true
    case .boolean, .text, .rank: return false
    }
  }

  /// Follows plain copies to the value that is copied.
  private func resolved(_ slot: Int) -> Int {
    var slot = slot
    while let (instruction, _) = origins.definition(of: slot), instruction.operation == .copy,
      !origins.isConstant(Int(instruction.left))
    {
      slot = Int(instruction.left)
    }
    return slot
  }

  /// The draft of the axis on which a slot's value lies; nil if it is computed on the way.
  private mutating func draft(for slot: Int) -> Int? {
    let base = resolved(slot)
    if let rank = origins.rank(at: base) {
      guard let draft = draft(for: program.ranks[rank].source) else { return nil }
      addRank(rank, to: draft)
      if base != slot { addCopy(slot, to: draft) }
      return draft
    }
    if let (instruction, _) = origins.definition(of: base), instruction.operation == .condition {
      work.formUnion(copying(slot))
      if let computation = origins.work(of: base) { work.insert(computation) }
      collect(condition: Int(instruction.right))
      return nil
    }
    if let owner = collector(ofMember: base), program.decisions[owner].overrides.isEmpty {
      inline(owner)
      derive(copying(slot), slots: [slot], from: owner)
      return nil
    }
    if let index = drafts.firstIndex(where: { $0.slot == base }) {
      if !isIndirect { drafts[index].isIndirect = false }
      if base != slot { addCopy(slot, to: index) }
      return index
    }
    var draft = Draft(slot: base)
    draft.isIndirect = isIndirect
    if case .rule = origins.missingPolicy(of: base) { draft.canBeMissing = true }
    drafts.append(draft)
    if base != slot { addCopy(slot, to: drafts.count - 1) }
    return drafts.count - 1
  }

  /// The decision that collects what a member (`"call" in offers`) is about.
  private func collector(ofMember slot: Int) -> Int? {
    program.decisions.firstIndex { plan in plan.members.contains { $0.slot == slot } }
  }

  /// Makes another decision on the way.
  private mutating func inline(_ other: Int) {
    if let step = program.steps.firstIndex(of: .decide(other)) {
      work.insert(DecisionQuestion.Work(step: step))
    }
    derive([], slots: [], from: other)
    let wasIndirect = isIndirect
    isIndirect = true
    for rule in program.decisions[other].rules {
      if let root = program.rules[rule].condition { collect(condition: root) }
    }
    isIndirect = wasIndirect
  }

  /// Notes what is computed from the outcome of a decision made on the way.
  private mutating func derive(
    _ work: [DecisionQuestion.Work], slots: Set<Int>, from other: Int
  ) {
    self.work.formUnion(work)
    var known = derived[other] ?? DecisionQuestion.Derived()
    known.work.formUnion(work)
    known.slots.formUnion(slots.filter { !program.decisions[other].isOutcome($0) })
    derived[other] = known
  }

  /// What copies a value to a slot, from the slot that ``resolved(_:)`` leads to.
  private func copying(_ slot: Int) -> [DecisionQuestion.Work] {
    let base = resolved(slot)
    var work: [DecisionQuestion.Work] = []
    var slot = slot
    while slot != base, let (instruction, _) = origins.definition(of: slot) {
      if let copy = origins.work(of: slot) { work.append(copy) }
      slot = Int(instruction.left)
    }
    return work
  }

  private mutating func addCopy(_ slot: Int, to draft: Int) {
    if !drafts[draft].copies.contains(slot) { drafts[draft].copies.append(slot) }
  }

  private mutating func addRank(_ rank: Int, to draft: Int) {
    guard !drafts[draft].ranks.contains(rank) else { return }
    drafts[draft].ranks.append(rank)
    let plan = program.ranks[rank]
    let isDouble = program.code.layout.slots[drafts[draft].slot].type == .double
    for (cut, isAfter) in zip(plan.cutPoints, plan.belongsBelow) {
      let value = isDouble ? DoubleOrder.place(ofBits: cut) : cut
      drafts[draft].edges.append(ThresholdEdge(Quotient(value), isAfter: isAfter))
    }
  }

  /// An outcome that rests on a quantity which this decision asks about as well is no quantity of
  /// its own: its decision is made on the way.
  private mutating func inlineSharedDecisions() {
    var isChanged = true
    while isChanged {
      isChanged = false
      for (index, draft) in drafts.enumerated() {
        guard let other = origins.decision(at: draft.slot),
          program.decisions[other].overrides.isEmpty,
          sharesQuantity(index) || restsOnInlined(draft.slot)
        else { continue }
        drafts.remove(at: index)
        inline(other)
        for rank in draft.ranks {
          let plan = program.ranks[rank]
          if let step = program.steps.firstIndex(of: .rank(rank)) {
            derive(
              copying(plan.source) + [DecisionQuestion.Work(step: step)],
              slots: [plan.source, plan.slot], from: other)
          }
        }
        for copy in draft.copies { derive(copying(copy), slots: [copy], from: other) }
        isChanged = true
        break
      }
    }
  }

  private func restsOnInlined(_ slot: Int) -> Bool {
    guard let inlined else { return false }
    return ValueDirections(program, origins, of: inlined).direction(of: slot) != .stays
  }

  private func sharesQuantity(_ index: Int) -> Bool {
    // A score is opaque: what feeds its model ties it to nothing.
    let bases = origins.bases(of: drafts[index].slot, scoresAreOpaque: true)
    return drafts.indices.contains { other in
      guard other != index, drafts[other].comparisonTexts.isEmpty else { return false }
      let others = origins.bases(of: drafts[other].slot, scoresAreOpaque: true)
      return others.keys.contains { bases[$0] != nil }
    }
  }

  /// Cuts quantities where another question cuts them as well.
  mutating func refine(by refinements: [String: AxisRefinement]) {
    for index in drafts.indices {
      guard let refinement = refinements[AxisRefinement.key(drafts[index], program)] else {
        continue
      }
      drafts[index].refinement = refinement
      drafts[index].edges += refinement.edges
      drafts[index].canBeMissing = drafts[index].canBeMissing || refinement.canBeMissing
    }
  }

  // MARK: Axes

  func axes() -> [DecisionAxis] {
    var scratch = EvaluationWorkspace(program)
    return drafts.map { axis($0, &scratch) }
  }

  private func axis(_ draft: Draft, _ scratch: inout EvaluationWorkspace) -> DecisionAxis {
    let quantity: DecisionAxis.Quantity
    if !draft.comparisonTexts.isEmpty {
      quantity = .choices(draft.comparisonTexts)
    } else if isOrdered(draft.slot) {
      var density = ThresholdAxis.Density.steps
      if case .quotient = program.code.layout.slots[draft.slot].type { density = .continuous }
      quantity = .ordered(
        ThresholdAxis(
          density: density,
          domain: draft.refinement?.domain ?? origins.domain(of: draft.slot),
          edges: draft.edges))
    } else {
      quantity = .choices(choices(draft))
    }
    var axis = DecisionAxis(
      slot: draft.slot, quantity: quantity, ranks: draft.ranks,
      isCutDirectly: draft.isCutDirectly, isComparison: !draft.comparisonTexts.isEmpty,
      compared: draft.compared, canBeMissing: draft.canBeMissing, isIndirect: draft.isIndirect,
      written: [:], writes: [])
    switch quantity {
    case .ordered(let cells):
      // Of two ways to write an edge the one on this side of the value is the plainer.
      for edge in draft.edges.sorted() {
        guard let canonical = ThresholdAxis.canonical(edge, cells.density) else { continue }
        if axis.written[canonical] == nil || !edge.isAfter { axis.written[canonical] = edge }
        if draft.ownEdges.contains(edge) { axis.ownEdges.insert(canonical) }
      }
      for cell in cells.cells.indices {
        let witness = cells.witness(cell)
        if program.code.layout.slots[draft.slot].type == .double {
          let bits = DoubleOrder.value(at: witness.numerator).bitPattern
          axis.writes.append(writes(draft, Quotient(Int128(bits)), &scratch))
        } else {
          axis.writes.append(writes(draft, witness, &scratch))
        }
      }
    case .choices(let choices):
      axis.writes = choices.map { writes(draft, Quotient($0.word), &scratch) }
      if !draft.comparisonTexts.isEmpty, let zeroSlot {
        // What the result is compared with; a slot that nobody writes would be missing.
        let zero = DecisionAxis.Write(
          slot: zeroSlot, value: 0, denominator: 1, isPresent: true)
        for index in axis.writes.indices { axis.writes[index].append(zero) }
      }
    }
    if draft.canBeMissing { axis.writes.append(writes(draft, nil, &scratch)) }
    return axis
  }

  /// What the row holds where the quantity has a value: the ranks by the engine's own step.
  private func writes(
    _ draft: Draft, _ value: Quotient?, _ scratch: inout EvaluationWorkspace
  ) -> [DecisionAxis.Write] {
    scratch.clear()
    if let value {
      for slot in [draft.slot] + draft.copies {
        scratch.row.set(slot, to: value.numerator, over: value.denominator, origin: .derived)
      }
    }
    // A copy may be what a rank cuts, or of a rank: copies of ranks are set after the ranks.
    for source in draft.ranks.map({ program.ranks[$0].source }) where source != draft.slot {
      if let value {
        scratch.row.set(source, to: value.numerator, over: value.denominator, origin: .derived)
      }
    }
    for rank in draft.ranks { program.rank(rank, in: &scratch, keepSupplied: false) }
    for slot in draft.copies {
      let base = resolved(slot)
      guard base != draft.slot else { continue }
      if scratch.row.isPresent(base) {
        scratch.row.set(slot, to: scratch.row.value(base), origin: .derived)
      } else {
        scratch.row.mark(slot, .missing, origin: .derived)
      }
    }
    let sources = draft.ranks.map { program.ranks[$0].source }
    let ranks = draft.ranks.map { program.ranks[$0].slot }
    var seen: Set<Int> = []
    return ([draft.slot] + draft.copies + sources + ranks).filter { seen.insert($0).inserted }.map {
      DecisionAxis.Write(
        slot: $0, value: scratch.row.value($0), denominator: scratch.row.denominator($0),
        isPresent: scratch.row.isPresent($0))
    }
  }

  private func choices(_ draft: Draft) -> [DecisionAxis.Choice] {
    let spelling = ValueSpelling(program)
    func choice(_ word: Int128) -> DecisionAxis.Choice {
      .init(word: word, text: spelling.bare(Quotient(word), slot: draft.slot))
    }
    if let other = origins.decision(at: draft.slot) {
      let plan = program.decisions[other]
      let rules = Array(plan.rules) + (plan.otherwise.map { [$0] } ?? [])
      let outcomes =
        rules.map { program.rules[$0].outcome }
        + plan.overrides.map { program.overrides[$0].outcome }
      var words: [Int128] = []
      for outcome in outcomes where origins.isConstant(outcome) {
        let word = program.code.layout.constants[outcome].numerator
        if !words.contains(word) { words.append(word) }
      }
      return refined(words.map(choice), draft)
    }
    switch program.code.layout.slots[draft.slot].type {
    case .boolean:
      return [choice(0), choice(1)]
    case .rank(let scale):
      return program.scales[scale].levels.indices.map { choice(Int128($0)) }
    default:
      break
    }
    // A text: each that a condition names, each group of list members, and any other.
    var words = draft.words
    var signatures: Set<[Bool]> = []
    for list in draft.lists {
      for member in program.lists[list].members where !words.contains(Int128(member)) {
        let signature = draft.lists.map { program.lists[$0].contains(member) }
        if signatures.insert(signature).inserted { words.append(Int128(member)) }
      }
    }
    return refined(words.map(choice), draft)
      + [.init(word: Int128(Int32.max), text: "any other text")]
  }

  /// With the texts that another question names, in an order that both share.
  private func refined(_ choices: [DecisionAxis.Choice], _ draft: Draft) -> [DecisionAxis.Choice] {
    guard let refinement = draft.refinement else { return choices }
    var all = choices
    for text in refinement.texts where !all.contains(where: { $0.text == text }) {
      all.append(.init(word: word(of: text, draft.slot), text: text))
    }
    return all.sorted { $0.text < $1.text }
  }

  /// A text that this program knows has a code; one that it does not is like no text it names.
  private func word(of spelled: String, _ slot: Int) -> Int128 {
    guard case .text = program.code.layout.slots[slot].type else { return Int128(Int32.max) - 1 }
    for code in 0..<program.texts.count {
      if "\"\(program.texts.text(Int32(code)))\"" == spelled { return Int128(code) }
    }
    return Int128(Int32.max) - 1
  }
}
