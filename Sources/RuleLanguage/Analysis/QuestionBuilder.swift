import DataFields
import ThresholdCells

/// Walks the conditions of a decision and gathers what each quantity is compared with.
struct QuestionBuilder {
  /// What is known of one axis while the conditions are walked.
  struct Draft {
    var slot: Int
    var edges: [ThresholdEdge] = []
    var words: [Int128] = []
    var knownWords: Set<Int128> = []
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
    /// Values that are linear forms of this one, where questions are to be compared.
    var images: [Int: LinearForm] = [:]
  }

  var program: Program
  let decision: Int
  let origins: ValueOrigins
  var drafts: [Draft] = []
  var work: Set<DecisionQuestion.Work> = []
  var derived: [Int: DecisionQuestion.Derived] = [:]
  /// A value whose effect is asked for: decisions that rest on it are made on the way.
  var inlined: Int?
  /// How the question is to be compared with that of another version.
  var sharing: QuestionSharing?
  /// Whether some threshold lies beyond what a word holds, so that cells cannot be told.
  private(set) var isBeyondWords = false
  private var visited: Set<Int> = []
  private var isIndirect = false
  private var comparisonSlots: [String: Int] = [:]
  private(set) var zeroSlot: Int?

  init(_ program: Program, decision: Int, origins: ValueOrigins?) {
    self.program = program
    // Conditions are rewritten here, and an analysis rests on nothing but them.
    self.program.dropIndexes()
    self.decision = decision
    self.origins = origins ?? ValueOrigins(program)
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
      if let image = drafts[draft].images[slot] { edges = moved(edges, by: image) }
      drafts[draft].edges += edges
      if !isIndirect { drafts[draft].ownEdges.formUnion(edges) }
    } else if drafts[draft].knownWords.insert(value.numerator).inserted {
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
    if compareLinearForms(left, right) { return }
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
      draft.canBeMissing = origins.isTolerated(left) || origins.isTolerated(right)
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

  /// Of two linear forms of one value, or of one and a constant, that value settles how they compare.
  private mutating func compareLinearForms(_ left: Int, _ right: Int) -> Bool {
    guard sharing != nil, let one = origins.linearForm(of: left),
      let other = origins.linearForm(of: right),
      let difference = other.multiplied(by: Quotient(-1)).flatMap(one.adding)
    else { return false }
    let sides = (draft(for: left), draft(for: right))
    guard let base = difference.base, difference.factor != Quotient(0) else { return true }
    guard let draft = one.base == nil ? sides.1 : sides.0, drafts[draft].slot == base else {
      return false
    }
    guard let equal = difference.base(at: Quotient(0))?.reduced else {
      isBeyondWords = true
      return true
    }
    drafts[draft].edges += [
      ThresholdEdge(equal, isAfter: false), ThresholdEdge(equal, isAfter: true),
    ]
    return true
  }

  /// Edges of a linear form as edges of its base.
  private mutating func moved(_ edges: [ThresholdEdge], by form: LinearForm) -> [ThresholdEdge] {
    // A form that is constant has no edge within it.
    if form.factor == Quotient(0) { return [] }
    let isFalling = form.factor < Quotient(0)
    return edges.compactMap { edge in
      guard let value = form.base(at: edge.value) else {
        isBeyondWords = true
        return nil
      }
      return ThresholdEdge(value.reduced, isAfter: edge.isAfter != isFalling)
    }
  }

  /// The draft of the value that another one is a linear form of.
  private mutating func draftOfBase(_ slot: Int, _ base: Int) -> Int? {
    guard sharing != nil, let form = origins.linearForm(of: base), let root = form.base,
      root != base, origins.rank(at: root) == nil, origins.decision(at: root) == nil,
      let draft = draft(for: root)
    else { return nil }
    drafts[draft].images[base] = form
    drafts[draft].images[slot] = form
    return draft
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

  func spelled(_ slot: Int) -> String { ValueSpelling(program).name(slot) }

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

  func isOrdered(_ slot: Int) -> Bool {
    if let other = origins.decision(at: slot), !program.decisions[other].addsUp { return false }
    switch program.code.layout.slots[slot].type {
    case .integer, .decimal, .quotient, .date, .double: return true
    case .boolean, .text, .rank: return false
    }
  }

  /// Follows plain copies to the value that is copied.
  func resolved(_ slot: Int) -> Int {
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
    if let (instruction, _) = origins.definition(of: base), instruction.operation == .condition,
      !isAskedFor(base)
    {
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
    if let draft = draftOfBase(slot, base) { return draft }
    if let index = drafts.firstIndex(where: { $0.slot == base }) {
      if !isIndirect { drafts[index].isIndirect = false }
      if base != slot { addCopy(slot, to: index) }
      return index
    }
    var draft = Draft(slot: base)
    draft.isIndirect = isIndirect
    draft.canBeMissing = origins.isTolerated(base)
    drafts.append(draft)
    if base != slot { addCopy(slot, to: drafts.count - 1) }
    return drafts.count - 1
  }

  /// Whether a rule asks if the value is missing: a truth value then is more than its condition.
  private func isAskedFor(_ slot: Int) -> Bool {
    if case .rule = origins.missingPolicy(of: slot) { true } else { false }
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
    var edges = zip(plan.cutPoints, plan.belongsBelow).map { cut, isAfter in
      ThresholdEdge(
        Quotient(isDouble ? DoubleOrder.place(ofBits: cut) : cut), isAfter: isAfter)
    }
    if let image = drafts[draft].images[plan.source] { edges = moved(edges, by: image) }
    drafts[draft].edges += edges
  }

  /// An outcome that rests on a quantity which this decision asks about as well is no quantity of
  /// its own: its decision is made on the way.
  private mutating func inlineSharedDecisions() {
    // Nothing is proved of so many.
    guard drafts.count <= DecisionQuestion.maximumAxes else { return }
    var isChanged = true
    while isChanged {
      isChanged = false
      for (index, draft) in drafts.enumerated() {
        guard let other = origins.decision(at: draft.slot),
          program.decisions[other].overrides.isEmpty,
          sharesQuantity(index) || restsOnInlined(draft.slot)
            || sharing?.inlined.contains(other) == true
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
}
