import TreeEnsembles

/// Exact Shapley values of a sum of trees, for one row at a time.
///
/// A coalition is worth the expected raw score when its fields are the row's and the others are
/// unknown: drawn from a background row (*interventional*), or averaged by the trees' own record
/// counts along the way (*path-dependent*; Lundberg, Erion and Lee, 2018, algorithm 1), by
/// ``QuadratureProgram``. The row is
/// routed by the answers of ``RoutingTable``, which also scores.
///
/// Order is fixed and nothing is fused: the same input gives the same bits everywhere.
/// `baseValue` plus the attributions is the raw score, but for rounding. A field that no tree asks
/// about gets exactly 0.
package struct TreeSHAP: Sendable {
  /// What absent fields are replaced by.
  package enum Expectation: String, Sendable, Hashable {
    case interventional
    case pathDependent
  }

  /// How the values are worked out.
  enum Form: Sendable {
    case quadrature(QuadratureProgram)
    case tables(BranchFits, LeafPaths, PathWorths)
  }

  /// Working room, made once and used for row after row.
  package struct Workspace: Sendable {
    fileprivate var answers: [UInt8] = []
    fileprivate var fits: [UInt8] = []
    fileprivate var room = PathWorths.Room()
    fileprivate var quadrature: QuadratureProgram.Room?
  }

  package let expectation: Expectation
  /// The raw score expected when nothing is known of the row.
  package let baseValue: Double
  package let playerCount: Int
  let constant: Double
  let table: RoutingTable
  let form: Form

  /// Prepares path-dependent attribution.
  ///
  /// - Throws: what the trees' record counts do not say.
  /// - Complexity: O(nodes), and O(nodes x fields on a way) later for each row.
  package init(pathDependent game: TreeGame) throws(AttributionRefusal) {
    do throws(RecordCountFault) {
      table = try RoutingTable(withRecordCounts: game.ensemble)
    } catch { throw AttributionRefusal(error) }
    var ways = try TreeWays(table, game)
    let program = try QuadratureProgram(&ways)
    guard program.base.isFinite else {
      throw AttributionRefusal("the trees give no prediction for some of their records")
    }
    expectation = .pathDependent
    form = .quadrature(program)
    playerCount = game.playerCount
    constant = game.constant
    baseValue = game.constant + program.base
  }

  /// Prepares attribution over a background.
  ///
  /// - Parameter background: rows of features, rounded as rows to be scored are; NaN is missing.
  ///   At least one.
  /// - Complexity: O(rows x nodes x depth), and O(3^d) for a way that rests on d fields.
  package init(
    _ game: TreeGame, background: [[Double]]
  ) throws(AttributionRefusal) {
    guard !background.isEmpty else { throw AttributionRefusal("the background has no rows") }
    let table = RoutingTable(game.ensemble)
    var ways = try TreeWays(table, game)
    let paths = try LeafPaths(&ways)
    let branches = BranchFits(ways)
    var counts = BackgroundCounts(paths)
    var answers = [UInt8](repeating: 0, count: table.tests.count)
    var fits = [UInt8](repeating: 0, count: branches.count)
    for row in background {
      table.answers(row.span, into: &answers)
      branches.work(answers, into: &fits)
      counts.add(paths, fits)
    }
    let worths = PathWorths(paths, counts)
    let base = worths.base(paths)
    guard base.isFinite else {
      throw AttributionRefusal("the model gives no prediction for some row of the background")
    }
    expectation = .interventional
    self.table = table
    form = .tables(branches, paths, worths)
    playerCount = game.playerCount
    constant = game.constant
    baseValue = game.constant + base
  }

  package func makeWorkspace() -> Workspace {
    switch form {
    case .quadrature(let program): Workspace(quadrature: program.makeRoom())
    case .tables(let branches, _, _):
      Workspace(
        answers: [UInt8](repeating: 0, count: table.tests.count),
        fits: [UInt8](repeating: 0, count: branches.count))
    }
  }

  /// Attributes the raw score of a row to the players.
  ///
  /// - Parameters:
  ///   - row: features, rounded by ``TreeEnsemble/round(_:)``; NaN is missing.
  ///   - attributions: `playerCount` numbers, which are overwritten.
  /// - Returns: the row's raw score in double precision; nil if the row, or a mixture of it with the
  ///   background, has no prediction.
  /// - Complexity: O(nodes x fields on a way); over a background O(nodes x depth), and nothing is
  ///   allocated for ways of up to 8 fields.
  package func attribute(
    _ row: Span<Double>, _ workspace: inout Workspace, into attributions: inout [Double]
  ) -> Double? {
    precondition(attributions.count == playerCount, "one attribution a player")
    for player in attributions.indices { attributions[player] = 0 }
    switch form {
    case .quadrature(let program):
      var room = workspace.quadrature.take() ?? program.makeRoom()
      defer { workspace.quadrature = room }
      guard let score = program.run(row, table, &room) else { return nil }
      for (place, player) in program.players.enumerated() {
        attributions[player] = room.values[place]
      }
      return constant + score
    case .tables(let branches, let paths, let worths):
      table.answers(row, into: &workspace.answers)
      branches.work(workspace.answers, into: &workspace.fits)
      return attribute(paths, worths, &workspace, into: &attributions)
    }
  }

  private func attribute(
    _ paths: LeafPaths, _ worths: PathWorths, _ workspace: inout Workspace,
    into attributions: inout [Double]
  ) -> Double? {
    var rawScore = constant
    for place in paths.paths.indices {
      let path = paths.paths[place]
      let mask = paths.mask(path, workspace.fits)
      if mask == paths.full(path) { rawScore += path.value }
      if worths.isTabulated(place) {
        worths.add(place, paths, mask, to: &attributions)
      } else {
        worths.work(place, paths, mask, to: &attributions, &workspace.room)
      }
    }
    var isDefined = rawScore.isFinite
    for value in attributions where !value.isFinite { isDefined = false }
    return isDefined ? rawScore : nil
  }
}

extension AttributionRefusal {
  init(_ fault: RecordCountFault) {
    switch fault {
    case .absent:
      self.init("nodes have no recordCount; give a background to attribute over")
    case .inconsistent:
      self.init(
        "the recordCounts of children exceed their parent's; give a background to attribute over")
    case .emptyRoot:
      self.init("a tree has no records; give a background to attribute over")
    }
  }
}
