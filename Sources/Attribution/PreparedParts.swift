import DataFields
package import PMML
import TreeEnsembles

/// The parts of an additive model, prepared over a background or by record counts.
struct PreparedParts {
  private(set) var trees: [TreeSHAP] = []
  let linear: LinearAttribution
  private(set) var kernels: [KernelAttribution] = []
  /// The slots that the linear part looks at.
  let slots: [Int]

  /// What sums of the parts come to in single precision.
  private(set) var singlePrecision = Attributor.SinglePrecision(termCount: 0, treeMagnitude: 0)

  /// The expected raw score.
  var baseValue: Double {
    var base = linear.baseValue
    for part in trees { base += part.baseValue }
    for part in kernels { base += part.baseValue }
    return base
  }

  init(
    _ form: AdditiveForm, _ model: CompiledModel, _ background: ModelMatrix?,
    _ covers: NodeCovers?
  ) throws(AttributionRefusal) {
    var players: [Int: Int] = [:]
    for (player, input) in model.activeInputs.enumerated() { players[input] = player }
    func player(_ slot: Int) -> Int {
      if case .input(let input) = form.origins[slot] { players[input] ?? -1 } else { -1 }
    }
    if background == nil, !form.terms.isEmpty || !form.kernels.isEmpty {
      throw AttributionRefusal(
        "the model does not say what its fields are on average; give a background")
    }
    let slots = form.terms.flatMap { $0.factors.map(\.slot) }
    self.slots = slots
    // Every tree part's features, and the linear part's values, row by row.
    var features = form.trees.map { _ in [[Double]]() }
    var values: [[Double]] = []
    var points = form.kernels.map { _ in [[Double]]() }
    if let background {
      let feeds = BackgroundFeeds(model, background)
      var space = model.makeWorkspace()
      for row in 0..<background.rowCount {
        try feeds.score(row, model, &space)
        for (place, part) in form.trees.enumerated() {
          var gathered = [Double](repeating: .nan, count: part.plan.featureSlots.count)
          part.plan.gather(space.slots, into: &gathered)
          features[place].append(gathered)
        }
        values.append(slots.map { space.slots[$0] })
        for (place, part) in form.kernels.enumerated() {
          points[place].append(part.coordinates.map { $0.number(space.slots[$0.slot]) })
        }
      }
    }
    for (place, part) in form.trees.enumerated() {
      var ensemble = part.plan.ensemble
      if let covers {
        guard let covered = covers.covered(part.plan, of: model) else {
          throw AttributionRefusal("the covers are those of another model")
        }
        ensemble = covered
      }
      let game = TreeGame(
        ensemble: ensemble, output: TreeGame.Output(part.output), weights: part.weights,
        players: part.plan.featureSlots.map(player), playerCount: model.signature.inputs.count,
        missingPrediction: part.missingPrediction)
      singlePrecision.termCount += ensemble.trees.count
      singlePrecision.treeMagnitude += game.magnitude
      trees.append(
        background == nil
          ? try TreeSHAP(pathDependent: game) : try TreeSHAP(game, background: features[place]))
    }
    var value = 0
    let terms = form.terms.map { term in
      LinearGame.Term(
        coefficient: term.coefficient,
        magnitude: term.magnitude ?? term.coefficient.magnitude,
        factors: term.factors.map { factor in
          defer { value += 1 }
          let kind: LinearGame.Factor.Kind =
            switch factor {
            case .power(_, let exponent): .power(exponent)
            case .indicator(_, let sought): .indicator(sought)
            case .function(_, let function): .function(function)
            }
          return LinearGame.Factor(player: player(factor.slot), value: value, kind: kind)
        })
    }
    linear = try LinearAttribution(
      terms, constant: form.constant, background: values,
      power: { RegressionPlan.power($0, $1) })
    singlePrecision.termCount += terms.count
    for (place, part) in form.kernels.enumerated() {
      kernels.append(
        try KernelAttribution(
          gamma: part.gamma, vectors: part.vectors, weights: part.weights,
          players: part.coordinates.map { player($0.slot) }, background: points[place]))
    }
  }
}

extension TreeGame.Output {
  package init(_ output: AdditiveForm.TreeOutput) {
    switch output {
    case .score: self = .score
    case .probability(let place): self = .probability(place)
    case .vote(let place): self = .vote(place)
    }
  }
}

/// Sets a model's inputs from the rows of a matrix, by the columns' names.
struct BackgroundFeeds: Sendable {
  private let columns: [Int?]
  private let background: ModelMatrix

  init(_ model: CompiledModel, _ background: ModelMatrix) {
    self.background = background
    columns = model.signature.inputs.map { background.columnIndex($0.name) }
  }

  /// Sets one input.
  func set(_ row: Int, input: Int, _ model: CompiledModel, _ space: inout ScoringWorkspace) {
    guard let column = columns[input] else {
      return model.setMissing(input: input, in: &space)
    }
    switch background.row(row)[column] {
    case .missing: model.setMissing(input: input, in: &space)
    case .number(let number): model.set(number: number, input: input, in: &space)
    case .text(let text): model.set(text: text, input: input, in: &space)
    }
  }

  /// Scores a row of the background.
  func score(
    _ row: Int, _ model: CompiledModel, _ space: inout ScoringWorkspace
  ) throws(AttributionRefusal) {
    model.clear(&space)
    for input in columns.indices { set(row, input: input, model, &space) }
    guard model.score(&space) else {
      let field = model.program.inputs[space.invalidInput].field.name
      throw AttributionRefusal(
        "row \(row + 1) of the background is not valid for the model: `\(field)`")
    }
  }
}
