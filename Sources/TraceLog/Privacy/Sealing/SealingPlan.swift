package import DataFields
package import DecisionTrace

/// What of a schema's bodies is kept apart, resolved once: the items, in the order of the schema.
///
/// The subject comes first, then each value that belongs to a person, then the attributions of each
/// model that such values feed, then the lineage, whose head is a hash that a guesser could confirm
/// guesses with.
package struct SealingPlan: Sendable {
  struct Field: Sendable {
    var form: TracedForm
    /// Its place among the items; nil if it stays.
    var item: Int?
  }

  package let schema: TraceSchema
  package let digest: Digest
  /// The digest as bodies name it: asked for with every trace.
  let digestBytes: [UInt8]
  let fields: [Field]
  let rankCount: Int
  let ruleCount: Int
  /// The place among the items of each model; nil if it stays.
  let models: [Int?]
  let outcomeForm: TracedForm
  let outcomeIsList: Bool
  /// The names under which the items are committed to.
  package let itemNames: [String]
  /// What each commitment is taken over before salt and value.
  let commitmentPrefixes: [[UInt8]]

  package init(_ schema: TraceSchema, digest: Digest) {
    self.schema = schema
    self.digest = digest
    digestBytes = digest.bytes
    var names = [Self.subjectName]
    fields = schema.fields.map { field in
      guard field.isKeptApart else { return Field(form: TracedForm(field.type), item: nil) }
      names.append("value \(field.name)")
      return Field(form: TracedForm(field.type), item: names.count - 1)
    }
    models = schema.models.map { model in
      guard schema.isKeptApart(model) else { return nil }
      names.append("model \(model.name)")
      return names.count - 1
    }
    names.append(Self.lineageName)
    rankCount = schema.ranks.count
    ruleCount = schema.rules.count
    outcomeForm = TracedForm(schema.outcomeType)
    outcomeIsList = schema.outcomeIsList
    itemNames = names
    commitmentPrefixes = names.map { ItemCommitment.prefix(name: $0) }
  }

  static let subjectName = "subject"
  static let lineageName = "lineage"
  static let subjectItem = 0
  var lineageItem: Int { itemNames.count - 1 }
}
