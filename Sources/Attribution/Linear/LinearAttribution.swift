/// `constant + sum of coefficient x product of factors`, each factor a function of one field.
///
/// A factor that stands alone is attributed as `coefficient (g(x) - mean of g)`; a product of
/// several fields is a product game against each background row.
struct LinearGame: Sendable {
  /// One player's part of a term.
  struct Factor: Sendable {
    var player: Int
    /// Position among the values of a row.
    var value: Int
    var kind: Kind

    enum Kind: Sendable {
      /// The value to a power.
      case power(Double)
      /// Whether it is this one: 1 or 0.
      case indicator(Double)
      /// What the model makes of it.
      case function(@Sendable (Double) -> Double)
    }
  }

  struct Term: Sendable {
    var coefficient: Double
    /// What the coefficient was added up from, in absolute terms.
    var magnitude: Double
    var factors: [Factor]
  }
}

/// Exact Shapley values of a linear model over a background.
struct LinearAttribution: Sendable {
  /// A term, its factors gathered by player.
  private struct Product: Sendable {
    var coefficient: Double
    var magnitude: Double
    var players: [Int]
    var factors: [[LinearGame.Factor]]
    /// What each player contributes, background row by background row; the mean alone if there is
    /// one player.
    var background: [Double]
  }

  struct Scratch: Sendable {
    fileprivate var present: [Double] = []
    fileprivate var absent: [Double] = []
    fileprivate var values: [Double] = []
    fileprivate var game = ProductGame.Scratch()
  }

  let baseValue: Double
  /// What the base value was added up from, in absolute terms.
  private let baseMagnitude: Double
  private let constant: Double
  private let rowCount: Int
  private let products: [Product]
  private let productGame: ProductGame
  private let power: @Sendable (Double, Double) -> Double

  /// - Parameter power: a number to a power, as the scorer works it out.
  init(
    _ terms: [LinearGame.Term], constant: Double, background: [[Double]],
    power: @escaping @Sendable (Double, Double) -> Double
  ) throws(AttributionRefusal) {
    self.constant = constant
    self.power = power
    rowCount = background.count
    var base = MeasuredSum(value: constant, magnitude: constant.magnitude)
    var products: [Product] = []
    for term in terms {
      var product = Product(
        coefficient: term.coefficient, magnitude: term.magnitude, players: [], factors: [],
        background: [])
      for factor in term.factors {
        if let place = product.players.firstIndex(of: factor.player) {
          product.factors[place].append(factor)
        } else {
          product.players.append(factor.player)
          product.factors.append([factor])
        }
      }
      var sum = 0.0
      for row in background {
        var whole = 1.0
        for factors in product.factors {
          let part = Self.part(factors, row, power)
          product.background.append(part)
          whole *= part
        }
        sum += whole
      }
      let mean = sum / Double(background.count)
      guard mean.isFinite else {
        throw AttributionRefusal(
          "the model gives no prediction for some row of the background")
      }
      if product.players.count == 1 { product.background = [mean] }
      base.add(term.coefficient * mean, magnitude: term.magnitude * mean.magnitude)
      products.append(product)
    }
    baseValue = base.value
    baseMagnitude = base.magnitude
    self.products = products
    productGame = ProductGame(playerLimit: products.map(\.players.count).max() ?? 0)
  }

  private static func part(
    _ factors: [LinearGame.Factor], _ row: [Double], _ power: (Double, Double) -> Double
  ) -> Double {
    var part = 1.0
    for factor in factors {
      let value = row[factor.value]
      switch factor.kind {
      case .power(let exponent): part *= power(value, exponent)
      case .indicator(let sought): part *= value == sought ? 1 : 0
      case .function(let function): part *= function(value)
      }
    }
    return part
  }

  /// Whether there are no terms, so that the raw score is ``constantSum``.
  var isConstant: Bool { products.isEmpty }
  var constantSum: MeasuredSum {
    MeasuredSum(value: constant, magnitude: constant.magnitude + baseMagnitude)
  }
  /// Whether a term is a product of several players'.
  var hasProducts: Bool { products.contains { $0.players.count > 1 } }

  /// Adds the attributions and returns the raw score, NaN if a number is missing; with the base value's
  /// terms among its absolute ones.
  func add(
    _ row: [Double], to attributions: inout [Double], _ scratch: inout Scratch
  ) -> MeasuredSum {
    var raw = constantSum
    for product in products {
      if product.players.count == 1 {
        let part = Self.part(product.factors[0], row, power)
        raw.add(product.coefficient * part, magnitude: product.magnitude * part.magnitude)
        attributions[product.players[0]] +=
          product.coefficient * (part - product.background[0])
        continue
      }
      let whole = addProduct(product, row, to: &attributions, &scratch)
      raw.add(product.coefficient * whole, magnitude: product.magnitude * whole.magnitude)
    }
    return raw
  }

  private func addProduct(
    _ product: Product, _ row: [Double], to attributions: inout [Double], _ scratch: inout Scratch
  ) -> Double {
    let count = product.players.count
    scratch.present.removeAll(keepingCapacity: true)
    scratch.values.removeAll(keepingCapacity: true)
    var whole = 1.0
    for factors in product.factors {
      let part = Self.part(factors, row, power)
      scratch.present.append(part)
      scratch.values.append(0)
      whole *= part
    }
    for other in 0..<rowCount {
      scratch.absent.removeAll(keepingCapacity: true)
      for place in 0..<count {
        scratch.absent.append(product.background[other * count + place])
      }
      productGame.add(
        scale: 1, present: scratch.present, absent: scratch.absent, to: &scratch.values,
        &scratch.game)
    }
    let scale = product.coefficient / Double(rowCount)
    for place in 0..<count { attributions[product.players[place]] += scale * scratch.values[place] }
    return whole
  }
}
