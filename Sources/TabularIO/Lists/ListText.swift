/// The elements of a list that a record holds in one field: a JSON array, or the Python literal that
/// some producers write (`[{'product_id': 9433, 'gift': True}]`).
///
/// Elements are records, of which some fields are wanted, or values. What is not wanted is checked for
/// its form and left out.
package struct ListText {
  /// What is wrong with a text that is no list.
  package struct Fault: Error, Sendable, Hashable {
    package var reason: String
  }

  private struct Slice {
    var kind = RecordField.Kind.absent
    var start = 0
    var count = 0
  }

  /// How many elements there are.
  package private(set) var count = 0
  private let names: [[UInt8]]?
  private var slices: [Slice] = []
  /// The wanted values, with escapes undone.
  private var storage: [UInt8] = []

  /// Arrays and objects inside one another, the list included.
  static let depthLimit = 64

  /// - Parameter names: the wanted fields of elements that are records; nil where elements are values.
  /// - Complexity: O(bytes x wanted fields).
  package init(_ bytes: UnsafeBufferPointer<UInt8>, names: [String]?) throws(Fault) {
    self.names = names.map { $0.map { Array($0.utf8) } }
    var scanner = ListScanner(bytes)
    scanner.skipSpace()
    guard scanner.take(UInt8(ascii: "[")) else { throw Fault(reason: "is no list") }
    scanner.skipSpace()
    while !scanner.take(UInt8(ascii: "]")) {
      try element(&scanner)
      count += 1
      scanner.skipSpace()
      if scanner.take(UInt8(ascii: ",")) {
        scanner.skipSpace()
      } else if scanner.peek != UInt8(ascii: "]") {
        throw scanner.fault("expected `,` or `]`")
      }
    }
    scanner.skipSpace()
    guard scanner.isAtEnd else { throw scanner.fault("something follows the list") }
  }

  /// Lends a field of an element; of a list of values, field 0 is the value.
  package func withField<Result>(
    _ element: Int, _ number: Int, _ body: (RecordField) -> Result
  ) -> Result {
    let slice = slices[element * (names?.count ?? 1) + number]
    return storage.withUnsafeBufferPointer { bytes in
      let end = slice.start + slice.count
      return body(
        RecordField(
          kind: slice.kind, bytes: UnsafeBufferPointer(rebasing: bytes[slice.start..<end])))
    }
  }

  private mutating func element(_ scanner: inout ListScanner) throws(Fault) {
    guard let names else {
      slices.append(try value(&scanner))
      return
    }
    let first = slices.count
    slices += Array(repeating: Slice(), count: names.count)
    guard scanner.take(UInt8(ascii: "{")) else {
      throw scanner.fault("element \(count + 1) is no record")
    }
    var keys: Set<[UInt8]> = []
    scanner.skipSpace()
    while !scanner.take(UInt8(ascii: "}")) {
      let key = try scanner.string()
      guard keys.insert(key).inserted else {
        throw scanner.fault("`\(String(decoding: key.prefix(80), as: UTF8.self))` stands twice")
      }
      scanner.skipSpace()
      guard scanner.take(UInt8(ascii: ":")) else { throw scanner.fault("expected `:`") }
      scanner.skipSpace()
      if let wanted = names.firstIndex(of: key) {
        slices[first + wanted] = try value(&scanner)
      } else {
        try scanner.skipValue(depth: 2)
      }
      scanner.skipSpace()
      if scanner.take(UInt8(ascii: ",")) {
        scanner.skipSpace()
      } else if scanner.peek != UInt8(ascii: "}") {
        throw scanner.fault("expected `,` or `}`")
      }
    }
  }

  private mutating func value(_ scanner: inout ListScanner) throws(Fault) -> Slice {
    var slice = Slice(start: storage.count)
    guard let byte = scanner.peek else { throw scanner.fault("expected a value") }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      slice.kind = .text
      storage += try scanner.string()
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      slice.kind = .structure
      try scanner.skipValue(depth: 2)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      slice.kind = .number
      storage += try scanner.number()
    default:
      switch try scanner.word() {
      case "true", "True":
        slice.kind = .boolean
        storage += Array("true".utf8)
      case "false", "False":
        slice.kind = .boolean
        storage += Array("false".utf8)
      case "null", "None": slice.kind = .null
      default: throw scanner.fault("expected a value")
      }
    }
    slice.count = storage.count - slice.start
    return slice
  }
}
