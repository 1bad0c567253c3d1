internal import RuleLanguage
internal import SourceDiagnostics

/// Makes hostile texts of sound ones.
struct TextMutation {
  var random: FuzzRandom
  private var bytes: [UInt8]
  private let others: [[UInt8]]
  /// Past this size no mutation adds anything.
  private static let sizeLimit = 16 << 10

  init(of bytes: [UInt8], others: [[UInt8]], _ random: FuzzRandom) {
    self.bytes = bytes
    self.others = others
    self.random = random
  }

  /// The text after one to a few mutations.
  mutating func mutated() -> [UInt8] {
    if random.once(in: 6) { truncate() }
    let rounds = random.once(in: 2) ? 1 : 1 + random.next(below: 6)
    for _ in 0..<rounds {
      switch random.next(below: 10) {
      case 0, 1, 2: mutateTokens()
      case 3: respace()
      case 4, 5: mutateBytes()
      case 6: insert(Array((random.pick(Self.words) ?? "").utf8), at: place())
      case 7: insert(hostile(), at: place())
      case 8: mutateLines()
      default: splice()
      }
    }
    return bytes
  }

  private mutating func place() -> Int { random.next(below: bytes.count + 1) }

  private mutating func insert(_ piece: some Collection<UInt8>, at place: Int) {
    guard bytes.count + piece.count <= Self.sizeLimit else { return }
    bytes.insert(contentsOf: piece, at: min(place, bytes.count))
  }

  private mutating func truncate() { bytes.removeSubrange(place()...) }

  private mutating func mutateBytes() {
    let place = place()
    switch random.next(below: 4) {
    case 0: insert([UInt8(random.next(below: 256))], at: place)
    case 1: bytes.removeSubrange(place..<min(bytes.count, place + random.next(below: 30)))
    case 2:
      insert(bytes[place..<min(bytes.count, place + random.next(below: 60))], at: self.place())
    default:
      guard place < bytes.count else { return }
      bytes[place] ^= 1 << UInt8(random.next(below: 8))
    }
  }

  // MARK: Tokens and lines

  private func ranges() -> [Range<Int>] {
    var sources = SourceSet()
    let file = sources.add(SourceFile(name: "", bytes: bytes))
    return Lexer.tokenize(file, of: sources).0.tokens.map(\.range).filter { !$0.isEmpty }
  }

  private mutating func mutateTokens() {
    let tokens = ranges()
    guard let one = random.pick(tokens), let two = random.pick(tokens) else { return }
    switch random.next(below: 4) {
    case 0: bytes.removeSubrange(one)
    case 1: insert([0x20] + bytes[one] + [0x20], at: two.lowerBound)
    case 2: replace(one, by: Array(bytes[two]))
    default: replace(one, by: Array((random.pick(Self.words) ?? "").utf8))
    }
  }

  private mutating func replace(_ range: Range<Int>, by piece: [UInt8]) {
    guard bytes.count + piece.count <= Self.sizeLimit else { return }
    bytes.replaceSubrange(range, with: piece)
  }

  /// Other spaces, line breaks and comments between tokens.
  private mutating func respace() {
    let tokens = ranges()
    var result: [UInt8] = []
    var end = 0
    for token in tokens {
      if random.once(in: 6) {
        let hasGap = token.lowerBound > end
        let gap = random.word(
          "  ", "\n", "\n\n\n", "\t", "\r\n", " // c\n", "/// d  \n", hasGap ? "" : " ", " ")
        result += gap.utf8
      } else {
        result += bytes[end..<token.lowerBound]
      }
      result += bytes[token]
      end = token.upperBound
    }
    result += bytes[end...]
    if result.count <= Self.sizeLimit { bytes = result }
  }

  private mutating func mutateLines() {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let one = random.next(below: lines.count)
    let two = random.next(below: lines.count)
    switch random.next(below: 4) {
    case 0: lines.remove(at: one)
    case 1: lines.insert(lines[one], at: two)
    case 2: lines.swapAt(one, two)
    default:
      let count = min(200, (Self.sizeLimit - bytes.count) / (lines[one].count + 1))
      guard count > 0 else { return }
      lines.insert(contentsOf: repeatElement(lines[one], count: random.next(below: count)), at: two)
    }
    bytes = Array(lines.joined(separator: [0x0A]))
  }

  private mutating func splice() {
    guard let other = random.pick(others), !other.isEmpty else { return }
    let start = random.next(below: other.count)
    insert(other[start..<min(other.count, start + random.next(below: 200))], at: place())
  }

  // MARK: What is hostile

  private mutating func hostile() -> [UInt8] {
    let count = random.once(in: 8) ? 1 + random.next(below: 2_000) : 1 + random.next(below: 80)
    func times(_ text: String) -> [UInt8] { Array(String(repeating: text, count: count).utf8) }
    switch random.next(below: 12) {
    case 0: return [0]
    case 1:
      return Array((random.pick(["\u{202E}", "\u{2066}", "\u{200B}", "\u{FEFF}"]) ?? "").utf8)
    case 2:
      return Array((random.pick(["\u{0430}", "\u{0421}", "\u{03BF}", "\u{0456}"]) ?? "").utf8)
    case 3: return random.pick([[0xFF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF8]]) ?? []
    case 4: return times("9")
    case 5: return times("(")
    case 6: return times("not ")
    case 7: return times(random.word("{", "[", "- ", "-", "a.", "| ", "||", "1 + ", "a and "))
    case 8: return [0x22] + times("x") + (random.once(in: 2) ? [0x22] : [])
    case 9: return times("a-1-") + [0x62]
    case 10: return [0x1B, 0x5B, 0x33, 0x31, 0x6D]
    default: return Array("0.\(String(repeating: "0", count: count))1".utf8)
    }
  }

  private static let words = [
    "{", "}", "(", ")", "[", "]", "|", "||", "...", "..<", "<", "<=", "==", "!=", "=", "+", "-",
    "*", "/", ",", ":", ".", "and", "or", "not", "in", "is", "missing", "where", "when", "then",
    "otherwise", "over", "all time", "to", "as", "as float", "rule", "table", "reason", "A-1",
    "1000", "0.5", "0", "2021-02-30", "9999-12-31", "0000-00-00", "170141183460469231731687",
    "99999999999999999999999999999999999999", "HUF", "\"t\"", "\"{size}\"", "\"{\"", "\n", "\n\n",
    "// c\n", "/// d\n", "\r\n", "\t", "let", "window", "each", "rank", "scale", "test", "given",
    "expect", "decision", "hit unique", "hit collect sum", "below", "up to", "before", "sum",
    "count", "distinct", "size", "amount", "property", "rises", "falls", "override", "set", "use",
    "\"r.rules\"", "model", "feed", "score", "examples", "currency", "unit", "list of {", "key",
    "column", "actionable", "step", "masked keep 4", "personal", "effective", "align", "true",
    "->", "1/3", "100 HUF/person", "-5", "A", "B", "c.n0", "d0", "r0",
  ]
}
