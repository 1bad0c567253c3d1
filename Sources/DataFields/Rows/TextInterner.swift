/// Gives each distinct text a small code, in the order of first appearance.
///
/// Codes stand for texts in rows and in keyed state: subjects, currencies, list members, outcomes.
/// They are private to one interner and never leave the process; a trace holds texts.
/// A copy continues independently, so that an engine starts from the codes that its program fixed.
package struct TextInterner: Sendable {
  // All texts, one after another; text i is bytes[ends[i-1] ..< ends[i]].
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  // Open addressing: code + 1, or 0 where free. The size is a power of two, at most 3/4 full.
  private var table: [UInt32] = Array(repeating: 0, count: 16)
  private var hashes: [UInt32] = []
  /// Codes that stand for no text: they are not in the table.
  private var vacant: Set<Int32> = []

  package init() {}

  package var count: Int { ends.count }

  /// The code of a text; a new text gets the next code.
  ///
  /// - Complexity: O(length), no allocation unless the text is new.
  package mutating func intern(_ text: Span<UInt8>) -> Int32 {
    let hash = Self.hash(text)
    if let code = find(text, hash) { return code }
    for index in text.indices { bytes.append(text[index]) }
    ends.append(bytes.count)
    hashes.append(hash)
    if ends.count * 4 > table.count * 3 {
      rebuild(size: table.count * 2)
    } else {
      insert(code: ends.count - 1, hash)
    }
    return Int32(ends.count - 1)
  }

  package mutating func intern(_ text: String) -> Int32 {
    let utf8 = Array(text.utf8)
    return intern(utf8.span)
  }

  /// Passes over the next code: it stands for no text.
  package mutating func addVacant() {
    vacant.insert(Int32(ends.count))
    ends.append(bytes.count)
    hashes.append(0)
  }

  /// Whether a code stands for no text.
  package func isVacant(_ code: Int32) -> Bool { vacant.contains(code) }

  /// Overwrites a text in memory. Its code stands for no text from then on; the same text, should it
  /// come again, gets another.
  ///
  /// - Complexity: O(texts).
  package mutating func erase(_ code: Int32) {
    for index in range(code) { bytes[index] = 0 }
    vacant.insert(code)
    rebuild(size: table.count)
  }

  /// Forgets the texts that were met after the first `count`; their codes are given again.
  ///
  /// - Complexity: O(texts forgotten).
  package mutating func forget(after count: Int) {
    guard count >= 0, count < ends.count else { return }
    let mask = table.count - 1
    // The newest first: none stands where it does because of one that came after it.
    for code in (count..<ends.count).reversed() {
      if vacant.remove(Int32(code)) != nil { continue }
      var place = Int(hashes[code]) & mask
      while table[place] != UInt32(code) + 1 { place = (place + 1) & mask }
      table[place] = 0
    }
    bytes.removeSubrange((count == 0 ? 0 : ends[count - 1])...)
    ends.removeSubrange(count...)
    hashes.removeSubrange(count...)
  }

  /// The code of a text that is known, or nil.
  package func code(of text: Span<UInt8>) -> Int32? { find(text, Self.hash(text)) }

  package func code(of text: String) -> Int32? {
    let utf8 = Array(text.utf8)
    return code(of: utf8.span)
  }

  /// The bytes of the text with this code; empty for a code that was never given.
  package func utf8(_ code: Int32) -> ArraySlice<UInt8> {
    bytes[range(code)]
  }

  /// Lends the bytes of the text with this code; none for a code that was never given.
  ///
  /// Where ``utf8(_:)`` counts references, this does not.
  package func withUTF8<Result>(
    _ code: Int32, _ body: (borrowing Span<UInt8>) -> Result
  ) -> Result {
    body(bytes.span.extracting(range(code)))
  }

  /// How many bytes the text with this code has.
  package func length(_ code: Int32) -> Int { range(code).count }

  private func range(_ code: Int32) -> Range<Int> {
    let index = Int(code)
    let ends = ends.span
    guard ends.indices.contains(index) else { return 0..<0 }
    return (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  package func text(_ code: Int32) -> String { String(decoding: utf8(code), as: UTF8.self) }

  private func find(_ text: Span<UInt8>, _ hash: UInt32) -> Int32? {
    let mask = table.count - 1
    var place = Int(hash) & mask
    while table[place] != 0 {
      let code = Int(table[place] - 1)
      if hashes[code] == hash, equals(code, text) { return Int32(code) }
      place = (place + 1) & mask
    }
    return nil
  }

  private func equals(_ code: Int, _ text: Span<UInt8>) -> Bool {
    let start = code == 0 ? 0 : ends[code - 1]
    guard ends[code] - start == text.count else { return false }
    for index in text.indices where bytes[start + index] != text[index] { return false }
    return true
  }

  private mutating func insert(code: Int, _ hash: UInt32) {
    let mask = table.count - 1
    var place = Int(hash) & mask
    while table[place] != 0 { place = (place + 1) & mask }
    table[place] = UInt32(code) + 1
  }

  private mutating func rebuild(size: Int) {
    table = Array(repeating: 0, count: size)
    for code in ends.indices where vacant.isEmpty || !isVacant(Int32(code)) {
      insert(code: code, hashes[code])
    }
  }

  /// FNV-1a over 64 bits with a finishing mix; the order of codes does not depend on it.
  private static func hash(_ text: Span<UInt8>) -> UInt32 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in text.indices {
      hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01B3
    }
    hash ^= hash >> 32
    hash = hash &* 0x9E37_79B9_7F4A_7C15
    return UInt32(truncatingIfNeeded: hash >> 32)
  }
}
