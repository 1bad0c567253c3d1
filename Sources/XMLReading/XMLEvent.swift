/// One step of a document: an element begins or ends, or text.
package struct XMLEvent: Sendable {
  package enum Kind: UInt8, Sendable {
    case start, end, text
  }

  package let kind: Kind
  /// Whether the element stands in another namespace than the document's root element.
  package let isForeign: Bool
  /// Position in the vocabulary's elements; negative for a name that is not in it
  /// (``XMLReader/elementName(_:)`` has its text).
  package let element: Int32
  package let line: Int32
  package let column: Int32
  /// Attributes of a start, as positions in the reader; valid until the next event is asked for.
  let attributes: Range<Int32>
  /// Bytes of a text, as positions in the reader; valid until the next event is asked for.
  let text: Range<Int32>
}

struct XMLAttributeRecord {
  /// Position in the vocabulary's attributes, or negative: an unknown name.
  var name: Int32
  var value: Range<Int32>
}

/// What libxml2 reported when it could not go on.
struct XMLFault {
  var message: String
  var line: Int
  var column: Int
}
