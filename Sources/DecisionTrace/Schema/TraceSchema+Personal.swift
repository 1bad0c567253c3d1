/// What of a trace belongs to a person. A log with privacy on keeps it apart from the rest, so that
/// it can be erased: the subject, the lineage, and what the schema says here.
extension TraceSchema.Field {
  /// Whether the value is kept apart. A masked one is too: a page that hides it would be of no use
  /// beside a log that shows it.
  package var isKeptApart: Bool { isPersonal || maskKeeps != nil }
}

extension TraceSchema {
  /// The same for the subject's own eyes: nothing is masked. It reads whole bodies only.
  package var unmasked: TraceSchema {
    var schema = self
    for index in schema.fields.indices { schema.fields[index].maskKeeps = nil }
    return schema
  }

  /// Whether the attributions of a model are kept apart: they tell of the values that they are of.
  package func isKeptApart(_ model: Model) -> Bool {
    (model.featureFields + model.scoreFields).contains { fields[$0].isKeptApart }
  }
}
