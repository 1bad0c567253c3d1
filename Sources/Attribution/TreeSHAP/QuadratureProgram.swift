internal import CShapleyKernels
import TreeEnsembles

/// Trees laid out for Shapley values by quadrature (Wettenstein, Mitchell and Yu, 2026).
///
/// A tree is the list of its edges, parents first; `CShapleyKernels.h` says what an edge holds and
/// what is worked out. A tree whose ways rest on at most d players takes a rule of ceil(d / 2) nodes,
/// which is exact for it.
struct QuadratureProgram: Sendable {
  /// Ways that rest on more players would take long rules.
  static let playerLimit = 128
  /// Edges of all trees together.
  static let edgeLimit = 1 << 22

  fileprivate(set) var trees: [cshapley_tree] = []
  fileprivate(set) var edges: [cshapley_edge] = []
  fileprivate(set) var branches: [cshapley_branch] = []
  fileprivate(set) var answers: [cshapley_answer] = []
  /// For each rule in use, its nodes q, then 1 - q, then the weights, filled up to whole fours.
  fileprivate(set) var nodes: [Double] = []
  fileprivate(set) var inverses: [Double] = []
  fileprivate(set) var depth = 0
  fileprivate(set) var stride = 4
  /// The game's players that some tree asks about; the kernels know no others.
  fileprivate(set) var players: [Int] = []
  /// The expected sum of the trees.
  fileprivate(set) var base = 0.0
  /// What trees without a test add to every row.
  fileprivate(set) var constant = 0.0
  /// For each way without a prediction, the edges that a row must fit to get there, with all others
  /// averaged: a row that fits them all has no attributions.
  fileprivate(set) var undefined: [[Int32]] = []
  private(set) var tests: [cshapley_test] = []
  /// The tests that the kernels do not answer, by features.
  private(set) var otherTests: [Int32] = []

  /// - Parameter ways: of a table with record counts.
  init(_ ways: inout TreeWays) throws(AttributionRefusal) {
    tests = ways.table.tests.map(cshapley_test.init)
    let asked = ways.table.tests
    // Those of one feature follow each other.
    otherTests = asked.indices.filter { [.member, .compound].contains(asked[$0].question) }
      .sorted { (asked[$0].feature, $0) < (asked[$1].feature, $1) }.map { Int32($0) }
    var made = QuadratureMaker(self, playerCount: ways.game.playerCount)
    try ways.visitAll { way, ways throws(AttributionRefusal) in try made.append(way, ways) }
    made.finish()
    self = made.program
    branches = ways.branches.map {
      cshapley_branch(
        first_answer: UInt32($0.answers.lowerBound), answer_count: UInt32($0.answers.count))
    }
    answers = ways.answers.map {
      cshapley_answer(
        test: UInt32($0.test), allowed: UInt16($0.allowed), is_last: $0.isLast ? 1 : 0)
    }
  }
}

/// Lays ways out as edges, tree by tree.
private struct QuadratureMaker {
  var program: QuadratureProgram
  /// The players' places among those of the program; -1 where they have none yet.
  private var places: [Int32]
  private var rules: [Int: Rule] = [:]
  // The tree whose ways are being appended: its first edge, the edges of the way so far, counted
  // from that one, and each edge's share of the records, those of its player above it included.
  private var tree = -1
  private var firstEdge = 0
  private var way: [Int] = []
  private var shares: [Double] = []
  private var largestPlayerCount = 0

  private struct Rule {
    let quadrature: GaussLegendre
    let firstNode: Int
  }

  init(_ program: QuadratureProgram, playerCount: Int) {
    self.program = program
    places = Array(repeating: -1, count: playerCount)
  }

  mutating func append(_ next: TreeWays.Way, _ ways: TreeWays) throws(AttributionRefusal) {
    if next.tree != tree {
      finish()
      tree = next.tree
    }
    guard !next.branches.isEmpty else {
      program.constant += next.value
      program.base += next.value
      return
    }
    if !way.isEmpty {
      program.edges[program.edges.count - 1].closes = UInt16(way.count - 1 - next.sharedCount)
      way.removeSubrange(next.sharedCount...)
    }
    // The first new edge has siblings before it, unless the tree begins with it.
    var isFirst = shares.isEmpty
    for branch in next.branches[next.sharedCount...] {
      try append(branch, ways.branches[Int(branch)], isFirst: isFirst)
      isFirst = true
    }
    try end(next.value)
  }

