internal import CLibXML2

/// The one owner of a libxml2 parser: bytes are pushed in, events come out as plain values.
///
/// SAX2 in push mode: no tree is built, so that memory does not grow with the document. No document
/// type declaration is accepted, hence no entity but the five predefined ones exists; nothing
/// outside the bytes that are pushed is opened.
///
/// Nothing above this file and ``SAXEvents`` sees a pointer.
final class LibXMLParser {
  /// Behind a pointer of its own, and not a property: what calls back from C would have to ask at
  /// each of millions of small accesses whether another one is going on. None is: the callbacks run
  /// within `push`, which touches nothing meanwhile, and one after the other.
  private let gathered: UnsafeMutablePointer<SAXEvents>

  private static let initialised: Void = xmlInitParser()

  init(vocabulary: XMLVocabulary, limits: XMLLimits) {
    gathered = .allocate(capacity: 1)
    gathered.initialize(to: SAXEvents(vocabulary: vocabulary, limits: limits))
    _ = Self.initialised
  }

  deinit {
    if let context = gathered.pointee.context { xmlFreeParserCtxt(context) }
    gathered.pointee.free()
    gathered.deinitialize(count: 1)
    gathered.deallocate()
  }

  // MARK: What was gathered

  var fault: XMLFault? { gathered.pointee.fault }
  var rootNamespace: String? { gathered.pointee.rootNamespace }
  var eventCount: Int { gathered.pointee.events.count }

  func event(_ place: Int) -> XMLEvent { gathered.pointee.events[place] }

  func attribute(_ place: Int32) -> XMLAttributeRecord { gathered.pointee.attributes[Int(place)] }

  /// Lends bytes that were gathered; nothing is gathered meanwhile.
  func withBytes(_ places: XMLPlaces, _ body: (Span<UInt8>) -> Void) {
    body(gathered.pointee.bytes.elements(places).span)
  }

  /// The name of a negative number.
  func unknownName(_ number: Int) -> String { gathered.pointee.unknownNames[-number - 1] }

  func removeEvents() { gathered.pointee.removeAll() }

  // MARK: Parsing

  /// Parses the next bytes; `isLast` says that no more follow.
  func push(_ chunk: UnsafeRawBufferPointer, isLast: Bool) {
    guard gathered.pointee.fault == nil else { return }
    var chunk = chunk
    if gathered.pointee.context == nil {
      // The first four bytes settle the encoding.
      let head = min(4, chunk.count)
      start(with: UnsafeRawBufferPointer(rebasing: chunk[..<head]))
      chunk = UnsafeRawBufferPointer(rebasing: chunk[head...])
    }
    guard let context = gathered.pointee.context else { return }
    let base = chunk.baseAddress?.assumingMemoryBound(to: CChar.self)
    let status = xmlParseChunk(context, base, Int32(chunk.count), isLast ? 1 : 0)
    if status != 0, gathered.pointee.fault == nil, context.pointee.wellFormed == 0 {
      gathered.pointee.fail("the document is not well-formed XML")
    }
  }

  private func start(with head: UnsafeRawBufferPointer) {
    var handler = xmlSAXHandler()
    handler.initialized = rationale_sax2_magic()
    handler.startElementNs = { events, name, _, namespace, _, _, count, _, values in
      LibXMLParser.events(events)?.pointee.startElement(name, namespace, Int(count), values)
    }
    handler.endElementNs = { events, name, _, namespace in
      LibXMLParser.events(events)?.pointee.endElement(name, namespace)
    }
    handler.characters = { events, text, count in
      LibXMLParser.events(events)?.pointee.characters(text, Int(count))
    }
    handler.ignorableWhitespace = handler.characters
    handler.cdataBlock = handler.characters
    handler.internalSubset = { events, _, _, _ in
      LibXMLParser.events(events)?.pointee.fail(
        "a document type declaration (DOCTYPE) is not accepted")
    }
    handler.serror = { events, error in
      LibXMLParser.events(events)?.pointee.structuredError(error)
    }
    let context = xmlCreatePushParserCtxt(
      &handler, gathered, head.baseAddress?.assumingMemoryBound(to: CChar.self),
      Int32(head.count), nil)
    gathered.pointee.context = context
    guard let context else {
      gathered.pointee.set(
        XMLFault(message: "no memory for an XML parser", line: 1, column: 1))
      return
    }
    _ = xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue))
  }

  private static func events(_ pointer: UnsafeMutableRawPointer?)
    -> UnsafeMutablePointer<SAXEvents>?
  {
    pointer?.assumingMemoryBound(to: SAXEvents.self)
  }
}
