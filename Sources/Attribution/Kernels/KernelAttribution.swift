import PMML

/// Exact Shapley values of a sum of radial basis kernels over a background.
///
/// A kernel `exp(-gamma |x - s|^2)` is a product over fields: of the row's factors for the fields of a
/// coalition, of the background row's for the others. Each vector is so a product game against each
/// background row, whatever the number of fields, and the values are those of their weighted sum.
/// Coordinates that come from one field are that field's, and their factors come and go together.
struct KernelAttribution: Sendable {
  struct Workspace: Sendable {
    fileprivate var room: ProductKernel.Room
  }

  /// The expected sum over the background.
  let baseValue: Double
  /// What the base value was added up from, in absolute terms.
  private let baseMagnitude: Double
  private let gamma: Double
  private let vectors: [Double]
  private let weights: [Double]
  /// The fields that coordinates come from, and for each coordinate the position among them.
  private let players: [Int]
  private let playerOf: [Int]
  /// Row by row, a number a coordinate.
  private let background: [Double]
  private let rowCount: Int
  private let kernel: ProductKernel
  /// Kernels below this are too small to count: all of them together are less than 1e-30 of the
  /// weights.
  private let least: Double

  /// Steps that one row may take.
  static let stepLimit = 1 << 33

  /// - Parameters:
  ///   - vectors: vector by vector, a number a coordinate.
  ///   - weights: one a vector.
  ///   - players: the field that each coordinate comes from.
  ///   - background: rows of coordinates.
  init(
    gamma: Double, vectors: [Double], weights: [Double], players: [Int], background: [[Double]]
  ) throws(AttributionRefusal) {
    self.gamma = gamma
    self.vectors = vectors
    self.weights = weights
    let own = Set(players).sorted()
    self.players = own
    playerOf = players.map { player in own.firstIndex(of: player) ?? 0 }
    self.background = background.flatMap { $0 }
    rowCount = background.count
    kernel = ProductKernel(playerCount: own.count)
    var total = 0.0
    for weight in weights { total += weight.magnitude }
    least = total * 0x1p-100 / Double(max(weights.count, 1))
    let steps = Double(weights.count) * Double(rowCount) * Double(kernel.stepCount)
    guard steps <= Double(Self.stepLimit) else {
      throw AttributionRefusal(
        "\(weights.count) vectors against \(rowCount) background rows would take too long")
    }
    var base = MeasuredSum(value: 0, magnitude: 0)
    var room = kernel.makeRoom(gameCount: rowCount)
    for vector in weights.indices {
      Self.factors(
        self.background, rowCount, vector, vectors, gamma, playerOf, own.count, into: &room.absent)
      var sum = 0.0
      for row in 0..<rowCount { sum += Self.product(room.absent, row, own.count) }
      base.add(weights[vector] * (sum / Double(rowCount)))
    }
    guard base.value.isFinite else {
      throw AttributionRefusal("the model gives no prediction for some row of the background")
    }
    baseValue = base.value
    baseMagnitude = base.magnitude
  }

  func makeWorkspace() -> Workspace { Workspace(room: kernel.makeRoom(gameCount: rowCount)) }

  /// Adds the attributions of a row and returns its sum, NaN if a coordinate is missing; with the base
  /// value's terms among its absolute ones.
  ///
  /// - Complexity: O(vectors x rows x fields^2).
  func add(
    _ row: [Double], to attributions: inout [Double], _ space: inout Workspace
  ) -> MeasuredSum {
    kernel.clear(&space.room)
    var sum = MeasuredSum(value: 0, magnitude: baseMagnitude)
    for vector in weights.indices {
      Self.factors(
        row, 1, vector, vectors, gamma, playerOf, players.count, into: &space.room.present)
      sum.add(weights[vector] * Self.product(space.room.present, 0, players.count))
      Self.factors(
        background, rowCount, vector, vectors, gamma, playerOf, players.count,
        into: &space.room.absent)
      kernel.add(scale: weights[vector], games: rowCount, least: least, &space.room)
    }
    for (place, player) in players.enumerated() {
      attributions[player] += kernel.value(place, of: space.room) / Double(rowCount)
    }
    return sum
  }

  /// The factors of a vector's kernel, player by player, row by row.
  private static func factors(
    _ rows: [Double], _ rowCount: Int, _ vector: Int, _ vectors: [Double], _ gamma: Double,
    _ playerOf: [Int], _ playerCount: Int, into factors: inout [Double]
  ) {
    let coordinateCount = playerOf.count
    factors.withUnsafeMutableBufferPointer { factors in
      factors.update(repeating: 0)
      for row in 0..<rowCount {
        for coordinate in 0..<coordinateCount {
          let difference =
            rows[row * coordinateCount + coordinate]
            - vectors[vector * coordinateCount + coordinate]
          factors[row * playerCount + playerOf[coordinate]] += difference * difference
        }
      }
      guard let first = factors.baseAddress else { return }
      AdditiveForm.Kernels.exponentials(first, count: rowCount * playerCount, gamma: gamma)
    }
  }

  private static func product(_ factors: [Double], _ row: Int, _ playerCount: Int) -> Double {
    var product = 1.0
    for player in 0..<playerCount { product *= factors[row * playerCount + player] }
    return product
  }
}
