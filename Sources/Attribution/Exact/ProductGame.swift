/// Games of the form `v(S) = product over players of (o if in S, else z)`, and their Shapley values
/// by quadrature over the coalition probability.
///
/// Each player takes part with probability q; the Shapley value is the integral over q of the
/// derivative of the expected worth (Owen, 1972):
/// `phi_i = (o_i - z_i) integral_0^1 product over j != i of (q o_j + (1 - q) z_j) dq`.
/// The integrand has degree d - 1, so that ceil(d / 2) nodes are exact, and every term is a product
/// of the game's own numbers: nothing cancels.
struct ProductGame: Sendable {
  private let rules: [GaussLegendre]

  /// - Parameter playerLimit: the largest game that will be asked for.
  init(playerLimit: Int) { rules = GaussLegendre.rules(upTo: (playerLimit + 1) / 2) }

  /// Working room for one game.
  struct Scratch: Sendable {
    fileprivate var places: [Int] = []
    fileprivate var factors: [Double] = []
    fileprivate var before: [Double] = []
  }

  /// Adds `scale` times the Shapley values to `values`.
  ///
  /// A player whose two factors are equal gets exactly 0.
  ///
  /// - Parameters:
  ///   - present: o, what a player contributes when in the coalition.
  ///   - absent: z, what it contributes when not.
  func add(
    scale: Double, present: [Double], absent: [Double], to values: inout [Double],
    _ scratch: inout Scratch
  ) {
    scratch.places.removeAll(keepingCapacity: true)
    var scale = scale
    for place in present.indices {
      if present[place] == absent[place] {
        // A factor of every coalition's worth.
        if present[place] == 0 { return }
        scale *= present[place]
      } else {
        scratch.places.append(place)
      }
    }
    let count = scratch.places.count
    if count == 0 { return }
    let rule = rules[(count + 1) / 2]
    for (q, weight) in zip(rule.nodes, rule.weights) {
      scratch.factors.removeAll(keepingCapacity: true)
      scratch.before.removeAll(keepingCapacity: true)
      var product = weight * scale
      for place in scratch.places {
        scratch.before.append(product)
        let factor = q * present[place] + (1 - q) * absent[place]
        scratch.factors.append(factor)
        product *= factor
      }
      var after = 1.0
      for index in stride(from: count - 1, through: 0, by: -1) {
        let place = scratch.places[index]
        let others = scratch.before[index] * after
        values[place] += (present[place] - absent[place]) * others
        after *= scratch.factors[index]
      }
    }
  }
}
