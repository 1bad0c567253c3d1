package import DataFields
public import DecisionTrace

/// What was decided about one subject, with the record that says why.
public struct Decision: Sendable {
  /// The decision's name in the ruleset: `invoice_profile`.
  public let name: String
  /// Whom it is about.
  public let subject: String
  /// The bytes of the trace, as a log stores them.
  public let traceBody: [UInt8]
  private let schema: TraceSchema
  private let schemaDigest: Digest

  package init(
    subject: String, traceBody: [UInt8], schema: TraceSchema, schemaDigest: Digest
  ) {
    self.name = schema.decision
    self.subject = subject
    self.traceBody = traceBody
    self.schema = schema
    self.schemaDigest = schemaDigest
  }

  /// The trace: inputs, ranks with margins, rules, model attributions, outcome and reason.
  ///
  /// - Throws: `TraceFault` if the body was altered.
  /// - Complexity: O(bytes of the body).
  public func trace() throws(TraceFault) -> Trace {
    try Trace(body: traceBody, schema: schema, digest: schemaDigest)
  }
}
