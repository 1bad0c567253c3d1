package import DataFields
internal import TreeEnsembles

extension AdditiveForm {
  /// Finds the form of a result.
  ///
  /// - Throws: why there is none.
  package init(_ program: ModelProgram, _ result: ModelResult) throws(Refusal) {
    let top = program.units[0]
    if let reason = program.needsOtherRows { throw Refusal(reason) }
    switch result {
    case .predictedValue:
      if case .text = top.content {
        throw Refusal("a document is chosen by its likeness, which is not a sum of parts")
      }
      switch top.function {
      case .regression: break
      case .clustering:
        throw Refusal("a cluster is chosen by its distance, which is not a sum of parts")
      case .associationRules, .sequences:
        throw Refusal("rules are chosen by the items that are there; what they give is no number")
      case .timeSeries:
        throw Refusal("a forecast rests on the series that the model holds, not on fields of a row")
      case .mixed: throw Refusal("a `mixed` model does not say that its result is a number")
      case .classification:
        throw Refusal("a predicted class is no number; attribute the probability of a class")
      }
      guard !top.predictsText else {
        throw Refusal("the prediction is a text or a list, no number")
      }
      self = try AdditiveForm.form(program, unit: 0, place: nil)
      name = link.map { "predictedValue before \($0)" } ?? "predictedValue"
    case .probability(let label):
      guard let place = top.classes.firstIndex(where: { $0.text == label }) else {
        throw Refusal("the model has no class \"\(label)\"")
      }
      self = try AdditiveForm.form(program, unit: 0, place: place)
      switch link {
      case nil: name = "probability(\"\(label)\")"
      case "logit": name = "log-odds of probability(\"\(label)\")"
      case "vote": name = "decision value for \"\(label)\""
      case .some(let link): name = "probability(\"\(label)\") before \(link)"
      }
    case .outputField(let output):
      guard let step = top.outputs.first(where: { $0.field.name == output }) else {
        throw Refusal("the model has no output `\(output)`")
      }
      self = try AdditiveForm(program, output: step)
    default:
      throw Refusal("\(result) is not a sum of parts")
    }
    origins = program.slotOrigins()
    try checkOrigins(program)
  }

  private init(_ program: ModelProgram, output step: OutputStep) throws(Refusal) {
    let top = program.units[0]
    guard step.unit == 0 else { throw Refusal("an output of a segment is not attributed") }
    switch step.field.feature {
    case .predictedValue: try self.init(program, .predictedValue)
    case .probability where top.classes.indices.contains(step.position):
      try self.init(program, .probability(top.classes[step.position].text))
    default: throw Refusal("output `\(step.field.name)` is not a sum of parts")
    }
  }

  /// Every slot must come from one input, or the players of the game would not be the fields.
  private func checkOrigins(_ program: ModelProgram) throws(Refusal) {
    let slots =
      trees.flatMap(\.plan.featureSlots) + terms.flatMap { $0.factors.map(\.slot) }
      + kernels.flatMap { $0.coordinates.map(\.slot) }
    for slot in slots {
      switch origins[slot] {
      case .input(let input):
        let plan = program.inputs[input]
        guard plan.isActive else {
          throw Refusal("`\(plan.field.name)` is used but is not an active field of the model")
        }
      case .nothing: throw Refusal("the model looks at a value that rests on no field")
      case .severalInputs:
        throw Refusal("the model looks at a value that is worked out from several fields")
      case .model: throw Refusal("the model looks at another model's result")
      case .otherRows: throw Refusal("the model looks at other rows")
      }
    }
  }

  /// The form of a unit's prediction, or of its number for a class.
  private static func form(
    _ program: ModelProgram, unit: Int, place: Int?
  ) throws(Refusal) -> AdditiveForm {
    let plan = program.units[unit]
    var form: AdditiveForm
    switch plan.content {
    case .tree(let tree):
      form = AdditiveForm()
      form.trees = [
        Trees(
          plan: tree, output: place.map { .probability($0) } ?? .score, weights: [1],
          missingPrediction: .nan)
      ]
      form.source = place.map { .region(unit: unit, place: $0) } ?? .predicted(unit: unit)
    case .forest(let forest):
      form = try Self.form(forest, unit: unit, place: place)
    case .regression(let regression):
      form = try Self.form(regression, isFloat: plan.isFloat, place: place)
    case .mining(let mining):
      switch mining.method {
      case .modelChain: form = try chain(mining, program, unit: unit, place: place)
      case .selectFirst:
        guard let first = mining.segments.first, first.isAlwaysTrue else {
          throw Refusal("the model selects one of several by a predicate")
        }
        form = try segment(first, program, place: place)
      case .selectAll: throw Refusal("a list of predictions is not a sum of parts")
      default: form = try sum(mining, program, unit: unit, place: place)
      }
    case .clustering: throw Refusal("a clustering is not a sum of parts")
    case .scorecard(let card): form = try Self.form(card, unit: unit)
    case .generalRegression(let regression):
      form = try Self.form(regression, classes: plan.classes.count, place: place)
    case .naiveBayes(let bayes): form = try Self.form(bayes, place: place)
    case .supportVectorMachine(let machines):
      form = try Self.form(machines, unit: unit, place: place)
    case .neuralNetwork, .nearestNeighbor, .ruleSet, .anomalyDetection,
      .association, .bayesianNetwork, .gaussianProcess,
      .baseline, .timeSeries, .sequence, .text:
      throw Refusal("a `\(plan.element)` is neither a sum nor a product over fields")
    }
    guard let target = plan.target, plan.function == .regression else { return form }
    return try form.followed(by: target)
  }

