/// Rules of the kind: who had these sets of items, one after the other, tends to have those later.
struct SequenceModel: Sendable {
  struct SetPredicate: Sendable {
    var id: String
    var field: String
    var values: [String]
    var line: Int
  }

  enum Gap: String, Sendable, CaseIterable {
    case yes = "true"
    case no = "false"
    case unknown
  }

  enum Window: String, Sendable, CaseIterable { case sameTimeWindow, acrossTimeWindows }

  struct Delimiter: Sendable {
    var window: Window
    /// Whether other sets come between.
    var gap: Gap
  }

  struct Step: Sendable {
    var set: String
    /// What stands before the set; nil before the first.
    var delimiter: Delimiter?
    var line: Int
  }

  struct Sequence: Sendable {
    var id: String
    var steps: [Step] = []
    var line: Int
  }

  struct Rule: Sendable {
    var id: String
    var antecedent = ""
    var consequent = ""
    var delimiter: Delimiter?
    var measures: RuleMeasures
    var line: Int
  }

  /// How far apart in time sets may be.
  struct Separation: Sendable {
    var minimum = 0.0
    var maximum = Double.infinity
  }

  var items: [AssociationModel.Item] = []
  var itemsets: [AssociationModel.Itemset] = []
  var predicates: [SetPredicate] = []
  var sequences: [Sequence] = []
  var rules: [Rule] = []
  /// Between neighbouring sets of a sequence.
  var separation = Separation()
  /// Between the last set of an antecedent and the first of a consequent.
  var ruleSeparation = Separation()
  /// Between the first set of a rule's antecedent and the last of its consequent.
  var total = Separation()
  var limits = RuleLimits()
}
