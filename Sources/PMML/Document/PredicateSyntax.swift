internal import TreeEnsembles

/// A predicate as the document writes it.
indirect enum PredicateSyntax: Sendable {
  case alwaysTrue
  case alwaysFalse
  case simple(field: String, PredicateOperator, value: String?, line: Int)
  case set(field: String, isIn: Bool, values: [String], line: Int)
  case compound(PredicateOperator, [PredicateSyntax])
}