  /// A target's factor and constant carry over; what comes before or after them does not.
  private func followed(by target: TargetPlan) throws(Refusal) -> AdditiveForm {
    var form = self
    let isPlain = target.factor == 1 && target.constant == 0
    if link != nil {
      if !target.isAffine || !isPlain { throw Refusal("a target rescales what a link gave") }
      return form
    }
    if target.isAffine {
      form.scale(by: target.factor)
      form.constant += target.constant
    } else {
      form.link = "the target's limits"
      form.source = .none
    }
    return form
  }

  // MARK: Trees

  private static func form(
    _ forest: ForestPlan, unit: Int, place: Int?
  ) throws(Refusal) -> AdditiveForm {
    let weights = try shares(
      forest.method, forest.weights, count: forest.trees.ensemble.trees.count)
    let isVote = forest.method == .majorityVote || forest.method == .weightedMajorityVote
    let output: TreeOutput = place.map { isVote ? .vote($0) : .probability($0) } ?? .score
    var form = AdditiveForm()
    form.trees = [
      Trees(
        plan: forest.trees, output: output, weights: weights,
        missingPrediction: missing(
          forest.method, forest.missingPrediction, forest.missingThreshold))
    ]
    form.source = place.map { .region(unit: unit, place: $0) } ?? .predicted(unit: unit)
    return form
  }

  /// What each part counts for in a sum or an average.
  private static func shares(
    _ method: MiningModel.Method, _ weights: [Double], count: Int
  ) throws(Refusal) -> [Double] {
    switch method {
    case .sum: return Array(repeating: 1, count: count)
    case .weightedSum: return weights
    case .average, .majorityVote: return Array(repeating: 1 / Double(count), count: count)
    case .weightedAverage, .weightedMajorityVote:
      var total = 0.0
      for weight in weights { total += weight }
      guard total > 0 else { throw Refusal("the segments' weights come to nothing") }
      return weights.map { $0 / total }
    default: throw Refusal("segments combined by `\(method.rawValue)` are not a sum")
    }
  }

  /// A missing prediction adds nothing to a sum, unless the model says that the sum is missing.
  private static func missing(
    _ method: MiningModel.Method, _ treatment: MiningModel.MissingPrediction, _ threshold: Double
  ) -> Double {
    guard method == .sum || method == .weightedSum else { return .nan }
    switch treatment {
    case .returnMissing: return .nan
    case .skipSegment: return threshold >= 1 ? 0 : .nan
    case .continue: return 0
    }
  }

  // MARK: Regressions

  private static func form(
    _ plan: RegressionPlan, isFloat: Bool, place: Int?
  ) throws(Refusal) -> AdditiveForm {
    let hasNoLink = plan.normalization == .none
    guard let place else {
      var form = terms(of: plan.tables[0])
      form.link = hasNoLink ? nil : plan.linkName
      form.source = .tables(plan, [(0, 1)], isFloat: isFloat)
      return form
    }
    guard !plan.isOrdinal else {
      throw Refusal("probabilities of an ordinal target are differences of links")
    }
    guard plan.normalization != .simplemax else {
      throw Refusal("simplemax divides the raw scores by their sum")
    }
    guard let own = plan.tables.firstIndex(where: { $0.position == place }) else {
      throw Refusal("the class has no regression table")
    }
    var form = terms(of: plan.tables[own])
    // The linear predictor of one of two classes is limited to what a probability can be.
    form.link = hasNoLink ? "limits of 0 and 1" : plan.linkName
    form.source = .tables(plan, [(own, 1)], isFloat: isFloat)
    if plan.tables.count == 2, plan.normalization == .softmax {
      // Of two classes, the difference of the raw scores is the log-odds.
      var other = terms(of: plan.tables[1 - own])
      other.scale(by: -1)
      form.add(other)
      form.link = "logit"
      form.source = .tables(plan, [(own, 1), (1 - own, -1)], isFloat: isFloat)
    } else if plan.tables.count == 2, own == 1 {
      // The second class has what the first leaves.
      guard plan.normalization == .logit || hasNoLink else {
        throw Refusal("the class has what the other class leaves; attribute that one")
      }
      form = terms(of: plan.tables[0])
      form.scale(by: -1)
      form.link = hasNoLink ? "limits of 0 and 1" : "logit"
      if hasNoLink { form.constant += 1 }
      form.source = hasNoLink ? .none : .tables(plan, [(0, -1)], isFloat: isFloat)
    } else if plan.tables.count > 2, plan.normalization != .softmax {
      throw Refusal("probabilities of several classes rest on each other")
    }
    return form
  }

