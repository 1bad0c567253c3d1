/// The names that a document type knows, so that a reader can hand out small numbers for them.
package struct XMLVocabulary: Sendable {
  package let elements: [String]
  package let attributes: [String]
  let elementNumbers: [String: Int32]
  let attributeNumbers: [String: Int32]

  package init(elements: [String], attributes: [String]) {
    self.elements = elements
    self.attributes = attributes
    elementNumbers = Self.numbers(elements)
    attributeNumbers = Self.numbers(attributes)
  }

  private static func numbers(_ names: [String]) -> [String: Int32] {
    Dictionary(names.enumerated().map { ($0.element, Int32($0.offset)) }) { first, _ in first }
  }
}

/// The limits within which a document is read.
package struct XMLLimits: Sendable {
  /// How deeply elements may be nested. libxml2 itself stops at 256.
  package var depth = 250
  /// Bytes of one run of text or of one attribute value. libxml2 itself stops at 10,000,000.
  package var textBytes = 8_000_000
  package var attributesPerElement = 1_000

  package init() {}
}
