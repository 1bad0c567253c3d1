/// One field of the record that a ``RecordReader`` stands on.
///
/// The bytes belong to the reader and are valid until its next record; they are well-formed UTF-8
/// with quotes and escapes undone.
package struct RecordField {
  /// What the input holds there. CSV has text only; an absent JSON key is `absent`.
  package enum Kind: UInt8, Sendable {
    case absent
    case null
    case text
    case number
    case boolean
    /// An array or object, as its JSON text.
    case structure
  }

  package let kind: Kind
  package let bytes: UnsafeBufferPointer<UInt8>

  /// The bytes as a `String`, for messages and set-up.
  package var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Where a field lies: an offset in the record's own bytes, or in the decoded ones.
struct FieldSlice {
  var kind: RecordField.Kind = .absent
  var isDecoded = false
  var start: Int32 = 0
  var count: Int32 = 0
  /// Where the field starts in the record as written, for messages.
  var rawStart: Int32 = 0
}

/// The slices of one record, and its decoded bytes.
struct RecordLayout: ~Copyable {
  let slices: UnsafeMutablePointer<FieldSlice>
  let columnCount: Int
  var scratch = ScratchBytes()

  init(columnCount: Int) {
    self.columnCount = columnCount
    slices = .allocate(capacity: max(columnCount, 1))
    slices.initialize(repeating: FieldSlice(), count: max(columnCount, 1))
  }

  deinit { slices.deallocate() }

  mutating func reset() {
    for column in 0..<columnCount { slices[column].kind = .absent }
    scratch.removeAll()
  }
}
