/// The files of a sample.
package enum SampleFile: String, CaseIterable, Sendable {
  case staticData = "static"
  case lastLogin = "last-login"
  case transfers
  case invoices

  package func name(_ form: SampleForm) -> String { "\(rawValue).\(form.rawValue)" }

  package var columns: [String] {
    switch self {
    case .staticData:
      ["PARTY_ID", "CREATED_ON", "SIZE", "LOB_CODE", "REGION", "COUNTY", "PACKAGE"]
    case .lastLogin: ["PARTY_ID", "LAST_LOGIN"]
    case .transfers: ["TRANSFER_ID", "PARTY_ID", "CURRENCY", "AMOUNT", "VALUE_DATE"]
    case .invoices:
      [
        "invoice_id", "party_id", "currency", "taxexclusiveamount", "taxinclusiveamount",
        "payableamount", "issuedate", "taxpointdate", "duedate",
      ]
    }
  }
}
