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
    if place == parser.eventCount {
      guard try fetch() else { return nil }
    }
    defer { place += 1 }
    return parser.event(place)
  }

  /// The next start or end of an element; nil at the end of a well-formed document.
  package func nextTag() throws(DiagnosticsError) -> XMLEvent? {
    while true {
      if place == parser.eventCount {
        guard try fetch() else { return nil }
      }
      let event = parser.event(place)
      place += 1
      if event.kind != .text { return event }
    }
  }

  /// Parses pieces until there is an event; false at the end of the document.
  private func fetch() throws(DiagnosticsError) -> Bool {
    while place == parser.eventCount {
      // Events come before the fault that follows them in the document, so that the reader above
      // reports faults in document order.
      if let fault = parser.fault { throw error(fault) }
      if isAtEnd { return false }
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
    return true
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

  /// The names of a start's attributes, unknown ones among them (number negative).
  package func forEachAttribute(
    of event: XMLEvent, _ body: (_ number: Int, _ name: String) -> Void
  ) {
    for index in event.content.start..<event.content.end {
      let number = Int(parser.attribute(index).name)
      body(
        number,
        number >= 0 ? vocabulary.attributes[number] : parser.unknownName(number))
    }
  }

  /// The value of an attribute by its position in the vocabulary; nil if it is absent.
  package func attribute(_ number: Int, of event: XMLEvent) -> String? {
    var text: String?
    _ = withAttribute(number, of: event) { bytes in
      text = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
    return text
  }

  package func hasAttribute(_ number: Int, of event: XMLEvent) -> Bool {
    place(of: number, event) != nil
  }

  /// Lends the bytes of an attribute's value.
  ///
  /// - Returns: false if the attribute is absent.
  package func withAttribute(
    _ number: Int, of event: XMLEvent, _ body: (Span<UInt8>) -> Void
  ) -> Bool {
    guard let place = place(of: number, event) else { return false }
    parser.withBytes(parser.attribute(place).value, body)
    return true
  }

  private func place(of number: Int, _ event: XMLEvent) -> Int32? {
    // By hand, for this is done some million times: what a text's range has is no attribute.
    guard event.kind == .start else { return nil }
    var place = event.content.start
    while place < event.content.end {
      if Int(parser.attribute(place).name) == number { return place }
      place += 1
    }
    return nil
  }

  /// The bytes of a text event.
  package func text(of event: XMLEvent) -> [UInt8] {
    var bytes: [UInt8] = []
    appendText(of: event, to: &bytes)
    return bytes
  }

  /// Appends the bytes of a text event.
  package func appendText(of event: XMLEvent, to bytes: inout [UInt8]) {
    parser.withBytes(event.content) { text in
      text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }
  }
}
