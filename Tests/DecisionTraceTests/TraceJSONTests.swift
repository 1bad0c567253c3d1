import DataFields
import RationaleTestSupport
import Testing

@testable import DecisionTrace

@Suite struct TraceJSONTests {
  private func text(_ trace: Trace, masksValues: Bool = true) -> String {
    String(decoding: TraceJSONWriter(masksValues: masksValues).json(trace), as: UTF8.self)
  }

  @Test func `the published customer, member by member`() throws {
    let json = text(try TraceFixtures.invoiceProfileTrace())
    #expect(
      json.hasPrefix(
        #"{"trace_version":1,"decision":"invoice_profile","subject":"334628087","#
          + #""as_of":"2021-01-27","id":{"source":"e1e1"#))
    #expect(
      json.contains(
        #""result":{"status":"decided","outcome":"Developed Customers","rule":"otherwise","#
          + #""by_otherwise":true,"reason_code":"IP-03","#))
    #expect(
      json.contains(
        #"{"name":"per_head","kind":"derived","type":"quotient","unit":"HUF/person","#
          + #""state":"present","origin":"derived","value":"310644.54","#
          + #""exact":"285792976.00/920","masked":false"#))
    #expect(json.contains(#""name":"enterprise.id","kind":"key","type":"text","unit":null"#))
    #expect(json.contains(#""value":"••••8087","masked":true"#))
    #expect(
      json.contains(
        #"{"name":"size.M","cut_point":"50","belongs_below":false,"is_above":false,"#
          + #""distance":"-46","relative":-0.92,"level_beyond":"M","knife_edge":false}"#))
    #expect(
      json.contains(
        #"{"name":"steady","state":"failed","condition":"amount == size == coverage","#
          + #""clause":"amount == size","#))
    #expect(json.hasSuffix(#""lineage":{"length":231,"head":"\#(TraceFixtures.digest(0x5A))"}}"#))
  }

  @Test func `scores and attributions read back exactly`() throws {
    let json = text(try TraceFixtures.premiumOfferTrace())
    #expect(json.contains(#"{"name":"premium.p","value":0.8817326724529266}"#))
    #expect(json.contains(#""base_value":-0.413,"output":2.0103"#))
    #expect(json.contains(#"{"name":"SIZE","input":"4","value":-0.087}],"other_count":1"#))
    #expect(json.contains(#""override":{"name":"do_not_contact","reason_code":"PO-09","#))
    #expect(json.contains(#""replaced":"call"}"#))
  }

  @Test func `a refusal has no outcome`() throws {
    let json = text(try TraceFixtures.invoiceProfileTrace { $0.employees = nil })
    #expect(
      json.contains(
        #""result":{"status":"refused","refusal":"missing","field":"enterprise.employees","#
          + #""rules":[]}"#))
    #expect(
      json.contains(#""name":"size","of":"enterprise.employees","scale":"Size","level":null"#))
  }

  @Test func `a mask can be left off where the reader may see the value`() throws {
    let trace = try TraceFixtures.invoiceProfileTrace()
    #expect(text(trace, masksValues: false).contains(#""value":"334628087","masked":false"#))
  }

  @Test func `what is written is what the published schema describes`() throws {
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/trace.schema.json"))
    let traces = [
      try TraceFixtures.invoiceProfileTrace(), try TraceFixtures.premiumOfferTrace(),
      try TraceFixtures.premiumOfferTrace(isOverridden: false),
      try TraceFixtures.transferActivityTrace(),
      try TraceFixtures.invoiceProfileTrace { $0.employees = nil },
    ]
    let writer = TraceJSONWriter()
    for trace in traces {
      #expect(try check.faults(writer.json(trace)) == [])
      let placement = TraceJSONWriter.Placement(number: 3, unchangedSince: 1)
      #expect(try check.faults(writer.json(trace, placement: placement)) == [])
    }
    // The check itself sees faults.
    #expect(try check.faults(Array("{}".utf8)).count > 10)
    let broken = text(traces[0]).replacing(#""state":"held""#, with: #""state":"kept""#)
    #expect(try check.faults(Array(broken.utf8)) == ["$.rules[2].state: kept is not allowed"])
  }

  @Test func `text is escaped`() {
    var json = JSONBytes()
    json.array(["a\"b\\c", "line\nbreak\ttab\r", "\u{0}\u{1F}\u{7F}", "é 顧", "/"]) {
      $0.string($1)
    }
    #expect(
      String(decoding: json.bytes, as: UTF8.self)
        == #"["a\"b\\c","line\nbreak\ttab\r","\u0000\u001f\u007f","é 顧","/"]"#)
  }

  @Test func `numbers that JSON has no form for are strings`() {
    var json = JSONBytes()
    json.array([Double.nan, -.infinity, 1e300, 0.1]) { $0.double($1) }
    #expect(String(decoding: json.bytes, as: UTF8.self) == #"["nan","-inf",1e+300,0.1]"#)
  }

  @Test(arguments: [
    ("334628087", 4, "••••8087"), ("8087", 4, "••••"), ("", 2, "••••"),
    ("12345", 0, "••••"),
  ])
  func `a mask shows the last characters and not the length`(
    _ text: String, _ keeps: Int, _ masked: String
  ) {
    #expect(Masking.masked(text, keeps: keeps) == masked)
  }
}
