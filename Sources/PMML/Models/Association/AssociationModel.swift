/// Rules of the kind: who has these items tends to have those.
struct AssociationModel: Sendable {
  struct Item: Sendable {
    var id: String
    var value: String
    /// The field whose category is the item, where the document says so.
    var field: String?
    var category: String?
    var line: Int
  }

  struct Itemset: Sendable {
    var id: String
    var items: [String] = []
    var line: Int
  }

  struct Rule: Sendable {
    var id: String?
    var antecedent: String
    var consequent: String
    var measures: RuleMeasures
    var line: Int
  }

  var items: [Item] = []
  var itemsets: [Itemset] = []
  var rules: [Rule] = []
  var limits = RuleLimits()
}

/// What was measured of a rule when it was mined; NaN where the document does not say.
struct RuleMeasures: Sendable {
  var support = Double.nan
  var confidence = Double.nan
  var lift = Double.nan
  var leverage = Double.nan
  var affinity = Double.nan
}
