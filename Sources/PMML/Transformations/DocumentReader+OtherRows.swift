internal import SourceDiagnostics

/// Expressions that look at other rows.
extension DocumentReader {
  /// No lag reaches farther back.
  private static let lagLimit = 65_536

  func readLag(_ element: Element) throws(DiagnosticsError) -> ExpressionSyntax.Kind {
    var lag = Lag(
      field: required(.field, of: element), count: integer(.n, of: element) ?? 1,
      aggregate: choice(.aggregate, of: element) ?? .none, blocks: [])
    if !(1...Self.lagLimit).contains(lag.count) {
      report("P4", "`n` is \(lag.count); it is 1 to \(Self.lagLimit)", at: element)
      lag.count = 1
    }
    while let child = try nextChild(of: element) {
      if child.name == .blockIndicator {
        lag.blocks.append(required(.field, of: child))
      } else {
        unexpected(child, in: element)
      }
    }
    return .lag(lag)
  }

  func readAggregate(_ element: Element) throws(DiagnosticsError) -> ExpressionSyntax.Kind {
    let field = required(.field, of: element)
    let function: Aggregate.Function? = requiredChoice(.function, of: element)
    let groupField = string(.groupField, of: element)
    if string(.sqlWhere, of: element) != nil {
      unsupported(element, "a condition in SQL is not evaluated")
    }
    while let child = try nextChild(of: element) { unexpected(child, in: element) }
    guard let function else { return .faulty }
    return .aggregate(Aggregate(field: field, function: function, groupField: groupField))
  }
}
