import SourceDiagnostics
import Testing
import XMLReading

@Suite struct XMLReaderTests {
  static let vocabulary = XMLVocabulary(elements: ["a", "b"], attributes: ["x", "y"])

  /// The document as a line of events, read in pieces of the given size.
  func events(
    _ text: String, piece: Int = 1 << 16, limits: XMLLimits = XMLLimits()
  ) throws -> String {
    var rest = Array(text.utf8)[...]
    let reader = XMLReader(name: "t.xml", vocabulary: Self.vocabulary, limits: limits) {
      defer { rest = rest.dropFirst(piece) }
      return Array(rest.prefix(piece))
    }
    var line = ""
    while let event = try reader.next() {
      switch event.kind {
      case .start:
        line += "<" + reader.elementName(event)
        for number in 0...1 {
          if let value = reader.attribute(number, of: event) { line += " \(number)=\(value)" }
        }
        line += ">"
      case .end: line += "</" + reader.elementName(event) + ">"
      case .text: line += String(decoding: reader.text(of: event), as: UTF8.self)
      }
    }
    return line
  }

  func fault(_ text: String, limits: XMLLimits = XMLLimits()) throws -> Diagnostic {
    let error = #expect(throws: DiagnosticsError.self) { try events(text, limits: limits) }
    return try #require(error?.diagnostics.first)
  }

  @Test(arguments: [1, 3, 7, 64, 4096])
  func `the size of the pieces does not matter`(_ piece: Int) throws {
    let text = "<a x='1 &lt; 2'><!-- no --><b y='é'>t&amp;u<![CDATA[<v>]]></b><q/></a>"
    #expect(try events(text, piece: piece) == "<a 0=1 < 2><b 1=é>t&u<v></b><q></q></a>")
  }

  @Test(arguments: [1, 4096])
  func `an ampersand in an attribute is one character`(_ piece: Int) throws {
    let text = "<a x='Trinidad &amp; Tobago &#38; &amp;#38; &quot;' y='&amp;'>&amp;#38;</a>"
    let expected = "<a 0=Trinidad & Tobago & &#38; \" 1=&>&#38;</a>"
    #expect(try events(text, piece: piece) == expected)
  }

  @Test(arguments: [
    #"<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>"#,
    #"<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd"><a/>"#,
    #"<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>"#,
    #"<!DOCTYPE a [<!ENTITY % p SYSTEM "http://example.invalid/p"> %p;]><a/>"#,
  ])
  func `document type declarations are refused`(_ text: String) throws {
    #expect(try fault(text).message.contains("DOCTYPE"))
  }

  @Test func `what is not well-formed is told with line and column`() throws {
    let found = try fault("<a>\n  <b>\n</a>")
    #expect(found.code == "E2")
    #expect(found.position?.line == 3)
    #expect(try fault("<a>\n<b x='1'").position?.line == 2)
    #expect(try fault("").code == "E1")
    #expect(try fault("no xml at all").position?.line == 1)
    #expect(try fault("<a>&unknown;</a>").message.contains("unknown"))
  }

  @Test func `depth, attributes and text are bounded`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "<b>", count: depth) + String(repeating: "</b>", count: depth)
    }
    var limits = XMLLimits()
    limits.depth = 5
    limits.attributesPerElement = 2
    limits.textBytes = 10
    #expect(try events(nested(5), limits: limits).hasPrefix("<b><b>"))
    #expect(try fault(nested(6), limits: limits).message.contains("5 deep"))
    #expect(try fault(nested(100_000)).message.contains("250 deep"))
    #expect(
      try fault("<a x='1' y='2' z='3'/>", limits: limits).message.contains("2 attributes"))
    #expect(try fault("<a x='12345678901'/>", limits: limits).message.contains("10 bytes"))
  }

  @Test func `attributes with a prefix belong to others`() throws {
    let text = "<a xmlns:o='urn:o' o:x='1' y='2'><o:b/></a>"
    #expect(try events(text) == "<a 1=2><b></b></a>")
  }
}
