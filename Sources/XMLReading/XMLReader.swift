package import SourceDiagnostics

/// Reads an XML document step by step from pieces of bytes.
///
/// The caller asks for one event after another; bytes are fetched and parsed a piece at a time, so
/// that memory stays flat in the size of the document. A fault in the document is thrown as a
/// diagnostic with line and column; after that, the reader is spent.
///
/// - Complexity: O(n) in the document's bytes.
package final class XMLReader {
  /// Gives the next bytes; an empty array is the end.
  package typealias Source = () throws(DiagnosticsError) -> [UInt8]

  package let name: String
  private let vocabulary: XMLVocabulary
  private let parser: LibXMLParser
  private let source: Source
  private var place = 0
  private var isAtEnd = false
  private var isEmpty = true

  package init(
    name: String, vocabulary: XMLVocabulary, limits: XMLLimits = XMLLimits(),
    source: @escaping Source
  ) {
    self.name = name
    self.vocabulary = vocabulary
    self.parser = LibXMLParser(vocabulary: vocabulary, limits: limits)
    self.source = source
  }

  /// The namespace of the root element, once it was read.
  package var rootNamespace: String? { parser.rootNamespace }

  /// The next event; nil at the end of a well-formed document.
  package func next() throws(DiagnosticsError) -> XMLEvent? {
    while place == parser.eventCount {
      // Events come before the fault that follows them in the document, so that the reader above
      // reports faults in document order.
      if let fault = parser.fault { throw error(fault) }
      if isAtEnd { return nil }
      parser.removeEvents()
      place = 0
      let chunk = try source()
      isAtEnd = chunk.isEmpty
      if isAtEnd, isEmpty {
        throw DiagnosticsError(
          Diagnostic(code: "E1", message: "the document is empty", file: name))
      }
      isEmpty = false
      chunk.withUnsafeBytes { parser.push($0, isLast: isAtEnd) }
    }
    defer { place += 1 }
    return parser.event(place)
  }

  private func error(_ fault: XMLFault) -> DiagnosticsError {
    DiagnosticsError(
      Diagnostic(
        code: "E2", message: lowercasedStart(fault.message), file: name,
        position: SourcePosition(line: max(1, fault.line), column: max(1, fault.column))))
  }

  private func lowercasedStart(_ text: String) -> String {
    // `Start tag expected` becomes `start tag expected`; `EntityRef:` and `PCDATA` stay.
    let word = text.prefix { $0.isLetter }
    guard word.dropFirst().allSatisfy({ $0.isLowercase }) else { return text }
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  /// The local name of an element.
  package func elementName(_ event: XMLEvent) -> String { elementName(event.element) }

  /// The local name of an element by its ``XMLEvent/element``.
  package func elementName(_ number: Int32) -> String {
    number >= 0 ? vocabulary.elements[Int(number)] : parser.unknownName(Int(number))
  }

  /// The names and values of a start's attributes, unknown ones among them (number negative).
  package func forEachAttribute(
    of event: XMLEvent, _ body: (_ number: Int, _ name: String) -> Void
  ) {
    for index in event.attributes {
      let number = Int(parser.attribute(index).name)
      body(
        number,
        number >= 0 ? vocabulary.attributes[number] : parser.unknownName(number))
    }
  }

  /// The value of an attribute by its position in the vocabulary; nil if it is absent.
  package func attribute(_ number: Int, of event: XMLEvent) -> String? {
    withAttribute(number, of: event) { String(decoding: $0, as: UTF8.self) }
  }

  package func hasAttribute(_ number: Int, of event: XMLEvent) -> Bool {
    event.attributes.contains { Int(parser.attribute($0).name) == number }
  }

  /// Lends the bytes of an attribute's value; nil if it is absent.
  package func withAttribute<Value>(
    _ number: Int, of event: XMLEvent, _ body: (ArraySlice<UInt8>) -> Value
  ) -> Value? {
    for index in event.attributes where Int(parser.attribute(index).name) == number {
      return body(parser.bytes(parser.attribute(index).value))
    }
    return nil
  }

  /// The bytes of a text event.
  package func text(of event: XMLEvent) -> ArraySlice<UInt8> {
    parser.bytes(event.text)
  }
}
