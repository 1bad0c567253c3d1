/// A model's raw score as a sum of trees, of products of fields and of kernels: what can be attributed
/// exactly.
///
/// The raw score is what a link (logit, exp), a target's limits or nothing at all turns into the
/// result that was asked for. A chain whose last model adds up the ones before it is one sum.
package struct AdditiveForm: Sendable {
  /// Why a model has no such form: one line in lower case.
  package struct Refusal: Error, Sendable, Hashable {
    package let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// The number that each tree adds.
  package enum TreeOutput: Sendable, Hashable {
    case score
    /// The probability of a class; 1 or 0 where a node has none.
    case probability(Int)
    /// 1 if the class is predicted, else 0.
    case vote(Int)
  }

  package struct Trees: Sendable {
    package let plan: TreePlan
    package let output: TreeOutput
    /// One factor a tree.
    package var weights: [Double]
    /// What a tree without a prediction adds; NaN if the score is then missing.
    package let missingPrediction: Double
  }

  package enum Factor: Sendable {
    /// A slot's number, to a power.
    case power(slot: Int, exponent: Double)
    /// 1 if the slot holds the value, else 0, also where it is missing.
    case indicator(slot: Int, value: Double)

    /// What a table or a density gives for the slot's value, missing or not.
    case function(slot: Int, @Sendable (Double) -> Double)

    package var slot: Int {
      switch self {
      case .power(let slot, _), .indicator(let slot, _), .function(let slot, _): slot
      }
    }
  }

  /// A coefficient times a product of factors.
  package struct Term: Sendable {
    package var coefficient: Double
    package var factors: [Factor]
    /// What the coefficient was added up from, in absolute terms; nil if it stands as it is.
    package var magnitude: Double?
  }

  package internal(set) var constant = 0.0
  package internal(set) var trees: [Trees] = []
  package internal(set) var terms: [Term] = []
  package internal(set) var kernels: [Kernels] = []
  /// What turns the raw score into the result; nil if it is the result.
  package internal(set) var link: String?
  /// The raw score's name, as a page prints it: `log-odds of probability("1")`.
  package internal(set) var name = ""
  /// Where slots come from; every slot that the form looks at comes from one input.
  package internal(set) var origins: [SlotOrigin] = []
  var source = Source.none

  /// Where scoring left the raw score, in its own precision.
  enum Source: Sendable {
    case none
    case predicted(unit: Int)
    case region(unit: Int, place: Int)
    /// Linear predictors, added with their signs.
    case tables(RegressionPlan, [(table: Int, sign: Double)], isFloat: Bool)
    /// A machine's value less its threshold, or the threshold less the value.
    case machine(SupportVectorMachinePlan, Int, isUpward: Bool)
  }

  /// Whether scoring keeps the raw score itself.
  package var keepsRawScore: Bool {
    if case .none = source { return false }
    return true
  }

  /// The raw score that scoring itself found; NaN if it is missing or was not kept.
  package func rawScore(_ program: ModelProgram, _ space: ScoringWorkspace) -> Double {
    switch source {
    case .none: return .nan
    case .predicted(let unit): return space.predicted[unit]
    case .region(let unit, let place):
      return space.hasRegion[unit] ? space.region[program.units[unit].region + place] : .nan
    case .tables(let plan, let tables, let isFloat):
      var sum = 0.0
      for (table, sign) in tables {
        sum += sign * plan.sum(plan.tables[table], space.slots, isFloat: isFloat)
      }
      return sum
    case .machine(let plan, let machine, let isUpward):
      return plan.decisionValue(of: machine, space.slots, isUpward: isUpward)
    }
  }

  /// The same of a row of a block.
  package func rawScore(_ program: ModelProgram, _ space: BlockWorkspace, row: Int) -> Double {
    let rows = BlockWorkspace.rowCount
    switch source {
    case .none: return .nan
    case .predicted(let unit): return space.predicted[unit * rows + row]
    case .region(let unit, let place):
      let hasRegion = space.hasRegion[unit] >> UInt64(row) & 1 != 0
      return hasRegion ? space.region[(program.units[unit].region + place) * rows + row] : .nan
    case .tables, .machine:
      space.load(row)
      return rawScore(program, space.row)
    }
  }

  mutating func scale(by factor: Double) {
    constant *= factor
    for place in trees.indices {
      for tree in trees[place].weights.indices { trees[place].weights[tree] *= factor }
    }
    for place in terms.indices {
      terms[place].coefficient *= factor
      terms[place].magnitude = terms[place].magnitude.map { $0 * factor.magnitude }
    }
    for place in kernels.indices {
      for vector in kernels[place].weights.indices { kernels[place].weights[vector] *= factor }
    }
  }

  mutating func add(_ other: AdditiveForm) {
    constant += other.constant
    trees += other.trees
    terms += other.terms
    kernels += other.kernels
  }
}
