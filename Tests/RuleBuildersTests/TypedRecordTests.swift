import DataFields
import DecisionTrace
import Decisions
import EventIngest
import RationaleTestSupport
import RuleBuilders
import RuleLanguage
import Testing

/// A service's own values as inputs and events.
@Suite struct TypedRecordTests {
  private static let enterprises = (1...20).map { number in
    Enterprise(id: "\(number)", employees: number % 7 == 0 ? nil : number * number)
  }

  private static func invoices(seed: UInt64) -> [Invoice] {
    var generator = SeededGenerator(seed: seed)
    return (0..<200).map { _ in
      Invoice(
        party: "\(Int.random(in: 1...24, using: &generator))",
        currency: ["HUF", "HUF", "EUR", "USD"].randomElement(using: &generator) ?? "HUF",
        payable: Money(minorUnits: Int.random(in: -100_000...90_000_000, using: &generator)),
        issued: Day(days: 18_633 + Int32.random(in: 0...20, using: &generator)))
    }
  }

  @Test func `a record is a line of JSON with the columns as keys`() {
    let record = InvoiceProfile.invoice.record(
      of: Invoice(
        party: "a \"b\"", currency: "HUF", payable: Money(minorUnits: -1_205),
        issued: Day(days: 18_654)))
    #expect(
      String(decoding: record, as: UTF8.self)
        == #"{"party_id":"a \"b\"","currency":"HUF","payableamount":"-12.05","issuedate":"2021-01-27"}"#
        + "\n")
    let known = InvoiceProfile.enterprise.record(of: Enterprise(id: "7", employees: nil))
    #expect(String(decoding: known, as: UTF8.self) == #"{"PARTY_ID":"7","SIZE":null}"# + "\n")
  }

  @Test func `traces of typed events are those of the file's rules on the same lines`() throws {
    let directory = try TemporaryDirectory()
    let folder = PublishedRules.folder
    let typed = try DecisionService(
      library: try DecisionLibrary(InvoiceProfile.ruleset, PremiumOffer.ruleset, in: folder),
      log: directory.file("typed"))
    let plain = try DecisionService(
      rules: ["\(folder)/invoice-profile.rules", "\(folder)/premium-offer.rules"],
      log: directory.file("plain"))
    try typed.load(Self.enterprises, as: InvoiceProfile.enterprise)
    let known = Self.enterprises.map { enterprise in
      #"{"PARTY_ID":"\#(enterprise.id)","SIZE":\#(enterprise.employees.map(String.init) ?? "null")}"#
        + "\n"
    }
    _ = try directory.write("static.jsonl", known.joined())
    try plain.load("static", from: directory.file("static.jsonl"))

    var typedBodies: [[UInt8]] = []
    var plainBodies: [[UInt8]] = []
    var names: Set<String> = []
    for invoice in Self.invoices(seed: 8) {
      try typed.decide(on: invoice, as: InvoiceProfile.invoice) { decision in
        typedBodies.append(decision.traceBody)
        names.insert(decision.name)
      }
      let line =
        #"{"party_id":"\#(invoice.party)","currency":"\#(invoice.currency)","payableamount":"#
        + #""\#(invoice.payable.decimalText)","issuedate":"\#(invoice.issued.calendarDate)"}"#
      try plain.decide(on: line.utf8, from: "invoices") { plainBodies.append($0.traceBody) }
    }
    #expect(names == ["invoice_profile", "offer"])
    #expect(typedBodies.count > 200)
    #expect(typedBodies == plainBodies)
    #expect(typed.counts.deadLetters == 0)
    #expect(typed.counts.filteredUnknownSubject == plain.counts.filteredUnknownSubject)
    #expect(typed.counts.filteredUnknownSubject > 0)
    try typed.close()
    try plain.close()
  }

  private static func outcome(_ decision: Decision) -> String {
    guard let trace = try? decision.trace() else { return "unreadable" }
    switch trace.result {
    case .decided(let outcome, _): return outcome.displayText
    case .refused: return "refused"
    }
  }

  @Test func `dates and money decide as in the file's rules`() throws {
    let directory = try TemporaryDirectory()
    let folder = PublishedRules.folder
    let typed = try DecisionService(
      library: try DecisionLibrary(TransferActivity.ruleset, in: folder),
      log: directory.file("typed"))
    let plain = try DecisionService(
      rules: ["\(folder)/transfer-activity.rules"], log: directory.file("plain"))
    let customers = [
      Customer(id: "old", opened: Day(days: 5_000)), Customer(id: "new", opened: Day(days: 15_000)),
      Customer(id: "unknown", opened: nil),
    ]
    try typed.load(customers, as: TransferActivity.customer)
    try plain.load(
      "static", records: customers.flatMap { TransferActivity.customer.record(of: $0) })
    var typedBodies: [[UInt8]] = []
    var plainBodies: [[UInt8]] = []
    var outcomes: [String] = []
    for (id, amount) in [("old", 100), ("new", 999_999_999), ("unknown", 5), ("old", 900_000_000)] {
      let transfer = Transfer(
        party: id, amount: Money(minorUnits: amount), at: Day(days: 18_700))
      try typed.decide(on: transfer, as: TransferActivity.transfer) { decision in
        typedBodies.append(decision.traceBody)
        outcomes.append(Self.outcome(decision))
      }
      try plain.decide(on: TransferActivity.transfer.record(of: transfer), from: "transfers") {
        plainBodies.append($0.traceBody)
      }
    }
    #expect(outcomes == ["Low Activity", "High Activity", "refused", "Steady Activity"])
    #expect(typedBodies == plainBodies)
    try typed.close()
    try plain.close()
  }
}
