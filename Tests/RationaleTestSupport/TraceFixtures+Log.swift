internal import DataFields
internal import DecisionTrace
internal import TraceLog

extension TraceFixtures {
  /// A log with the schemas of the examples and these bodies, in order.
  package static func writeLog(_ path: String, _ bodies: [[UInt8]]) throws {
    var log = try TraceLogWriter(path: path)
    let schemas = [
      (invoiceProfile, invoiceProfileDigest), (premiumOffer, premiumOfferDigest),
      (transferActivity, transferActivityDigest),
    ]
    for (schema, digest) in schemas { try log.keepArtefact(schema.encoded(), digest: digest) }
    for body in bodies {
      let digest = Trace.schemaDigest(ofBody: body)
      let decision = schemas.first { $0.1 == digest }?.0.decision ?? "?"
      _ = try log.append(
        body, subject: SubjectKey("334628087"), decision: DecisionKey(decision))
    }
    try log.commit()
    try log.close()
  }
}
