import DataFields
import PMML
import RationaleTestSupport
import Testing

@testable import Attribution

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Neural networks: their raw scores and gradients by the definition, every coalition of few fields, and
/// integrated gradients of many.
@Suite struct NetworkTests {
  private static let activations = [
    "identity", "logistic", "tanh", "exponential", "reciprocal", "square", "Gauss", "sine",
    "cosine", "Elliott", "arctan", "rectifier", "radialBasis",
  ]

  private static func regression(_ network: NetworkCase) -> String {
    network.document(
      "regression", target: "amount", outputs: [(0, "<FieldRef field=\"amount\"/>")])
  }

  private static func form(
    _ document: String, _ result: ModelResult, numbers: Int
  ) throws -> (form: NetworkForm, tested: ModelCase) {
    let tested = try ModelCase(numbers: numbers, seed: 5, body: document)
    return (try NetworkForm(tested.model.program, result), tested)
  }

  // MARK: Raw scores

  @Test func `of two classes under softmax the difference is attributed`() throws {
    let network = NetworkCase(
      numbers: 2, hidden: ["tanh"], outputs: 2, normalization: "softmax", seed: 1)
    let document = network.document(
      "classification", target: "target",
      outputs: [(0, NetworkCase.label("target", "no")), (1, NetworkCase.label("target", "yes"))])
    let (form, tested) = try Self.form(document, .probability("yes"), numbers: 2)
    #expect(form.name == "log-odds of probability(\"yes\")")
    #expect(form.link == "logit")
    for row in tested.rows {
      let shares = network.outputs(NetworkCase.point(row))
      #expect(abs(form.value(NetworkCase.point(row)) - log(shares[1] / shares[0])) < 1e-12)
    }
  }

  @Test func `of three classes under softmax each has its own sum`() throws {
    let network = NetworkCase(
      numbers: 2, hidden: ["rectifier"], outputs: 3, normalization: "softmax", seed: 2)
    let outputs = ["p", "q", "r"].enumerated().map { ($0, NetworkCase.label("three", $1)) }
    let (form, tested) = try Self.form(
      network.document("classification", target: "three", outputs: outputs), .probability("q"),
      numbers: 2)
    #expect(form.name == "probability(\"q\") before softmax")
    for row in tested.rows {
      let sums = network.outputs(NetworkCase.point(row), beforeLast: true)
      #expect(abs(form.value(NetworkCase.point(row)) - sums[1]) < 1e-13)
    }
  }

  @Test
  func `behind neurons that hand on a probability, or the rest of it, the log-odds are found`()
    throws
  {
    var network = NetworkCase(
      numbers: 2, hidden: ["tanh"], outputs: 1, activation: "logistic", seed: 3)
    let sums = network
    network.layers.append(
      NetworkCase.Layer(activation: "identity", weights: [[1, -1], [0, 1]]))
    let document = network.document(
      "classification", target: "target",
      outputs: [(0, NetworkCase.label("target", "no")), (1, NetworkCase.label("target", "yes"))])
    for (label, sign) in [("yes", 1.0), ("no", -1)] {
      let (form, tested) = try Self.form(document, .probability(label), numbers: 2)
      #expect(form.link == "logit")
      for row in tested.rows {
        let sum = sums.outputs(NetworkCase.point(row), beforeLast: true)[0]
        #expect(abs(form.value(NetworkCase.point(row)) - sign * sum) < 1e-13)
      }
    }
  }

  @Test func `a normalisation of two points is undone, one of more is not`() throws {
    let network = NetworkCase(numbers: 1, hidden: ["tanh"], outputs: 1, seed: 4)
    func document(_ more: String) -> String {
      network.document(
        "regression", target: "amount",
        outputs: [
          (
            0,
            "<NormContinuous field=\"amount\"><LinearNorm orig=\"10\" norm=\"0\"/>"
              + "<LinearNorm orig=\"30\" norm=\"1\"/>\(more)</NormContinuous>"
          )
        ])
    }
    let (form, tested) = try Self.form(document(""), .predictedValue, numbers: 1)
    let (bent, _) = try Self.form(
      document("<LinearNorm orig=\"90\" norm=\"2\"/>"), .predictedValue, numbers: 1)
    #expect(form.link == nil && bent.link == "denormalisation")
    for row in tested.rows {
      let output = network.outputs(NetworkCase.point(row))[0]
      #expect(abs(form.value(NetworkCase.point(row)) - (10 + 20 * output)) < 1e-12)
      #expect(abs(bent.value(NetworkCase.point(row)) - output) < 1e-13)
    }
  }

