import PMML

/// Integrated gradients of a neural network (Sundararajan, Taly and Yan, 2017): what the raw score
/// changes along the straight way from a reference to the row, field by field.
///
/// The reference is one point: the mean of the background's neural inputs, of a category the share of
/// each of its values. Fields' neural inputs move together. The changes add up to the raw score less
/// that of the reference but for the error of the integral, which is the residual: nothing where the
/// network is made of linear pieces, since the way is cut where it bends; else it is made small by taking
/// more nodes.
///
/// These are not Shapley values: another way between the same points would give others.
struct NetworkPath: Sendable {
  static let fewestNodes = 16
  static let mostNodes = 256
  /// Bends of a way that are looked for.
  static let bendLimit = 2_048
  /// The residual that is small enough, relative to 1 and the raw scores of both ends.
  static let tolerance = 1e-9

  struct Workspace: Sendable {
    fileprivate var room: NetworkForm.GradientRoom
  }

  /// What was found of a row.
  struct Found {
    var rawScore: Double
    /// Gradients that were taken.
    var gradientCount: Int
  }

  /// The raw score of the reference.
  let baseValue: Double
  let form: NetworkForm
  private let program: ModelProgram
  /// The reference's neural inputs.
  private let reference: [Double]
  /// For each neural input the field that it comes from; -1 if it is a constant.
  private let players: [Int]
  /// Rules of 16, 32 ... 256 nodes; none are needed where pieces are linear.
  private let rules: [GaussLegendre]

  /// - Throws: why the network has no gradients that add up.
  init(
    _ form: NetworkForm, _ model: CompiledModel, _ background: BackgroundFeeds, rowCount: Int
  ) throws(AttributionRefusal) {
    guard form.origins.count == form.inputCount else {
      throw AttributionRefusal("a neural input is worked out from several fields")
    }
    guard form.isContinuous else {
      throw AttributionRefusal("a threshold is a step, which no gradient sees")
    }
    self.form = form
    program = model.program
    var fields: [Int: Int] = [:]
    for (field, input) in model.activeInputs.enumerated() { fields[input] = field }
    players = form.origins.map { fields[$0] ?? -1 }
    var sums = [Double](repeating: 0, count: form.inputCount)
    var space = model.makeWorkspace()
    for row in 0..<rowCount {
      try background.score(row, model, &space)
      guard let inputs = form.inputs(program, space) else {
        throw AttributionRefusal("the model gives no prediction for some row of the background")
      }
      for place in sums.indices { sums[place] += inputs[place] }
    }
    reference = sums.map { $0 / Double(rowCount) }
    baseValue = form.value(reference)
    guard baseValue.isFinite else {
      throw AttributionRefusal("the network gives nothing for the mean of the background")
    }
    rules =
      form.isPiecewiseLinear
      ? []
      : sequence(first: Self.fewestNodes) { $0 < Self.mostNodes ? 2 * $0 : nil }.map {
        GaussLegendre.rule($0)
      }
  }

  /// How the integral is taken, for the method's name.
  var note: String {
    form.isPiecewiseLinear
      ? "piece by piece" : "\(Self.fewestNodes) to \(Self.mostNodes) nodes"
  }

  func makeWorkspace() -> Workspace { Workspace(room: form.makeGradientRoom()) }

  /// Adds what each field changes on the way to a row; nil if a neural input is missing.
  ///
  /// - Complexity: O(gradients x connections), of which there are at most 256, or one for each piece.
  func attribute(
    _ scored: ScoringWorkspace, to attributions: inout [Double], _ space: inout Workspace
  ) -> Found? {
    guard let inputs = form.inputs(program, scored) else { return nil }
    let raw = form.value(inputs)
    guard raw.isFinite else { return nil }
    var count = 0
    if form.isPiecewiseLinear,
      let bends = form.bends(from: reference, to: inputs, limit: Self.bendLimit)
    {
      clear(&space)
      for (low, high) in zip(bends, bends.dropFirst()) {
        add(low + (high - low) / 2, high - low, inputs, &space)
      }
      count = bends.count - 1
    } else {
      for rule in rules.isEmpty ? [GaussLegendre.rule(Self.mostNodes)] : rules {
        clear(&space)
        for (node, weight) in zip(rule.nodes, rule.weights) { add(node, weight, inputs, &space) }
        count += rule.nodes.count
        var explained = baseValue
        for input in inputs.indices {
          explained += (inputs[input] - reference[input]) * space.room.sums[input]
        }
        let scale = 1 + raw.magnitude + baseValue.magnitude
        if (raw - explained).magnitude <= Self.tolerance * scale { break }
      }
    }
    for (input, player) in players.enumerated() where player >= 0 {
      attributions[player] += (inputs[input] - reference[input]) * space.room.sums[input]
    }
    guard attributions.allSatisfy({ $0.isFinite }) else { return nil }
    return Found(rawScore: raw, gradientCount: count)
  }

  private func clear(_ space: inout Workspace) {
    for place in space.room.sums.indices { space.room.sums[place] = 0 }
  }

  /// Adds the gradient at a part of the way.
  private func add(_ part: Double, _ weight: Double, _ inputs: [Double], _ space: inout Workspace) {
    let point = inputs.indices.map { reference[$0] + part * (inputs[$0] - reference[$0]) }
    form.addGradient(point, weight: weight, &space.room)
  }
}
