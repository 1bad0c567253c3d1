import SourceDiagnostics

/// Puts the definitions of a ruleset into an order in which nothing precedes what it rests on.
///
/// The search keeps its own stack, so that a long chain of definitions cannot exhaust the
/// program's.
struct DefinitionOrder {
  private(set) var order: [Int] = []
  /// Definitions that rest on themselves, each as the cycle that was found.
  private(set) var cycles: [[Int]] = []

  /// - Parameter dependencies: for each definition, the definitions that it rests on.
  /// - Complexity: O(definitions + dependencies).
  init(dependencies: [[Int]]) {
    enum State { case unseen, open, done }
    var states = Array(repeating: State.unseen, count: dependencies.count)
    for root in dependencies.indices where states[root] == .unseen {
      var stack: [(node: Int, next: Int)] = [(root, 0)]
      states[root] = .open
      while let (node, next) = stack.last {
        guard next < dependencies[node].count else {
          states[node] = .done
          order.append(node)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let target = dependencies[node][next]
        switch states[target] {
        case .unseen:
          states[target] = .open
          stack.append((target, 0))
        case .open:
          let start = stack.firstIndex { $0.node == target } ?? 0
          cycles.append(stack[start...].map(\.node))
        case .done: break
        }
      }
    }
  }
}

extension ExpressionSyntax {
  /// The first names of all references in it.
  var heads: [NameSyntax] {
    switch kind {
    case .number, .date, .text, .boolean, .fault: []
    case .reference(let parts), .each(let parts): parts.first.map { [$0] } ?? []
    case .negation(let operand), .asFloat(let operand), .not(let operand),
      .presence(let operand, _), .inList(let operand, _):
      operand.heads
    case .arithmetic(_, let left, let right): left.heads + right.heads
    case .comparison(let operands, _): operands.flatMap(\.heads)
    case .and(let parts), .or(let parts): parts.flatMap(\.heads)
    case .within(let value, let range): value.heads + range.lower.heads + range.upper.heads
    case .oneOf(let value, let options): value.heads + options.flatMap(\.heads)
    case .member(let value, of: let list): value.heads + (list.first.map { [$0] } ?? [])
    case .tuple(let items): items.flatMap(\.heads)
    case .aggregate(let aggregate):
      aggregate.argument.heads + (aggregate.filter?.heads ?? [])
    case .conversion(let amount, _, _, _): amount.heads
    case .filtered(let base, let condition): base.heads + condition.heads
    }
  }
}