  // MARK: Gradients

  @Test(arguments: activations, ["none", "softmax", "simplemax"])
  func `gradients are those of small differences`(activation: String, normalization: String)
    throws
  {
    let network = NetworkCase(
      numbers: 2, hidden: [activation, "tanh"], outputs: 3, activation: "exponential",
      normalization: normalization, seed: 6)
    let (form, _) = try Self.form(Self.regression(network), .predictedValue, numbers: 2)
    #expect(form.isContinuous)
    var room = form.makeGradientRoom()
    var random = SeededGenerator(seed: 9)
    for _ in 0..<3 {
      let point = (0..<4).map { _ in Double.random(in: -1...1, using: &random) }
      #expect(abs(form.value(point) - network.outputs(point)[0]) < 1e-11)
      for place in room.sums.indices { room.sums[place] = 0 }
      form.addGradient(point, weight: 2, &room)
      for input in point.indices {
        let step = 1e-5
        var (up, down) = (point, point)
        up[input] += step
        down[input] -= step
        let slope = (form.value(up) - form.value(down)) / (2 * step)
        #expect(
          abs(room.sums[input] / 2 - slope) <= 1e-6 * (1 + abs(slope)),
          "\(activation) input \(input)")
      }
    }
  }

  // MARK: Few fields

  @Test(arguments: ["tanh", "rectifier", "threshold"], [1, 4, 7])
  func `every coalition of few fields is scored, before the link`(
    activation: String, numbers: Int
  ) throws {
    let network = NetworkCase(
      numbers: numbers, hidden: [activation], outputs: 2, normalization: "softmax", seed: 7)
    let document = network.document(
      "classification", target: "target",
      outputs: [(0, NetworkCase.label("target", "no")), (1, NetworkCase.label("target", "yes"))])
    let tested = try ModelCase(
      numbers: numbers, seed: 8, rowCount: 2, backgroundCount: 70 / numbers, body: document)
    let attributor = try Attributor(
      tested.model, .probability("yes"), background: tested.matrix)
    #expect(attributor.method == "every coalition, \(70 / numbers) rows, exact")
    #expect(attributor.attributed == "log-odds of probability(\"yes\")")
    #expect(attributor.kind == .exact)
    try tested.check(attributor) { row in
      let sums = network.outputs(NetworkCase.point(row), beforeLast: true)
      return sums[1] - sums[0]
    }
  }

  // MARK: Integrated gradients

  private static func path(
    _ network: NetworkCase, backgroundCount: Int = 5
  ) throws -> (attributor: Attributor, tested: ModelCase) {
    let tested = try ModelCase(
      numbers: network.numbers, seed: 3, rowCount: 4, backgroundCount: backgroundCount,
      body: regression(network))
    #expect(throws: AttributionRefusal.self) {
      _ = try Attributor(tested.model, .predictedValue, background: tested.matrix)
    }
    return (
      try Attributor(
        tested.model, .predictedValue, background: tested.matrix,
        estimates: Attributor.Estimates()), tested
    )
  }

  /// The reference: the mean of the background's points.
  private static func reference(_ tested: ModelCase) -> [Double] {
    let points = tested.background.map { NetworkCase.point($0) }
    return points[0].indices.map { place in
      points.reduce(0) { $0 + $1[place] } / Double(points.count)
    }
  }

  /// Compares with sums of gradients at many points, by differences; the categories' inputs are one
  /// field's.
  private static func compare(
    _ network: NetworkCase, _ attributor: Attributor, _ tested: ModelCase, residual: Double,
    tolerance: Double
  ) throws {
    let reference = reference(tested)
    #expect(abs(attributor.baseValue - network.outputs(reference)[0]) < 1e-10)
    var space = tested.model.makeWorkspace()
    var room = attributor.makeWorkspace()
    for row in tested.rows.prefix(2) {
      tested.set(row, &space)
      #expect(tested.model.score(&space))
      let outcome = try #require(attributor.attribute(space, &room))
      #expect(abs(outcome.residual) <= residual)
      #expect(outcome.tolerance == .infinity && outcome.evaluationCount > 0)
      let end = NetworkCase.point(row)
      let steps = 2_000
      var expected = [Double](repeating: 0, count: end.count)
      for step in 0..<steps {
        let part = (Double(step) + 0.5) / Double(steps)
        let point = end.indices.map { reference[$0] + part * (end[$0] - reference[$0]) }
        for input in end.indices where end[input] != reference[input] && input % 5 == 0 {
          var (up, down) = (point, point)
          up[input] += 1e-6
          down[input] -= 1e-6
          let slope = (network.outputs(up)[0] - network.outputs(down)[0]) / 2e-6
          expected[input] += slope * (end[input] - reference[input]) / Double(steps)
        }
      }
      for input in stride(from: 0, to: network.numbers, by: 5) {
        #expect(abs(room.attributions[input] - expected[input]) <= tolerance)
      }
    }
  }

  @Test func `a network of linear pieces is integrated piece by piece`() throws {
    let network = NetworkCase(
      numbers: 13, hidden: ["rectifier", "rectifier"], outputs: 1, seed: 10)
    let (attributor, tested) = try Self.path(network)
    #expect(
      attributor.method == "integrated gradients, piece by piece, from the mean of 5 rows")
    #expect(attributor.kind == .integratedGradients)
    // Differences at 2,000 points cut the pieces less well than the bends do.
    try Self.compare(network, attributor, tested, residual: 1e-12, tolerance: 3e-3)
  }

  @Test func `a smooth network is integrated by nodes until little is left`() throws {
    let network = NetworkCase(
      numbers: 13, hidden: ["tanh", "logistic"], outputs: 1, size: 0.5, seed: 11)
    let (attributor, tested) = try Self.path(network)
    #expect(
      attributor.method == "integrated gradients, 16 to 256 nodes, from the mean of 5 rows")
    try Self.compare(network, attributor, tested, residual: 1e-8, tolerance: 1e-6)
  }

  @Test func `without a layer that bends each input has its weight times its distance`() throws {
    let network = NetworkCase(numbers: 14, hidden: [], outputs: 1, seed: 12)
    let (attributor, tested) = try Self.path(network, backgroundCount: 2)
    let reference = Self.reference(tested)
    let weights = network.layers[0].weights[0].dropFirst().map { $0 }
    var space = tested.model.makeWorkspace()
    var room = attributor.makeWorkspace()
    for row in tested.rows {
      tested.set(row, &space)
      _ = tested.model.score(&space)
      let outcome = try #require(attributor.attribute(space, &room))
      #expect(outcome.evaluationCount == 1)
      let changes = zip(NetworkCase.point(row), reference).map { $0 - $1 }
      for input in 0..<14 {
        #expect(abs(room.attributions[input] - weights[input] * changes[input]) < 1e-13)
      }
      let category = weights[14] * changes[14] + weights[15] * changes[15]
      #expect(abs(room.attributions[14] - category) < 1e-13)
    }
  }

  @Test func `steps have no gradient: such a network is sampled`() throws {
    let network = NetworkCase(numbers: 13, hidden: ["threshold"], outputs: 1, seed: 13)
    let (attributor, _) = try Self.path(network)
    #expect(attributor.kind == .sampled)
    #expect(attributor.method == "sampled, 2000 scores a row, 5 rows, 95 % intervals")
  }

  @Test func `a missing value leaves a row without attributions`() throws {
    let network = NetworkCase(numbers: 13, hidden: ["tanh"], outputs: 1, seed: 14)
    let (attributor, tested) = try Self.path(network)
    var space = tested.model.makeWorkspace()
    var room = attributor.makeWorkspace()
    tested.set([.missing] + tested.rows[0].dropFirst(), &space)
    _ = tested.model.score(&space)
    #expect(attributor.attribute(space, &room) == nil)
  }
}