  private mutating func append(
    _ number: Int32, _ branch: TreeWays.Branch, isFirst: Bool
  ) throws(AttributionRefusal) {
    guard program.edges.count < QuadratureProgram.edgeLimit, way.count < UInt16.max else {
      throw TreeWays.isTooLarge
    }
    let player = place(of: branch.player)
    let earlier = way.last { program.edges[firstEdge + $0].player == player }
    shares.append((earlier.map { shares[$0] } ?? 1) * branch.share)
    way.append(shares.count - 1)
    let kind =
      (isFirst ? CSHAPLEY_FIRST : 0) | (earlier == nil ? 0 : CSHAPLEY_REPEATED)
    program.edges.append(
      cshapley_edge(
        value: 0, share: shares[shares.count - 1], player: player, branch: UInt32(number),
        earlier: UInt32(earlier ?? 0), inverses: 0, depth: UInt16(way.count - 1), closes: 0,
        kind: UInt32(kind)))
  }

  private mutating func place(of player: Int32) -> UInt32 {
    if places[Int(player)] < 0 {
      places[Int(player)] = Int32(program.players.count)
      program.players.append(Int(player))
    }
    return UInt32(places[Int(player)])
  }

  /// Makes the last edge an ending.
  private mutating func end(_ value: Double) throws(AttributionRefusal) {
    let last = program.edges.count - 1
    program.depth = max(program.depth, way.count)
    program.edges[last].kind |= UInt32(CSHAPLEY_ENDING)
    program.edges[last].closes = UInt16(way.count - 1)
    var players: Set<UInt32> = []
    var needed: [Int32] = []
    var weight = 1.0
    // The last edge of each player has the share of all of them.
    for place in way.reversed()
    where players.insert(program.edges[firstEdge + place].player).inserted {
      if shares[place] == 0 { needed.append(Int32(firstEdge + place)) }
      weight *= shares[place]
    }
    largestPlayerCount = max(largestPlayerCount, players.count)
    guard players.count <= QuadratureProgram.playerLimit else {
      throw AttributionRefusal(
        "one way through a tree rests on more than \(QuadratureProgram.playerLimit) fields")
    }
    if value.isFinite {
      program.edges[last].value = value
      if weight != 0 { program.base += value * weight }
    } else if needed.isEmpty {
      throw AttributionRefusal("the trees give no prediction for some of their records")
    } else {
      program.undefined.append(needed)
    }
  }

  /// Gives the tree its rule, and its edges what they need of it.
  mutating func finish() {
    defer {
      firstEdge = program.edges.count
      way = []
      shares = []
      largestPlayerCount = 0
    }
    guard program.edges.count > firstEdge else { return }
    let count = (largestPlayerCount + 1) / 2
    let rule = rule(count)
    program.trees.append(
      cshapley_tree(
        first_edge: UInt32(firstEdge), edge_count: UInt32(program.edges.count - firstEdge),
        node_count: UInt32(count), first_node: UInt32(rule.firstNode)))
    program.stride = max(program.stride, Self.padded(count))
    setInverses(rule.quadrature)
  }

  private static func padded(_ count: Int) -> Int { (count + 3) / 4 * 4 }

  /// The inverse factors of the edges that have another of their player below them.
  private mutating func setInverses(_ rule: GaussLegendre) {
    var starts: [UInt32: UInt32] = [:]
    for edge in firstEdge..<program.edges.count
    where program.edges[edge].kind & UInt32(CSHAPLEY_REPEATED) != 0 {
      let earlier = program.edges[edge].earlier
      if let start = starts[earlier] {
        program.edges[edge].inverses = start
        continue
      }
      starts[earlier] = UInt32(program.inverses.count)
      program.edges[edge].inverses = UInt32(program.inverses.count)
      let share = shares[Int(earlier)]
      let padding = Self.padded(rule.nodes.count) - rule.nodes.count
      for fit in [0.0, 1.0] {
        for node in rule.nodes {
          // What the player counts for, present with probability `node`.
          let factor = (1 - node) * share + node * fit
          program.inverses.append(factor == 0 ? 0 : 1 / factor)
        }
        program.inverses += Array(repeating: 0, count: padding)
      }
    }
  }

  private mutating func rule(_ count: Int) -> Rule {
    if let known = rules[count] { return known }
    let quadrature = GaussLegendre.rules(upTo: count)[count]
    let rule = Rule(quadrature: quadrature, firstNode: program.nodes.count)
    rules[count] = rule
    // Nodes that fill up weigh nothing.
    let padding = Self.padded(count) - count
    let none = Array(repeating: 0.0, count: padding)
    program.nodes += quadrature.nodes + none
    program.nodes += quadrature.nodes.map { 1 - $0 } + none
    program.nodes += quadrature.weights + none
    return rule
  }
}

extension cshapley_test {
  init(_ test: RoutingTable.Test) {
    let question =
      switch test.question {
      case .less: CSHAPLEY_LESS
      case .equal: CSHAPLEY_EQUAL
      case .missing: CSHAPLEY_MISSING
      case .member, .compound: CSHAPLEY_OTHER
      }
    self.init(
      threshold: test.threshold, feature: UInt32(test.feature), question: UInt32(question))
  }
}
