package import DataFields
package import PMML
internal import TreeEnsembles

/// Attributes a result of a model to the model's fields: exactly, or by estimates that are named so.
///
///     let attributor = try Attributor(model, .probability("1"), background: rows)
///     var space = model.makeWorkspace(), room = attributor.makeWorkspace()
///     // ... set inputs, model.score(&space) ...
///     let outcome = attributor.attribute(space, &room)   // room.attributions beside `fields`
///
/// What is attributed is the raw score, before any link: `baseValue` plus the attributions is the
/// raw score; every outcome says how nearly, and whether that is rounding. Sums and averages of trees,
/// linear models and kernels are attributed by their structure; other models of few fields by scoring
/// every coalition of them. Of a cluster it is attributed how much nearer it is than the next one.
/// Only where estimates are asked for are neural networks attributed by integrated gradients and other
/// models of many fields by sampling.
/// Immutable and shared; each task has a workspace of its own.
///
/// Same input, same bits: order is fixed and no operation is fused.
package struct Attributor: Sendable {
  /// Room for one row; reused from row to row.
  package struct Workspace: Sendable {
    /// One number a field of the model's signature, after ``Attributor/attribute(_:key:_:)``.
    package fileprivate(set) var attributions: [Double]
    /// Of sampled values, half of the 95 % interval of each; else empty.
    package fileprivate(set) var errors: [Double] = []
    fileprivate var part: [Double]
    fileprivate var features: [Double]
    fileprivate var values: [Double]
    fileprivate var trees: [TreeSHAP.Workspace]
    fileprivate var linear = LinearAttribution.Scratch()
    fileprivate var kernels: [KernelAttribution.Workspace] = []
    fileprivate var mixtures = MixtureRoom()
    fileprivate var path: NetworkPath.Workspace?
  }

  /// What the numbers are.
  package enum Kind: Sendable, Hashable {
    /// The values themselves, but for rounding.
    case exact
    /// Another attribution than Shapley's, whose residual says how far it adds up.
    case integratedGradients
    /// Estimates of Shapley values, each with an interval.
    case sampled
  }

  /// What estimates may take.
  package struct Estimates: Sendable, Hashable {
    /// The most scores of a sampled row; nil for the default.
    package var scoreCount: Int?

    package init(scoreCount: Int? = nil) { self.scoreCount = scoreCount }
  }

  /// The expected raw score, when nothing is known of the row; of integrated gradients that of the
  /// reference.
  package let baseValue: Double
  /// The names of the fields, in the order of the signature's inputs.
  package let fields: [String]
  /// `interventional, 100 rows, exact`: how attributions are found, for pages and traces.
  package let method: String
  /// `log-odds of probability("1")`: what they add up to.
  package let attributed: String
  /// What turns the raw score into the result; nil if it is the result.
  package let link: String?
  /// Set where the model adds up in single precision.
  let single: SinglePrecision?
  let program: ModelProgram
  let way: Method
  let slots: [Int]
  /// The positions of ``fields`` among the program's inputs.
  private let activeInputs: [Int]

  /// Prepares the attribution of one result.
  ///
  /// - Parameters:
  ///   - background: the rows whose average is the base value, with a column for each field (by name;
  ///     a field without a column is missing). Nil takes the record counts of trees.
  ///   - covers: record counts in place of those that the model itself holds.
  ///   - estimates: what stands in where there are no exact attributions; nil for nothing.
  /// - Throws: why there are no attributions.
  package init(
    _ model: CompiledModel, _ result: ModelResult, background: ModelMatrix?,
    covers: NodeCovers? = nil, estimates: Estimates? = nil
  ) throws(AttributionRefusal) {
    fields = model.signature.inputs.map(\.name)
    program = model.program
    activeInputs = model.activeInputs
    let prepared = try Prepared(model, result, background, covers, estimates)
    way = prepared.way
    baseValue = prepared.baseValue
    method = prepared.method
    attributed = prepared.attributed
    link = prepared.link
    slots = prepared.slots
    single = prepared.single
  }

  package var kind: Kind {
    switch way {
    case .additive, .enumeration, .margins: .exact
    case .path: .integratedGradients
    case .sampled: .sampled
    }
  }

  /// Whether it is told how much nearer a cluster is than the next one.
  package var isOfClusters: Bool { if case .margins = way { true } else { false } }

  package func makeWorkspace() -> Workspace {
    var space = Workspace(
      attributions: Array(repeating: 0, count: fields.count),
      part: Array(repeating: 0, count: fields.count), features: [],
      values: Array(repeating: 0, count: slots.count), trees: [])
    switch way {
    case .additive(_, let parts):
      space.trees = parts.trees.map { $0.makeWorkspace() }
      space.kernels = parts.kernels.map { $0.makeWorkspace() }
    case .enumeration: break
    case .margins: space.part = Array(repeating: 0, count: program.inputs.count)
    case .path(let path): space.path = path.makeWorkspace()
    case .sampled: space.errors = space.attributions
    }
    return space
  }

  /// Attributes the row that a workspace of the model was last scored with.
  ///
  /// - Parameter key: the row's number, or what stands for the decision: what sampled values are drawn
  ///   by. Others do not look at it.
  /// - Returns: nil if the row, or a mixture of it with the background, has no such result.
  /// - Complexity: O(nodes x depth) for trees, whatever the size of the background.
  package func attribute(
    _ scored: ScoringWorkspace, key: UInt64 = 0, _ space: inout Workspace
  ) -> Outcome? {
    for field in space.attributions.indices { space.attributions[field] = 0 }
    guard var sums = attributeAll(scored, key, &space) else { return nil }
    sums.explained = baseValue
    sums.magnitude += baseValue.magnitude + sums.found.magnitude
    for value in space.attributions {
      sums.explained += value
      sums.magnitude += value.magnitude
    }
    return outcome(sums)
  }

  private func attributeAll(
    _ scored: ScoringWorkspace, _ key: UInt64, _ space: inout Workspace
  ) -> Sums? {
    switch way {
    case .additive(let form, let parts):
      guard let sum = add(form, parts, scored, &space) else { return nil }
      let found = form.rawScore(program, scored)
      if form.keepsRawScore, found.isNaN { return nil }
      return Sums(
        found: form.keepsRawScore ? found : sum.value, exact: sum.value, magnitude: sum.magnitude)
    case .enumeration(let scores):
      return scores.attribute(scored, &space.mixtures, into: &space.attributions).map {
        Sums(found: $0.value, exact: $0.value, magnitude: $0.magnitude)
      }
    case .margins(let margins):
      for place in space.part.indices { space.part[place] = 0 }
      guard let found = margins.attribute(scored, into: &space.part) else { return nil }
      for (field, input) in activeInputs.enumerated() {
        space.attributions[field] = space.part[input]
      }
      return Sums(
        found: found.margin, exact: found.margin, magnitude: found.magnitude,
        runnerUp: found.next)
    case .path(let path):
      var room = space.path ?? path.makeWorkspace()
      space.path = nil
      defer { space.path = room }
      return path.attribute(scored, to: &space.attributions, &room).map {
        Sums(found: $0.rawScore, exact: $0.rawScore, evaluationCount: $0.gradientCount)
      }
    case .sampled(let sampled):
      let found = sampled.attribute(
        scored, key: key, &space.mixtures, into: &space.attributions, errors: &space.errors)
      return found.map {
        Sums(found: $0.rawScore, exact: $0.rawScore, evaluationCount: $0.scoreCount)
      }
    }
  }

  /// Adds what a linear part contributes to a row of a block; its sum.
  func addSingle(
    _ linear: LinearAttribution, _ space: BlockWorkspace, _ row: Int, _ room: inout Workspace
  ) -> MeasuredSum {
    for field in room.attributions.indices { room.attributions[field] = 0 }
    for place in slots.indices { room.values[place] = space.slot(slots[place], row: row) }
    return linear.add(room.values, to: &room.attributions, &room.linear)
  }

  private func add(
    _ form: AdditiveForm, _ parts: PreparedParts, _ scored: ScoringWorkspace,
    _ space: inout Workspace
  ) -> MeasuredSum? {
    for place in slots.indices { space.values[place] = scored.slots[slots[place]] }
    var sum = parts.linear.add(space.values, to: &space.attributions, &space.linear)
    for place in parts.kernels.indices {
      let point = form.kernels[place].coordinates.map { $0.number(scored.slots[$0.slot]) }
      let found = parts.kernels[place].add(
        point, to: &space.attributions, &space.kernels[place])
      sum.add(found.value, magnitude: found.magnitude)
    }
    for place in parts.trees.indices {
      let plan = form.trees[place].plan
      let count = plan.featureSlots.count
      if space.features.count != count {
        space.features = Array(repeating: .nan, count: count)
      }
      plan.gather(scored.slots, into: &space.features)
      let features = space.features
      guard
        let score = parts.trees[place].attribute(
          features.span, &space.trees[place], into: &space.part)
      else { return nil }
      sum.add(score)
      for field in space.part.indices { space.attributions[field] += space.part[field] }
    }
    return sum.value.isNaN ? nil : sum
  }
}