  private static func terms(of table: RegressionPlan.Table) -> AdditiveForm {
    var form = AdditiveForm()
    form.constant = table.intercept
    for predictor in table.numeric {
      form.terms.append(
        Term(
          coefficient: predictor.coefficient,
          factors: [.power(slot: predictor.slot, exponent: predictor.exponent)]))
    }
    for predictor in table.categorical {
      form.terms.append(
        Term(
          coefficient: predictor.coefficient,
          factors: [.indicator(slot: predictor.slot, value: predictor.value)]))
    }
    for term in table.terms {
      form.terms.append(
        Term(
          coefficient: term.coefficient,
          factors: term.slots.map { .power(slot: $0, exponent: 1) }))
    }
    return form
  }

  // MARK: Segments

  private static func segment(
    _ segment: MiningPlan.Segment, _ program: ModelProgram, place: Int?
  ) throws(Refusal) -> AdditiveForm {
    guard let place else { return try form(program, unit: segment.unit, place: nil) }
    guard let own = segment.classMap.firstIndex(of: place) else { return AdditiveForm() }
    return try form(program, unit: segment.unit, place: own)
  }

  private static func sum(
    _ mining: MiningPlan, _ program: ModelProgram, unit: Int, place: Int?
  ) throws(Refusal) -> AdditiveForm {
    guard mining.method != .majorityVote, mining.method != .weightedMajorityVote else {
      throw Refusal("votes of segments other than trees are not a sum")
    }
    if mining.segments.contains(where: { $0.weightSlot >= 0 }) {
      throw Refusal("the weights of segments come from fields")
    }
    let shares = try shares(
      mining.method, mining.segments.map(\.weight), count: mining.segments.count)
    var sum = AdditiveForm()
    for (part, share) in zip(mining.segments, shares) {
      guard part.isAlwaysTrue else {
        throw Refusal("a segment counts only where its predicate holds")
      }
      var form = try segment(part, program, place: place)
      guard form.link == nil else {
        throw Refusal("a segment's result is linked before it is added")
      }
      form.scale(by: share)
      sum.add(form)
    }
    sum.source = place.map { .region(unit: unit, place: $0) } ?? .predicted(unit: unit)
    return sum
  }

  /// A chain is its last model, with the results of the earlier ones put in where it adds them up.
  private static func chain(
    _ mining: MiningPlan, _ program: ModelProgram, unit: Int, place: Int?
  ) throws(Refusal) -> AdditiveForm {
    guard let last = mining.segments.last, mining.segments.allSatisfy(\.isAlwaysTrue) else {
      throw Refusal("a model of the chain runs only where its predicate holds")
    }
    var form = try segment(last, program, place: place)
    var makers: [Int: Int] = [:]
    for earlier in mining.segments.dropLast() {
      for output in program.units[earlier.unit].outputs
      where output.field.feature == .predictedValue {
        makers[output.slot] = output.unit
      }
    }
    let terms = form.terms
    form.terms = []
    for term in terms {
      guard let maker = term.factors.lazy.compactMap({ makers[$0.slot] }).first else {
        form.terms.append(term)
        continue
      }
      guard term.factors.count == 1, case .power(_, 1) = term.factors[0],
        program.units[maker].function == .regression
      else { throw Refusal("the chain does more than add up earlier results") }
      var part = try Self.form(program, unit: maker, place: nil)
      guard part.link == nil else {
        throw Refusal("a result in the chain is linked before it is added")
      }
      part.scale(by: term.coefficient)
      form.add(part)
    }
    return form
  }
}

extension RegressionPlan {
  /// The link's name, with the logistic function under one name.
  fileprivate var linkName: String {
    normalization == .softmax && tables.count == 1 ? "logit" : normalization.rawValue
  }
}
