import DataFields
package import DecisionTrace
package import TraceLog

/// Decodes the traces of a log; each schema is read from it once.
package struct TraceDecoder {
  private let log: TraceLogReader
  private var schemas: [Digest: TraceSchema] = [:]

  package init(_ log: TraceLogReader) { self.log = log }

  /// - Throws: `TraceLogError`, or `SubjectHistory.Damage` if a trace is not what its schema says.
  package mutating func trace(_ stored: StoredTrace) throws -> Trace {
    guard let digest = Trace.schemaDigest(ofBody: stored.body) else {
      throw SubjectHistory.Damage(number: stored.index, reason: "it names no schema")
    }
    let bytes = schemas[digest] == nil ? try log.artefact(digest) : []
    do throws(TraceFault) {
      let schema: TraceSchema
      if let known = schemas[digest] {
        schema = known
      } else {
        schema = try TraceSchema(decoding: bytes)
        schemas[digest] = schema
      }
      switch stored.visibility {
      case .open:
        return try Trace(
          body: stored.body, schema: log.masksValues ? schema : schema.unmasked, digest: digest)
      case .sealed, .erased:
        return try Trace(
          publicPart: stored.body, schema: schema, digest: digest, visibility: stored.visibility)
      }
    } catch {
      throw SubjectHistory.Damage(number: stored.index, reason: error.description)
    }
  }
}
