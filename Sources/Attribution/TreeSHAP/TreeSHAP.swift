import TreeEnsembles

/// Exact Shapley values of a sum of trees, for one row at a time.
///
/// A coalition is worth the expected raw score when its fields are the row's and the others are
/// unknown: drawn from a background row (*interventional*), or averaged by the trees' own record
/// counts along the way (*path-dependent*; Lundberg, Erion and Lee, 2018, algorithm 1). The row is
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

  /// Working room, made once and used for row after row.
  package struct Workspace: Sendable {
    fileprivate var answers: [UInt8]
    fileprivate var room = PathWorths.Room()
  }

  package let expectation: Expectation
  /// The raw score expected when nothing is known of the row.
  package let baseValue: Double
  package let playerCount: Int
  private let constant: Double
  private let table: RoutingTable
  private let paths: LeafPaths
  private let worths: PathWorths

  /// Prepares path-dependent attribution.
  ///
  /// - Throws: what the trees' record counts do not say.
  package init(pathDependent game: TreeGame) throws(AttributionRefusal) {
    let table: RoutingTable
    do throws(RecordCountFault) {
      table = try RoutingTable(withRecordCounts: game.ensemble)
    } catch { throw AttributionRefusal(error) }
    let paths = try LeafPaths(table, game)
    let worths = PathWorths(recordsOf: paths)
    try self.init(.pathDependent, game, table, paths, worths)
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
    let paths = try LeafPaths(table, game)
    var counts = BackgroundCounts(paths)
    var answers = [UInt8](repeating: 0, count: table.tests.count)
    for row in background {
      table.answers(row.span, into: &answers)
      counts.add(paths, answers)
    }
    try self.init(.interventional, game, table, paths, PathWorths(paths, counts))
  }

  private init(
    _ expectation: Expectation, _ game: TreeGame, _ table: RoutingTable, _ paths: LeafPaths,
    _ worths: PathWorths
  ) throws(AttributionRefusal) {
    let base = worths.base(paths)
    guard base.isFinite else {
      throw AttributionRefusal(
        expectation == .pathDependent
          ? "the trees give no prediction for some of their records"
          : "the model gives no prediction for some row of the background")
    }
    self.expectation = expectation
    self.table = table
    self.paths = paths
    self.worths = worths
    playerCount = game.playerCount
    constant = game.constant
    baseValue = game.constant + base
  }

  package func makeWorkspace() -> Workspace {
    Workspace(answers: [UInt8](repeating: 0, count: table.tests.count))
  }

  /// Attributes the raw score of a row to the players.
  ///
  /// - Parameters:
  ///   - row: features, rounded by ``TreeEnsemble/round(_:)``; NaN is missing.
  ///   - attributions: `playerCount` numbers, which are overwritten.
  /// - Returns: the row's raw score in double precision; nil if the row, or a mixture of it with the
  ///   background, has no prediction.
  /// - Complexity: O(nodes x depth); nothing is allocated for ways of up to 8 fields.
  package func attribute(
    _ row: Span<Double>, _ workspace: inout Workspace, into attributions: inout [Double]
  ) -> Double? {
    precondition(attributions.count == playerCount, "one attribution a player")
    for player in attributions.indices { attributions[player] = 0 }
    table.answers(row, into: &workspace.answers)
    var rawScore = constant
    for place in paths.paths.indices {
      let path = paths.paths[place]
      let mask = paths.mask(path, workspace.answers)
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
