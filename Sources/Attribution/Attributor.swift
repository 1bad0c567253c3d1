package import DataFields
package import PMML
internal import TreeEnsembles

/// Attributes a result of a model to the model's fields, exactly.
///
///     let attributor = try Attributor(model, .probability("1"), background: rows)
///     var space = model.makeWorkspace(), room = attributor.makeWorkspace()
///     // ... set inputs, model.score(&space) ...
///     let outcome = attributor.attribute(space, &room)   // room.attributions beside `fields`
///
/// What is attributed is the raw score, before any link: `baseValue` plus the attributions is the
/// raw score; every outcome says how nearly, and whether that is rounding. Sums and averages of trees and linear models are
/// attributed by their structure; other models of few fields by scoring every coalition of them. Of a
/// cluster it is attributed how much nearer it is than the next one.
/// Immutable and shared; each task has a workspace of its own.
///
/// Same input, same bits: order is fixed and no operation is fused.
package struct Attributor: Sendable {
  /// Room for one row; reused from row to row.
  package struct Workspace: Sendable {
    /// One number a field of the model's signature, after ``Attributor/attribute(_:_:)``.
    package fileprivate(set) var attributions: [Double]
    fileprivate var part: [Double]
    fileprivate var features: [Double]
    fileprivate var values: [Double]
    fileprivate var trees: [TreeSHAP.Workspace]
    fileprivate var linear = LinearAttribution.Scratch()
    fileprivate var kernels: [KernelAttribution.Workspace] = []
    fileprivate var scoring: ScoringWorkspace?
  }

  /// How a model's attributions are found.
  enum Method: Sendable {
    case additive(AdditiveForm, PreparedParts)
    case enumeration(CoalitionScores)
    case margins(ClusterMargins)
  }

  /// The expected raw score, when nothing is known of the row.
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
  /// - Throws: why there are no exact attributions.
  package init(
    _ model: CompiledModel, _ result: ModelResult, background: ModelMatrix?,
    covers: NodeCovers? = nil
  ) throws(AttributionRefusal) {
    fields = model.signature.inputs.map(\.name)
    program = model.program
    activeInputs = model.activeInputs
    if model.signature.function == .clustering, case .predictedValue = result {
      do throws(AdditiveForm.Refusal) {
        way = .margins(try ClusterMargins(model.program))
      } catch { throw AttributionRefusal(error.reason) }
      baseValue = 0
      method = "difference of measures, exact"
      attributed = "how much nearer the cluster is than the next one"
      link = nil
      single = nil
      slots = []
      return
    }
    let form: AdditiveForm
    do throws(AdditiveForm.Refusal) {
      form = try AdditiveForm(model.program, result)
    } catch {
      guard let background else { throw AttributionRefusal(error.reason) }
      let scores = try CoalitionScores(model, result, background, because: error.reason)
      way = .enumeration(scores)
      baseValue = scores.baseValue
      method = "every coalition, \(Self.rows(background.rowCount)), exact"
      attributed = "\(result)"
      link = nil
      single = nil
      slots = []
      return
    }
    let prepared = try PreparedParts(form, model, background, covers)
    way = .additive(form, prepared)
    slots = prepared.slots
    let isSingle = form.keepsRawScore && model.program.units.contains { $0.isFloat }
    single = isSingle ? prepared.singlePrecision : nil
    baseValue = prepared.baseValue
    method =
      background.map { "interventional, \(Self.rows($0.rowCount)), exact" }
      ?? "path-dependent\(covers.map { " \($0.note)" } ?? ""), exact"
    attributed = form.name
    link = form.link
  }

  private static func rows(_ count: Int) -> String { count == 1 ? "1 row" : "\(count) rows" }

  package func makeWorkspace() -> Workspace {
    var space = Workspace(
      attributions: Array(repeating: 0, count: fields.count),
      part: Array(repeating: 0, count: fields.count), features: [],
      values: Array(repeating: 0, count: slots.count), trees: [])
    switch way {
    case .additive(_, let parts):
      space.trees = parts.trees.map { $0.makeWorkspace() }
      space.kernels = parts.kernels.map { $0.makeWorkspace() }
    case .enumeration(let scores): space.scoring = scores.makeWorkspace()
    case .margins: space.part = Array(repeating: 0, count: program.inputs.count)
    }
    return space
  }

  /// Attributes the row that a workspace of the model was last scored with.
  ///
  /// - Returns: nil if the row, or a mixture of it with the background, has no such result.
  /// - Complexity: O(nodes x depth) for trees, whatever the size of the background.
  package func attribute(_ scored: ScoringWorkspace, _ space: inout Workspace) -> Outcome? {
    for field in space.attributions.indices { space.attributions[field] = 0 }
    var sums: Sums
    switch way {
    case .additive(let form, let parts):
      guard let sum = add(form, parts, scored, &space) else { return nil }
      let found = form.rawScore(program, scored)
      if form.keepsRawScore, found.isNaN { return nil }
      sums = Sums(
        found: form.keepsRawScore ? found : sum.value, exact: sum.value, explained: 0,
        magnitude: sum.magnitude)
    case .enumeration(let scores):
      guard
        let found = scores.attribute(scored, &space.scoring, into: &space.attributions)
      else { return nil }
      sums = Sums(
        found: found.value, exact: found.value, explained: 0, magnitude: found.magnitude)
    case .margins(let margins):
      for place in space.part.indices { space.part[place] = 0 }
      guard let found = margins.attribute(scored, into: &space.part) else { return nil }
      for (field, input) in activeInputs.enumerated() {
        space.attributions[field] = space.part[input]
      }
      sums = Sums(
        found: found.margin, exact: found.margin, explained: 0, magnitude: found.magnitude)
    }
    sums.explained = baseValue
    sums.magnitude += baseValue.magnitude + sums.found.magnitude
    for value in space.attributions {
      sums.explained += value
      sums.magnitude += value.magnitude
    }
    return outcome(sums)
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
