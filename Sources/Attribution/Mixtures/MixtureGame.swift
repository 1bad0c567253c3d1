import DataFields
import PMML

/// What a model scores where some fields are a row's and the others those of a background row: the
/// worth of coalitions of any model, scored in blocks.
struct MixtureGame: Sendable {
  /// The raw number of each background row.
  let scores: [Double]
  let baseValue: Double
  let number: RawNumber
  let model: CompiledModel
  let fieldCount: Int
  private let scorer: BlockScorer
  /// Row by row, what each field holds, as codes of `texts` where it is a text.
  private let inputs: [BlockScorer.Input]
  private let texts: TextInterner

  /// - Throws: the row of the background that is not valid, or has no result.
  /// - Complexity: O(rows) scores.
  init(
    _ model: CompiledModel, _ number: RawNumber, _ background: ModelMatrix
  ) throws(AttributionRefusal) {
    self.model = model
    self.number = number
    scorer = BlockScorer(model)
    fieldCount = model.signature.inputs.count
    let feeds = BackgroundFeeds(model, background)
    var space = model.makeWorkspace()
    var texts = scorer.texts
    var inputs: [BlockScorer.Input] = []
    var scores: [Double] = []
    for row in 0..<background.rowCount {
      try feeds.score(row, model, &space)
      scores.append(number.value(model, space))
      for field in 0..<fieldCount {
        inputs.append(scorer.input(field, of: space, texts: &texts))
      }
    }
    guard !scores.isEmpty else { throw AttributionRefusal("the background has no rows") }
    var sum = 0.0
    for score in scores { sum += score }
    baseValue = sum / Double(scores.count)
    guard baseValue.isFinite else {
      throw AttributionRefusal("the model gives no prediction for some row of the background")
    }
    self.scores = scores
    self.inputs = inputs
    self.texts = texts
  }

  var rowCount: Int { scores.count }

  /// Whether scores are cheap: worked out in columns.
  var isInColumns: Bool { scorer.isInColumns }

  func makeRoom() -> Room { Room(scorer) }

  /// The memory that mixtures are scored in.
  ///
  /// A room is used by one task at a time: whoever copies what holds it makes a new one
  /// (``MixtureRoom``).
  final class Room {
    fileprivate let space: BlockWorkspace
    fileprivate var row: [BlockScorer.Input] = []
    fileprivate var values = [Double](repeating: .nan, count: BlockWorkspace.rowCount)
    fileprivate var count = 0

    fileprivate init(_ scorer: BlockScorer) { space = scorer.makeWorkspace() }
  }

  /// Takes the row that mixtures are made of.
  func begin(_ scored: ScoringWorkspace, _ room: Room) {
    var texts = texts
    room.row.removeAll(keepingCapacity: true)
    for field in 0..<fieldCount {
      room.row.append(scorer.input(field, of: scored, texts: &texts))
    }
    room.space.begin(texts: texts)
    room.count = 0
  }

  /// Whether a field of the row is the same as that of a background row, so that it does nothing.
  func isSame(_ field: Int, _ row: Int, _ room: Room) -> Bool {
    let (own, other) = (room.row[field], inputs[row * fieldCount + field])
    return own == other
      || (own.value.isNaN && other.value.isNaN && own.isUnparsable == other.isUnparsable)
  }

  /// Adds a mixture to the block that is filled; true if it is then full.
  func add(_ row: Int, _ room: Room, isOwn: (Int) -> Bool) -> Bool {
    let first = row * fieldCount
    for field in 0..<fieldCount {
      scorer.set(
        isOwn(field) ? room.row[field] : inputs[first + field], input: field, row: room.count,
        in: room.space)
    }
    room.count += 1
    return room.count == BlockWorkspace.rowCount
  }

  /// Scores the mixtures that were added, in their order; NaN where one has no result.
  func score(_ room: Room, _ take: (Double) -> Void) {
    if room.count == 0 { return }
    number.score(scorer, room.space, count: room.count, into: &room.values)
    for place in 0..<room.count { take(room.values[place]) }
    room.count = 0
  }
}

/// A room that goes with a workspace: made when it is first needed, and not shared by copies.
///
/// Unchecked, since the room is a class: it is reached only through a reference that is known to be
/// the only one, and is made anew where it is not.
struct MixtureRoom: @unchecked Sendable {
  private var room: MixtureGame.Room?

  /// The room, for one use by whoever holds this.
  mutating func take(for game: MixtureGame) -> MixtureGame.Room {
    // Asked first: a copy of the reference would be one too many.
    if isKnownUniquelyReferenced(&room), let room { return room }
    let made = game.makeRoom()
    room = made
    return made
  }
}
