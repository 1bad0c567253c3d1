internal import SourceDiagnostics

/// What is done with the `ModelVerification` of a document.
package enum VerificationUse: Sendable {
  /// It is passed over: "the consumer can ignore this part when scoring the model".
  case passedOver
  /// It is kept for ``CompiledModel/verify()``.
  case kept
  /// The model is refused unless it has rows and every one gives what is expected.
  case required
}

extension DocumentReader {
  func readModelVerification(_ element: Element) throws(DiagnosticsError) -> ModelVerification {
    warnOfUnknownAttributes(element)
    let recordCount = integer(.recordCount, of: element)
    let fieldCount = integer(.fieldCount, of: element)
    var verification = ModelVerification(line: element.line)
    while let child = try nextChild(of: element) {
      switch child.name {
      case .verificationFields:
        while let field = try nextChild(of: child) {
          if field.name == .verificationField {
            verification.fields.append(readVerificationField(field))
          } else {
            unexpected(field, in: child)
          }
        }
      case .inlineTable: verification.rows = try readVerificationRows(child)
      default: unexpected(child, in: element)
      }
    }
    if verification.fields.isEmpty {
      report("P3", "`ModelVerification` has no `VerificationField`", at: element)
    }
    for (count, found, what) in [
      (recordCount, verification.rows.count, "rows"),
      (fieldCount, verification.fields.count, "fields"),
    ] {
      guard let count, count != found else { continue }
      report(
        "P13", "`ModelVerification` says that it has \(count) \(what), and has \(found)",
        at: element, severity: .warning)
    }
    return verification
  }

  private func readVerificationField(_ element: Element) -> ModelVerification.Field {
    let name = required(.field, of: element)
    let tolerance = VerificationTolerance(
      precision: number(.precision, of: element) ?? 1e-6,
      zeroThreshold: number(.zeroThreshold, of: element) ?? 1e-16)
    if tolerance.precision < 0 || tolerance.zeroThreshold < 0 {
      report("P4", "a tolerance is not less than 0", at: element)
    }
    return ModelVerification.Field(
      name: name, column: ModelCompiler.localName(string(.column, of: element) ?? name),
      tolerance: tolerance, line: element.line)
  }

  private func readVerificationRows(
    _ element: Element
  ) throws(DiagnosticsError) -> [ModelVerification.Row] {
    var rows: [ModelVerification.Row] = []
    while let (row, name) = try nextCell(of: element) {
      guard name == "row" else { continue }
      var cells: [String: String] = [:]
      while let (cell, column) = try nextCell(of: row) { cells[column] = try text(of: cell) }
      rows.append(ModelVerification.Row(cells: cells, line: row.line))
    }
    return rows
  }
}
