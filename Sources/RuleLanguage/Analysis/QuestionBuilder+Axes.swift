import DataFields
import ThresholdCells

/// From drafts to axes: cells, and what the row holds on each.
extension QuestionBuilder {
  /// Cuts quantities where another question cuts them as well.
  mutating func refine() {
    guard let sharing else { return }
    for index in drafts.indices {
      guard let refinement = sharing.refinements[sharing.definitions.key(of: drafts[index])] else {
        continue
      }
      drafts[index].refinement = refinement
      drafts[index].edges += refinement.edges
      drafts[index].canBeMissing = drafts[index].canBeMissing || refinement.canBeMissing
    }
  }

  /// About how many words the cells of all axes write.
  var writeCount: Int {
    drafts.reduce(0) { sum, draft in
      let cells = draft.edges.count + draft.words.count + 2
      return sum + cells * (1 + draft.copies.count + draft.images.count + 2 * draft.ranks.count)
    }
  }

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
          domain: draft.refinement?.takenDomain ?? origins.domain(of: draft.slot),
          edges: draft.edges))
    } else {
      quantity = .choices(choices(draft))
    }
    var axis = DecisionAxis(
      slot: draft.slot, quantity: quantity, ranks: draft.ranks,
      isCutDirectly: draft.isCutDirectly, isComparison: !draft.comparisonTexts.isEmpty,
      compared: draft.compared, canBeMissing: draft.canBeMissing, isIndirect: draft.isIndirect,
      written: [:], writes: [])
    axis.lists = draft.lists
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
    if draft.canBeMissing { axis.writes.append(writes(draft, standIn(of: draft), &scratch)) }
    return axis
  }

  /// What stands in where the quantity is missing, if that is a case of its own.
  private func standIn(of draft: Draft) -> Quotient? {
    guard draft.refinement?.hasOtherStandIn == true,
      case .value(let constant) = origins.missingPolicy(of: draft.slot)
    else { return nil }
    return origins.constant(at: constant)
  }

  /// What the row holds where the quantity has a value: the ranks by the engine's own step.
  private func writes(
    _ draft: Draft, _ value: Quotient?, _ scratch: inout EvaluationWorkspace
  ) -> [DecisionAxis.Write] {
    let sources = draft.ranks.map { program.ranks[$0].source }
    let ranks = draft.ranks.map { program.ranks[$0].slot }
    let images = draft.images.keys.sorted()
    // What was written for another cell or axis; all of the row would be much.
    let copied = draft.copies.map { resolved($0) }
    for slot in [draft.slot] + draft.copies + copied + images + sources + ranks
    where !origins.isConstant(slot) {
      scratch.row.mark(slot, .missing, origin: .derived)
    }
    if let value {
      for slot in [draft.slot] + draft.copies {
        scratch.row.set(slot, to: value.numerator, over: value.denominator, origin: .derived)
      }
    }
    for (slot, form) in draft.images {
      guard let value else { continue }
      if let image = form.value(at: value)?.reduced {
        scratch.row.set(slot, to: image.numerator, over: image.denominator, origin: .derived)
      } else {
        scratch.row.mark(slot, .overflow, origin: .derived)
      }
    }
    // A copy may be what a rank cuts, or of a rank: copies of ranks are set after the ranks.
    for source in sources
    where source != draft.slot && draft.images[source] == nil {
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
    var seen: Set<Int> = []
    return ([draft.slot] + draft.copies + images + sources + ranks).filter {
      seen.insert($0).inserted
    }.map {
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
      var known: Set<Int128> = []
      for outcome in outcomes where origins.isConstant(outcome) {
        let word = program.code.layout.constants[outcome].numerator
        if known.insert(word).inserted { words.append(word) }
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
    if let refinement = draft.refinement {
      var named = draft.words.map(choice)
      let known = Set(named.map(\.text))
      named += refinement.texts.filter { !known.contains($0) }
        .map { .init(word: word(of: $0, draft.slot), text: $0) }
      return (named + groups(refinement.lists, apartFrom: named, draft.slot))
        .sorted { $0.text < $1.text }
        + [.init(word: Int128(Int32.max), text: "any other text")]
    }
    var words = draft.words
    var signatures: Set<[Bool]> = []
    for list in draft.lists {
      for member in program.lists[list].members where !draft.knownWords.contains(Int128(member)) {
        let signature = draft.lists.map { program.lists[$0].contains(member) }
        if signatures.insert(signature).inserted { words.append(Int128(member)) }
      }
    }
    return words.map(choice) + [.init(word: Int128(Int32.max), text: "any other text")]
  }

  /// The members of lists that none is named by itself: those in the same lists are alike, and the
  /// first stands for all of them.
  private func groups(
    _ lists: Set<Set<String>>, apartFrom named: [DecisionAxis.Choice], _ slot: Int
  ) -> [DecisionAxis.Choice] {
    if lists.isEmpty { return [] }
    let named = Set(named.map(\.text))
    let lists = Array(lists)
    var groups: [DecisionAxis.Choice] = []
    var places: [[Bool]: Int] = [:]
    for text in Set(lists.joined()).subtracting(named).sorted() {
      let signature = lists.map { $0.contains(text) }
      if let place = places[signature] {
        groups[place].alike += 1
      } else {
        places[signature] = groups.count
        groups.append(.init(word: word(of: text, slot), text: text))
      }
    }
    return groups
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
