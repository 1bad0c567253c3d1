/// Where a text lies among the bytes of many.
package struct TextRange: Sendable, Hashable {
  package var start: Int32
  /// How many bytes it has; -1 where there is no text.
  package var count: Int32

  package static let absent = TextRange(start: 0, count: -1)

  package init(start: Int32, count: Int32) {
    self.start = start
    self.count = count
  }
}
