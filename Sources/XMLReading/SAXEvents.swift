internal import CLibXML2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What libxml2's callbacks gather: names become numbers, values are copied into `bytes`.
struct SAXEvents {
  var context: xmlParserCtxtPtr?
  private let vocabulary: XMLVocabulary
  private let limits: XMLLimits

  // Since `removeAll`; enough for what a piece of a document holds mostly.
  private(set) var events = GrowingBuffer<XMLEvent>(capacity: 256)
  private(set) var attributes = GrowingBuffer<XMLAttributeRecord>(capacity: 256)
  private(set) var bytes = GrowingBuffer<UInt8>(capacity: 4_096)
  private(set) var fault: XMLFault?
  /// Apart from the fault itself, since every callback asks.
  private var isFaulty = false

  private(set) var unknownNames: [String] = []
  private(set) var rootNamespace: String?
  private var depth = 0
  private var sawRoot = false
  private var elementNumbers = NameNumbers()
  private var attributeNumbers = NameNumbers()
  private var rootNamespaceAddress: UnsafeRawPointer?

  init(vocabulary: XMLVocabulary, limits: XMLLimits) {
    self.vocabulary = vocabulary
    self.limits = limits
  }

  func free() {
    events.free()
    attributes.free()
    bytes.free()
  }

  mutating func removeAll() {
    events.removeAll()
    attributes.removeAll()
    bytes.removeAll()
  }

  mutating func fail(_ message: String) {
    guard !isFaulty, let context else { return }
    set(
      XMLFault(
        message: message, line: Int(rationale_line(context)), column: Int(rationale_column(context))
      ))
    xmlStopParser(context)
  }

  mutating func set(_ fault: XMLFault) {
    self.fault = fault
    isFaulty = true
  }

  mutating func structuredError(_ error: xmlErrorPtr?) {
    guard !isFaulty, let error, error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else {
      return
    }
    // A prefix or a namespace that looks odd is no reason to refuse a document.
    if error.pointee.domain == Int32(XML_FROM_NAMESPACE.rawValue) { return }
    var message = error.pointee.message.map { String(cString: $0) } ?? "not well-formed XML"
    while let last = message.last, last.isWhitespace || last == "." { message.removeLast() }
    message = message.replacing("\n", with: " ")
    set(XMLFault(message: message, line: Int(error.pointee.line), column: Int(error.pointee.int2)))
  }

  // MARK: Callbacks

  mutating func startElement(
    _ name: UnsafePointer<xmlChar>?, _ namespace: UnsafePointer<xmlChar>?, _ count: Int,
    _ values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) {
    guard !isFaulty, let name, let context else { return }
    depth += 1
    if depth > limits.depth {
      return fail("elements are nested more than \(limits.depth) deep")
    }
    if count > limits.attributesPerElement {
      return fail("an element has more than \(limits.attributesPerElement) attributes")
    }
    let address = namespace.map { UnsafeRawPointer($0) }
    if !sawRoot {
      sawRoot = true
      rootNamespaceAddress = address
      rootNamespace = namespace.map { String(cString: $0) }
    }
    let first = Int32(attributes.count)
    var hasUnknown = false
    for index in 0..<count {
      // Five pointers an attribute: local name, prefix, namespace, value's start and end.
      guard let attribute = values?[5 * index], let begin = values?[5 * index + 3],
        let end = values?[5 * index + 4]
      else { continue }
      // An attribute with a prefix (`xsi:schemaLocation`) belongs to another vocabulary.
      if values?[5 * index + 1] != nil { continue }
      let length = end - begin
      if length > limits.textBytes {
        return fail("an attribute is longer than \(limits.textBytes) bytes")
      }
      let number = attributeNumber(attribute)
      if number < 0 { hasUnknown = true }
      attributes.append(
        XMLAttributeRecord(
          name: number, value: appendValue(UnsafeBufferPointer(start: begin, count: length))))
    }
    events.append(
      XMLEvent(
        kind: .start, isForeign: address != rootNamespaceAddress,
        hasUnknownAttributes: hasUnknown, element: elementNumber(name),
        line: rationale_line(context), column: rationale_column(context),
        content: XMLPlaces(start: first, end: Int32(attributes.count))))
  }

  mutating func endElement(_ name: UnsafePointer<xmlChar>?, _ namespace: UnsafePointer<xmlChar>?) {
    guard !isFaulty, let name, let context else { return }
    depth -= 1
    events.append(
      XMLEvent(
        kind: .end, isForeign: namespace.map { UnsafeRawPointer($0) } != rootNamespaceAddress,
        hasUnknownAttributes: false, element: elementNumber(name),
        line: rationale_line(context), column: rationale_column(context), content: .none))
  }

  mutating func characters(_ text: UnsafePointer<xmlChar>?, _ count: Int) {
    guard !isFaulty, let text, let context, count > 0 else { return }
    let range = append(UnsafeBufferPointer(start: text, count: count))
    if bytes.count > limits.textBytes { return fail("a text is longer than the limit") }
    events.append(
      XMLEvent(
        kind: .text, isForeign: false, hasUnknownAttributes: false, element: -1,
        line: rationale_line(context), column: rationale_column(context), content: range))
  }

  /// Appends an attribute's value. Where entities are not substituted, libxml2 hands every `&` on as
  /// `&#38;`, for a tree builder to read once more.
  private mutating func appendValue(_ source: UnsafeBufferPointer<xmlChar>) -> XMLPlaces {
    let ampersand = UInt8(ascii: "&")
    guard let begin = source.baseAddress, memchr(begin, Int32(ampersand), source.count) != nil
    else {
      return append(source)
    }
    let start = Int32(bytes.count)
    var place = 0
    while place < source.count {
      bytes.append(source[place])
      place += source[place] == ampersand && source[place...].starts(with: "&#38;".utf8) ? 5 : 1
    }
    return XMLPlaces(start: start, end: Int32(bytes.count))
  }

  @inline(__always)
  private mutating func append(_ source: UnsafeBufferPointer<xmlChar>) -> XMLPlaces {
    let start = Int32(bytes.count)
    bytes.append(source)
    return XMLPlaces(start: start, end: Int32(bytes.count))
  }

  @inline(__always)
  private mutating func elementNumber(_ name: UnsafePointer<xmlChar>) -> Int32 {
    if let number = elementNumbers.number(of: name) { return number }
    let number = newNumber(name, vocabulary.elementNumbers)
    elementNumbers.set(number, of: name)
    return number
  }

  @inline(__always)
  private mutating func attributeNumber(_ name: UnsafePointer<xmlChar>) -> Int32 {
    if let number = attributeNumbers.number(of: name) { return number }
    let number = newNumber(name, vocabulary.attributeNumbers)
    attributeNumbers.set(number, of: name)
    return number
  }

  @inline(never)
  private mutating func newNumber(_ name: UnsafePointer<xmlChar>, _ known: [String: Int32]) -> Int32
  {
    let text = String(cString: name)
    if let number = known[text] { return number }
    unknownNames.append(text)
    return -Int32(unknownNames.count)
  }
}
