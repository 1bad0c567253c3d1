/// Reads JSON objects into the slots of a record layout, and checks all else that is around them.
struct JSONRecordParser: ~Copyable {
  private struct Key {
    var hash: UInt64
    /// Of the key's bytes: in the line, or in the scratch buffer if it has escapes.
    var start: Int
    var count: Int
    var isDecoded: Bool
    /// Of its opening quote, for messages.
    var offset: Int
  }

  private let names: [[UInt8]]
  private let hashes: [UInt64]
  /// For the n-th key of the outermost object, the slot it filled last time: records of one
  /// source mostly have their keys in one order.
  private var expected: [Int32] = []
  /// The keys of the objects that are open, innermost last.
  private var keys: [Key] = []
  /// The objects of an array line, as ranges of the line.
  private(set) var elements: [Range<Int>] = []

  init(columns: [String]) {
    names = columns.map { Array($0.utf8) }
    hashes = names.map { name in
      name.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { ByteSearch.hash($0, buffer.count) } ?? 0
      }
    }
  }

  /// Checks a whole line, and fills the layout from its object, or, if the line is an array of
  /// objects, lists them in ``elements``. Returns false for an array.
  mutating func line(
    _ base: UnsafePointer<UInt8>, count: Int, into layout: inout RecordLayout
  ) throws(JSONFault) -> Bool {
    var scanner = JSONScanner(base, from: 0, to: count)
    elements.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    scanner.skipSpace()
    let isObject = scanner.peek() == UInt8(ascii: "{")
    if isObject {
      try outermost(&scanner, into: &layout)
    } else if scanner.peek() == UInt8(ascii: "[") {
      try array(&scanner, into: &layout)
    } else {
      throw JSONFault(
        code: .notAnObject, reason: "expected an object or an array of objects",
        offset: scanner.at)
    }
    scanner.skipSpace()
    if scanner.at < count { throw scanner.fault("text after the end of the value") }
    return isObject
  }

  /// Fills the layout from an object that ``line(_:count:into:)`` has checked.
  mutating func element(
    _ base: UnsafePointer<UInt8>, _ range: Range<Int>, into layout: inout RecordLayout
  ) throws(JSONFault) {
    var scanner = JSONScanner(base, from: range.lowerBound, to: range.upperBound)
    try outermost(&scanner, into: &layout)
  }

  private mutating func array(
    _ scanner: inout JSONScanner, into layout: inout RecordLayout
  ) throws(JSONFault) {
    scanner.at += 1
    scanner.skipSpace()
    if scanner.peek() == UInt8(ascii: "]") {
      scanner.at += 1
      return
    }
    while true {
      scanner.skipSpace()
      guard scanner.peek() == UInt8(ascii: "{") else {
        throw JSONFault(
          code: .notAnObject, reason: "expected an object in the array", offset: scanner.at)
      }
      let start = scanner.at
      try outermost(&scanner, into: &layout)
      elements.append(start..<scanner.at)
      scanner.skipSpace()
      if scanner.peek() == UInt8(ascii: ",") {
        scanner.at += 1
        continue
      }
      return try scanner.expect(UInt8(ascii: "]"), "expected `,` or `]`")
    }
  }

  private mutating func outermost(
    _ scanner: inout JSONScanner, into layout: inout RecordLayout
  ) throws(JSONFault) {
    layout.reset()
    let firstKey = keys.count
    scanner.at += 1
    scanner.skipSpace()
    if scanner.peek() == UInt8(ascii: "}") {
      scanner.at += 1
      return
    }
    var ordinal = 0
    while true {
      let key = try key(&scanner, &layout.scratch)
      let slot = slot(of: key, ordinal: ordinal, scanner.base, layout.scratch.base)
      let slice = try value(&scanner, depth: 1, wanted: slot >= 0, &layout.scratch)
      if slot >= 0 { layout.slices[Int(slot)] = slice }
      ordinal += 1
      if try !hasNext(&scanner) { break }
    }
    try checkKeys(from: firstKey, scanner.base, layout.scratch.base)
  }

  private func hasNext(_ scanner: inout JSONScanner) throws(JSONFault) -> Bool {
    scanner.skipSpace()
    if scanner.peek() == UInt8(ascii: ",") {
      scanner.at += 1
      return true
    }
    try scanner.expect(UInt8(ascii: "}"), "expected `,` or `}`")
    return false
  }

  /// Scans a key and its colon, and puts it on the list of keys.
  private mutating func key(
    _ scanner: inout JSONScanner, _ scratch: inout ScratchBytes
  ) throws(JSONFault) -> Key {
    scanner.skipSpace()
    let offset = scanner.at
    try scanner.expect(UInt8(ascii: "\""), "expected a key in quotes")
    let (start, end, hasEscapes) = try scanner.string()
    var key = Key(hash: 0, start: start, count: end - start, isDecoded: hasEscapes, offset: offset)
    if hasEscapes {
      key.start = scratch.count
      JSONScanner.decode(scanner.base, from: start, to: end, into: &scratch)
      key.count = scratch.count - key.start
      key.hash = ByteSearch.hash(scratch.base + key.start, key.count)
    } else {
      key.hash = ByteSearch.hash(scanner.base + start, key.count)
    }
    keys.append(key)
    scanner.skipSpace()
    try scanner.expect(UInt8(ascii: ":"), "expected `:` after the key")
    return key
  }

  private mutating func slot(
    of key: Key, ordinal: Int, _ base: UnsafePointer<UInt8>,
    _ scratch: UnsafeMutablePointer<UInt8>
  ) -> Int32 {
    let bytes = key.isDecoded ? UnsafePointer(scratch) + key.start : base + key.start
    if ordinal < expected.count {
      let guess = expected[ordinal]
      if guess >= 0, isName(guess, key, bytes) { return guess }
    }
    var found: Int32 = -1
    for candidate in hashes.indices where isName(Int32(candidate), key, bytes) {
      found = Int32(candidate)
      break
    }
    // Only the first keys are remembered: an object with a million keys must cost no memory.
    if ordinal < 256 {
      while expected.count <= ordinal { expected.append(-1) }
      expected[ordinal] = found
    }
    return found
  }

  @inline(__always)
  private func isName(_ slot: Int32, _ key: Key, _ bytes: UnsafePointer<UInt8>) -> Bool {
    let index = Int(slot)
    guard hashes[index] == key.hash, names[index].count == key.count else { return false }
    return names[index].withUnsafeBufferPointer { name in
      name.baseAddress.map { ByteSearch.equal($0, bytes, key.count) } ?? true
    }
  }

  /// Scans any value; its slice is filled in only if it is wanted.
  private mutating func value(
    _ scanner: inout JSONScanner, depth: Int, wanted: Bool, _ scratch: inout ScratchBytes
  ) throws(JSONFault) -> FieldSlice {
    scanner.skipSpace()
    var slice = FieldSlice(rawStart: Int32(truncatingIfNeeded: scanner.at))
    let start = scanner.at
    guard let byte = scanner.peek() else { throw scanner.fault("expected a value") }
    switch byte {
    case UInt8(ascii: "\""):
      scanner.at += 1
      let (first, last, hasEscapes) = try scanner.string()
      slice.kind = .text
      slice.start = Int32(truncatingIfNeeded: first)
      slice.count = Int32(truncatingIfNeeded: last - first)
      if hasEscapes, wanted {
        slice.isDecoded = true
        slice.start = Int32(truncatingIfNeeded: scratch.count)
        JSONScanner.decode(scanner.base, from: first, to: last, into: &scratch)
        slice.count = Int32(truncatingIfNeeded: scratch.count - Int(slice.start))
      }
      return slice
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      try scanner.number()
      slice.kind = .number
    case UInt8(ascii: "{"):
      try nestedObject(&scanner, depth: depth + 1, &scratch)
      slice.kind = .structure
    case UInt8(ascii: "["):
      try nestedArray(&scanner, depth: depth + 1, &scratch)
      slice.kind = .structure
    default:
      slice.kind = try scanner.word()
    }
    slice.start = Int32(truncatingIfNeeded: start)
    slice.count = Int32(truncatingIfNeeded: scanner.at - start)
    return slice
  }

  private mutating func nestedObject(
    _ scanner: inout JSONScanner, depth: Int, _ scratch: inout ScratchBytes
  ) throws(JSONFault) {
    try checkDepth(depth, scanner)
    let firstKey = keys.count
    scanner.at += 1
    scanner.skipSpace()
    if scanner.peek() == UInt8(ascii: "}") {
      scanner.at += 1
      return
    }
    repeat {
      _ = try key(&scanner, &scratch)
      _ = try value(&scanner, depth: depth, wanted: false, &scratch)
    } while try hasNext(&scanner)
    try checkKeys(from: firstKey, scanner.base, scratch.base)
  }

  private mutating func nestedArray(
    _ scanner: inout JSONScanner, depth: Int, _ scratch: inout ScratchBytes
  ) throws(JSONFault) {
    try checkDepth(depth, scanner)
    scanner.at += 1
    scanner.skipSpace()
    if scanner.peek() == UInt8(ascii: "]") {
      scanner.at += 1
      return
    }
    while true {
      _ = try value(&scanner, depth: depth, wanted: false, &scratch)
      scanner.skipSpace()
      if scanner.peek() == UInt8(ascii: ",") {
        scanner.at += 1
        continue
      }
      return try scanner.expect(UInt8(ascii: "]"), "expected `,` or `]`")
    }
  }

  private func checkDepth(_ depth: Int, _ scanner: JSONScanner) throws(JSONFault) {
    if depth > JSONScanner.depthLimit {
      throw JSONFault(
        code: .tooDeep, reason: "more than 64 arrays and objects inside one another",
        offset: scanner.at)
    }
  }

  /// Refuses a key that an object has twice, and takes the object's keys off the list.
  ///
  /// - Complexity: O(k²) comparisons of hashes for up to 16 keys, O(k log k) beyond.
  private mutating func checkKeys(
    from first: Int, _ base: UnsafePointer<UInt8>, _ scratch: UnsafeMutablePointer<UInt8>
  ) throws(JSONFault) {
    defer { keys.removeLast(keys.count - first) }
    func bytes(_ key: Key) -> UnsafePointer<UInt8> {
      key.isDecoded ? UnsafePointer(scratch) + key.start : base + key.start
    }
    func areEqual(_ left: Key, _ right: Key) -> Bool {
      left.hash == right.hash && left.count == right.count
        && ByteSearch.equal(bytes(left), bytes(right), left.count)
    }
    if keys.count - first > 16 {
      // Ordered by hash, then by bytes, so that keys made to collide cost no more than others.
      keys[first...].sort { left, right in
        if left.hash != right.hash { return left.hash < right.hash }
        let leftText = UnsafeBufferPointer(start: bytes(left), count: left.count)
        let rightText = UnsafeBufferPointer(start: bytes(right), count: right.count)
        if leftText.lexicographicallyPrecedes(rightText) { return true }
        if rightText.lexicographicallyPrecedes(leftText) { return false }
        return left.offset < right.offset
      }
      for index in keys.indices.dropFirst(first + 1) where areEqual(keys[index - 1], keys[index]) {
        throw duplicate(keys[index])
      }
      return
    }
    for index in first..<keys.count {
      for other in first..<index where areEqual(keys[other], keys[index]) {
        throw duplicate(keys[index])
      }
    }
  }

  private func duplicate(_ key: Key) -> JSONFault {
    JSONFault(code: .duplicateKey, reason: "the object has this key twice", offset: key.offset)
  }
}
