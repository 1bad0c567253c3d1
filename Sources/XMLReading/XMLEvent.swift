/// One step of a document: an element begins or ends, or text.
package struct XMLEvent: Sendable, BitwiseCopyable {
  package enum Kind: UInt8, Sendable, BitwiseCopyable {
    case start, end, text
  }

  package let kind: Kind
  /// Whether the element stands in another namespace than the document's root element.
  package let isForeign: Bool
  /// Whether a start has attributes that are not in the vocabulary.
  package let hasUnknownAttributes: Bool
  /// Position in the vocabulary's elements; negative for a name that is not in it
  /// (``XMLReader/elementName(_:)`` has its text).
  package let element: Int32
  package let line: Int32
  package let column: Int32
  /// Attributes of a start or bytes of a text, as positions in the reader; valid until the next event
  /// is asked for.
  let content: XMLPlaces
}

/// Places that follow each other.
struct XMLPlaces: BitwiseCopyable {
  var start: Int32
  var end: Int32

  static let none = XMLPlaces(start: 0, end: 0)
}

struct XMLAttributeRecord: BitwiseCopyable {
  /// Position in the vocabulary's attributes, or negative: an unknown name.
  var name: Int32
  var value: XMLPlaces
}

/// What libxml2 reported when it could not go on.
struct XMLFault {
  var message: String
  var line: Int
  var column: Int
}
