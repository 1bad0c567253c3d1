internal import CLibXML2

/// What libxml2's callbacks gather: names become numbers, values are copied into `bytes`.
struct SAXEvents {
  var context: xmlParserCtxtPtr?
  private let vocabulary: XMLVocabulary
  private let limits: XMLLimits

  // Since `removeAll`.
  private(set) var events: [XMLEvent] = []
  private(set) var attributes: [XMLAttributeRecord] = []
  private(set) var bytes: [UInt8] = []
  var fault: XMLFault?

  private(set) var unknownNames: [String] = []
  private(set) var rootNamespace: String?
  private var depth = 0
  private var sawRoot = false
  // libxml2 keeps each name once per parser, so that its address stands for it.
  private var elementNumbers = NameNumbers()
  private var attributeNumbers = NameNumbers()
  private var rootNamespaceAddress: UnsafeRawPointer?

  init(vocabulary: XMLVocabulary, limits: XMLLimits) {
    self.vocabulary = vocabulary
    self.limits = limits
  }

  mutating func removeAll() {
    events.removeAll(keepingCapacity: true)
    attributes.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }

  mutating func fail(_ message: String) {
    guard fault == nil, let context else { return }
    fault = XMLFault(
      message: message, line: Int(rationale_line(context)), column: Int(rationale_column(context)))
    xmlStopParser(context)
  }

  mutating func structuredError(_ error: xmlErrorPtr?) {
    guard fault == nil, let error, error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else {
      return
    }
    // A prefix or a namespace that looks odd is no reason to refuse a document.
    if error.pointee.domain == Int32(XML_FROM_NAMESPACE.rawValue) { return }
    var message = error.pointee.message.map { String(cString: $0) } ?? "not well-formed XML"
    while let last = message.last, last.isWhitespace || last == "." { message.removeLast() }
    message = message.replacing("\n", with: " ")
    fault = XMLFault(
      message: message, line: Int(error.pointee.line), column: Int(error.pointee.int2))
  }

  // MARK: Callbacks

  mutating func startElement(
    _ name: UnsafePointer<xmlChar>?, _ namespace: UnsafePointer<xmlChar>?, _ count: Int,
    _ values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) {
    guard fault == nil, let name, let context else { return }
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
      attributes.append(
        XMLAttributeRecord(
          name: attributeNumber(attribute),
          value: appendValue(UnsafeBufferPointer(start: begin, count: length))))
    }
    events.append(
      XMLEvent(
        kind: .start, isForeign: address != rootNamespaceAddress,
        element: elementNumber(name),
        line: rationale_line(context), column: rationale_column(context),
        attributes: first..<Int32(attributes.count), text: 0..<0))
  }

  mutating func endElement(_ name: UnsafePointer<xmlChar>?, _ namespace: UnsafePointer<xmlChar>?) {
    guard fault == nil, let name, let context else { return }
    depth -= 1
    events.append(
      XMLEvent(
        kind: .end, isForeign: namespace.map { UnsafeRawPointer($0) } != rootNamespaceAddress,
        element: elementNumber(name),
        line: rationale_line(context), column: rationale_column(context),
        attributes: 0..<0, text: 0..<0))
  }

  mutating func characters(_ text: UnsafePointer<xmlChar>?, _ count: Int) {
    guard fault == nil, let text, let context, count > 0 else { return }
    let range = append(UnsafeBufferPointer(start: text, count: count))
    if bytes.count > limits.textBytes { return fail("a text is longer than the limit") }
    events.append(
      XMLEvent(
        kind: .text, isForeign: false, element: -1, line: rationale_line(context),
        column: rationale_column(context), attributes: 0..<0, text: range))
  }

  /// Appends an attribute's value. Where entities are not substituted, libxml2 hands every `&` on as
  /// `&#38;`, for a tree builder to read once more.
  private mutating func appendValue(_ source: UnsafeBufferPointer<xmlChar>) -> Range<Int32> {
    let ampersand = UInt8(ascii: "&")
    guard source.contains(ampersand) else { return append(source) }
    let start = Int32(bytes.count)
    var place = 0
    while place < source.count {
      bytes.append(source[place])
      place += source[place] == ampersand && source[place...].starts(with: "&#38;".utf8) ? 5 : 1
    }
    return start..<Int32(bytes.count)
  }

  private mutating func append(_ source: UnsafeBufferPointer<xmlChar>) -> Range<Int32> {
    let start = Int32(bytes.count)
    bytes.append(contentsOf: source)
    return start..<Int32(bytes.count)
  }

  private mutating func elementNumber(_ name: UnsafePointer<xmlChar>) -> Int32 {
    if let number = elementNumbers.number(of: name) { return number }
    let number = newNumber(name, vocabulary.elementNumbers)
    elementNumbers.set(number, of: name)
    return number
  }

  private mutating func attributeNumber(_ name: UnsafePointer<xmlChar>) -> Int32 {
    if let number = attributeNumbers.number(of: name) { return number }
    let number = newNumber(name, vocabulary.attributeNumbers)
    attributeNumbers.set(number, of: name)
    return number
  }

  private mutating func newNumber(_ name: UnsafePointer<xmlChar>, _ known: [String: Int32]) -> Int32
  {
    let text = String(cString: name)
    if let number = known[text] { return number }
    unknownNames.append(text)
    return -Int32(unknownNames.count)
  }
}

/// Numbers by the addresses of names.
private struct NameNumbers {
  private var addresses: [UInt] = Array(repeating: 0, count: 256)
  private var numbers: [Int32] = Array(repeating: 0, count: 256)
  private var count = 0

  func number(of name: UnsafePointer<xmlChar>) -> Int32? {
    let place = place(of: UInt(bitPattern: name))
    return addresses[place] == 0 ? nil : numbers[place]
  }

  mutating func set(_ number: Int32, of name: UnsafePointer<xmlChar>) {
    let place = place(of: UInt(bitPattern: name))
    addresses[place] = UInt(bitPattern: name)
    numbers[place] = number
    count += 1
    guard count > addresses.count / 2 else { return }
    let known = zip(addresses, numbers).filter { $0.0 != 0 }
    addresses = Array(repeating: 0, count: 2 * addresses.count)
    numbers = Array(repeating: 0, count: addresses.count)
    for (address, number) in known {
      let place = self.place(of: address)
      addresses[place] = address
      numbers[place] = number
    }
  }

  /// Where an address is, or would be.
  private func place(of address: UInt) -> Int {
    let mask = addresses.count - 1
    var place = Int(truncatingIfNeeded: (address &* 0x9E37_79B9_7F4A_7C15) >> 40) & mask
    while addresses[place] != 0, addresses[place] != address { place = (place + 1) & mask }
    return place
  }
}
