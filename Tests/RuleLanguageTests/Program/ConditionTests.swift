import DataFields
import RationaleTestSupport
import RuleLanguage
import Testing

/// A condition as a tree, with the plain meaning of its words: what the flat form must agree with.
private indirect enum NaiveCondition {
  case all([NaiveCondition])
  case any([NaiveCondition])
  case not(NaiveCondition)
  case compare(Int, Comparison, Int)
  case isMissing(Int)

  static func random(depth: Int, slots: Int, using generator: inout SeededGenerator) -> Self {
    let kind =
      depth == 0
      ? Int.random(in: 3...4, using: &generator)
      : Int.random(in: 0...4, using: &generator)
    func children() -> [NaiveCondition] {
      (0..<Int.random(in: 0...3, using: &generator)).map { _ in
        random(depth: depth - 1, slots: slots, using: &generator)
      }
    }
    switch kind {
    case 0: return .all(children())
    case 1: return .any(children())
    case 2: return .not(random(depth: depth - 1, slots: slots, using: &generator))
    case 3:
      return .compare(
        Int.random(in: 0..<slots, using: &generator),
        Comparison(rawValue: UInt8.random(in: 0...5, using: &generator)) ?? .equal,
        Int.random(in: 0..<slots, using: &generator))
    default: return .isMissing(Int.random(in: 0..<slots, using: &generator))
    }
  }

  /// Values that are not there are nil; a comparison with one does not hold.
  func holds(_ values: [Int128?]) -> Bool {
    switch self {
    case .all(let children): children.allSatisfy { $0.holds(values) }
    case .any(let children): children.contains { $0.holds(values) }
    case .not(let child): !child.holds(values)
    case .isMissing(let slot): values[slot] == nil
    case .compare(let left, let comparison, let right):
      switch (values[left], values[right]) {
      case (let a?, let b?):
        switch comparison {
        case .equal: a == b
        case .notEqual: a != b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        }
      default: false
      }
    }
  }

  func flatten(into nodes: inout [ConditionNode], clauses: inout Int) {
    let index = nodes.count
    func group(_ kind: ConditionNode.Kind, _ children: [NaiveCondition]) {
      nodes.append(ConditionNode(kind, end: 0))
      for child in children { child.flatten(into: &nodes, clauses: &clauses) }
      nodes[index].end = Int32(nodes.count)
    }
    switch self {
    case .all(let children): group(.all, children)
    case .any(let children): group(.any, children)
    case .not(let child): group(.not, [child])
    case .compare(let left, let comparison, let right):
      nodes.append(
        ConditionNode(
          .compareWords, comparison, left: left, right: right, end: index + 1, clause: clauses))
      clauses += 1
    case .isMissing(let slot):
      nodes.append(ConditionNode(.isMissing, left: slot, end: index + 1, clause: clauses))
      clauses += 1
    }
  }
}

@Suite struct ConditionTests {
  @Test func `the flat form agrees with the plain meaning on random conditions`() {
    var generator = SeededGenerator(seed: 21)
    let slots = 4
    let layout = RowLayout(
      constants: [],
      slots: (0..<slots).map { RowLayout.Slot(name: "s\($0)", type: .integer(.none)) })
    var held = 0
    for _ in 0..<3000 {
      let condition = NaiveCondition.random(depth: 4, slots: slots, using: &generator)
      var code = RowCode(layout: layout)
      var clauses = 0
      condition.flatten(into: &code.conditions, clauses: &clauses)
      var row = RuleRow(layout)
      var values: [Int128?] = []
      for slot in 0..<slots {
        let value =
          Int.random(in: 0...4, using: &generator) == 0
          ? nil : Int128(Int.random(in: 0...3, using: &generator))
        values.append(value)
        if let value { row.set(slot, to: value, origin: .input) }
      }
      let truth = code.evaluate(0, on: row, lists: [])
      let expected = condition.holds(values)
      #expect(truth.holds == expected, "\(condition) on \(values)")
      held += expected ? 1 : 0
    }
    // Both answers must occur, or the test says little.
    #expect(held > 500 && held < 2500)
  }

  @Test func `the deciding clause is the one that failed, or the last that was needed`() {
    let layout = RowLayout(
      constants: [], slots: [RowLayout.Slot(name: "a", type: .integer(.none))])
    var code = RowCode(layout: layout)
    // a is missing, and a == a
    code.conditions = [
      ConditionNode(.all, end: 3),
      ConditionNode(.isMissing, left: 0, end: 2, clause: 0),
      ConditionNode(.compareWords, .equal, left: 0, right: 0, end: 3, clause: 1),
    ]
    var row = RuleRow(layout)
    #expect(code.evaluate(0, on: row, lists: []).decidingClause == 1)
    row.set(0, to: 1, origin: .input)
    #expect(code.evaluate(0, on: row, lists: []).decidingClause == 0)
  }

  @Test func `lists are searched by code`() {
    let list = ListPlan(
      artefact: ArtefactReference(path: "list.csv", digest: .zero), members: [2, 5, 9, 11])
    for code in Int32(-1)...12 {
      #expect(list.contains(code) == [2, 5, 9, 11].contains(code))
    }
  }
}
