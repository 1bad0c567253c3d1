/// Makes hostile documents of sound ones.
struct MarkupMutation {
  var random: FuzzRandom
  private var markup: MarkupPieces
  private let vocabulary: MarkupVocabulary
  /// Bytes that were added so far.
  private var added = 0
  /// Past these sizes no mutation adds anything.
  private static let pieceLimit = 4_000
  private static let sizeLimit = 128 << 10

  init(of markup: MarkupPieces, _ vocabulary: MarkupVocabulary, _ random: FuzzRandom) {
    self.markup = markup
    self.vocabulary = vocabulary
    self.random = random
  }

  /// The document after one to a few mutations.
  mutating func mutated() -> [UInt8] {
    let rounds = random.once(in: 2) ? 1 : 1 + random.next(below: 5)
    for _ in 0..<rounds {
      switch random.next(below: 10) {
      case 0, 1, 2, 3, 4: mutateAttribute()
      case 5: mutateText()
      default: mutateElement()
      }
    }
    var bytes = markup.bytes()
    if random.once(in: 8) { mutateBytes(&bytes) }
    if random.once(in: 24) { trick(&bytes) }
    return bytes
  }

  // MARK: Elements

  private mutating func mutateElement() {
    let starts = markup.starts
    // The root stays, mostly: without it nothing else is tried.
    guard let one = random.pick(random.once(in: 40) ? starts : Array(starts.dropFirst())),
      let two = random.pick(starts)
    else { return }
    let range = markup.element(at: one)
    let copy = Array(markup.pieces[range])
    switch random.next(below: 10) {
    case 0, 1: markup.pieces.removeSubrange(range)
    case 2: insert(copy, at: range.upperBound)
    case 3:
      // Again and again, side by side.
      let times = random.next(below: 300)
      guard markup.pieces.count + times * copy.count < Self.pieceLimit else { return }
      for _ in 0..<times { insert(copy, at: range.upperBound) }
    case 4: nest(one, range)
    case 5: swap(range, markup.element(at: two))
    case 6:
      // Into another element.
      insert(copy, at: two + 1)
      if random.once(in: 2) { markup.pieces.removeSubrange(markup.element(at: one)) }
    case 7:
      guard let (name, element) = random.pick(vocabulary.elements) else { return }
      if random.once(in: 2) {
        markup.pieces.replaceSubrange(range, with: element)
      } else if random.once(in: 2) {
        insert(element, at: one + 1)
      } else {
        rename(range, name)
      }
    case 8:
      // An end, or a start, without the other.
      markup.pieces.remove(at: random.once(in: 2) ? one : range.upperBound - 1)
    default:
      guard let (name, _) = random.pick(vocabulary.elements) else { return }
      let wrap = random.word("Extension", "Wibble", name, name)
      insert([.end(wrap)], at: range.upperBound)
      insert([.start(wrap, [])], at: one)
    }
  }

  private mutating func insert(_ pieces: [MarkupPieces.Piece], at place: Int) {
    let size = pieces.reduce(0) { $0 + $1.size }
    guard markup.pieces.count + pieces.count <= Self.pieceLimit, added + size <= Self.sizeLimit
    else { return }
    added += size
    markup.pieces.insert(contentsOf: pieces, at: min(place, markup.pieces.count))
  }

  /// Puts an element into itself, once or many times over.
  private mutating func nest(_ start: Int, _ range: Range<Int>) {
    let copy = Array(markup.pieces[range])
    let depth = random.once(in: 3) ? 1 + random.next(below: 260) : 1 + random.next(below: 4)
    guard markup.pieces.count + depth * copy.count < Self.pieceLimit else { return }
    var place = start
    for _ in 0..<depth {
      place += 1
      insert(copy, at: place)
    }
  }

  private mutating func rename(_ range: Range<Int>, _ name: String) {
    if case .start(_, let attributes) = markup.pieces[range.lowerBound] {
      markup.pieces[range.lowerBound] = .start(name, attributes)
    }
    if case .end = markup.pieces[range.upperBound - 1] {
      markup.pieces[range.upperBound - 1] = .end(name)
    }
  }

  private mutating func swap(_ one: Range<Int>, _ two: Range<Int>) {
    guard !one.overlaps(two) else { return }
    let (first, second) = one.lowerBound < two.lowerBound ? (one, two) : (two, one)
    let head = Array(markup.pieces[first])
    let tail = Array(markup.pieces[second])
    markup.pieces.replaceSubrange(second, with: head)
    markup.pieces.replaceSubrange(first, with: tail)
  }

  // MARK: Attributes and texts

  private mutating func mutateAttribute() {
    guard let place = random.pick(markup.starts),
      case .start(let name, var attributes) = markup.pieces[place]
    else { return }
    let chosen = random.next(below: attributes.count)
    switch random.next(below: 12) {
    case 0 where !attributes.isEmpty: attributes.remove(at: chosen)
    case 1:
      guard let (name, values) = random.pick(vocabulary.attributes),
        !attributes.contains(where: { $0.name == name })
      else { return }
      attributes.append((name, random.pick(values) ?? ""))
    case 2 where !attributes.isEmpty:
      guard let (name, _) = random.pick(vocabulary.attributes),
        !attributes.contains(where: { $0.name == name })
      else { return }
      attributes[chosen].name = name
    case 3 where !attributes.isEmpty:
      // The value of another attribute of the document.
      guard let other = random.pick(markup.starts),
        case .start(_, let others) = markup.pieces[other], let other = random.pick(others)
      else { return }
      attributes[chosen].value = other.value
    case 4, 5, 6:
      // Another value that the attribute has somewhere.
      guard !attributes.isEmpty,
        let values = vocabulary.values[attributes[chosen].name], let value = random.pick(values)
      else { return }
      attributes[chosen].value = value
    default:
      guard !attributes.isEmpty, attributes[chosen].name != "xmlns" || random.once(in: 8) else {
        return
      }
      attributes[chosen].value = hostileValue(attributes[chosen].value)
    }
    markup.pieces[place] = .start(name, attributes)
  }

  private mutating func mutateText() {
    let places = markup.pieces.indices.filter {
      if case .text = markup.pieces[$0] { true } else { false }
    }
    guard let place = random.pick(places), case .text(let text) = markup.pieces[place] else {
      guard let start = random.pick(markup.starts) else { return }
      insert([.text(hostileValue(""))], at: start + 1)
      return
    }
    var words = text.split(separator: " ").map { String($0) }
    let chosen = random.next(below: words.count)
    switch random.next(below: 6) {
    case 0 where !words.isEmpty: words.remove(at: chosen)
    case 1 where !words.isEmpty: words.insert(words[chosen], at: chosen)
    case 2 where !words.isEmpty: words[chosen] = hostileValue(words[chosen])
    case 3 where !words.isEmpty && words[chosen].utf8.count < 64:
      words += Array(repeating: words[chosen], count: random.next(below: 500))
    case 4: words = []
    default: words = [hostileValue(text)]
    }
    markup.pieces[place] = .text(words.joined(separator: " "))
  }

  private mutating func hostileValue(_ value: String) -> String {
    switch random.next(below: 24) {
    case 0: return ""
    case 1: return value + value
    case 2: return String(value.dropLast())
    case 3: return " " + value + " "
    case 4: return "-" + value
    case 5: return value + random.word("0", "e9", "e400", ".5", "x", "%s", "$1")
    case 6: return String(repeating: random.word("a", "9", "(", "%", " "), count: 5_000)
    case 7: return random.word("\u{202E}", "\u{85}", "\u{200B}x", "\u{FEFF}", "é", "😀", "\u{9B}m")
    case 8: return String(random.next(below: 5) - 1)
    default: return random.pick(Self.extremes) ?? ""
    }
  }

  private static let extremes = [
    "0", "-0", "1", "-1", "2", "0.5", "1e-320", "1e308", "-1e308", "1e400", "INF", "-INF", "NaN",
    "inf", "nan", "0x10", "3,5", "1e", ".", "+", "1_000", "127", "128", "255", "256", "32768",
    "65536", "1000000", "16777217", "33554432", "2147483647", "2147483648", "-2147483648",
    "-2147483649", "4294967295", "4294967296", "4000000000000", "9007199254740993",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "18446744073709551616", "1e18", "1e19", "-1e19", "99999999999999999999999999999999", "true",
    "false", "x", "y", "2020-02-30", "9999-12-31", "0000-00-00T00:00:00", "24:00:00", "-1:00:00",
    "%d", "%999999999d", "%n", "%Y-%m", "(a+)+$", "[", "\\", "\\1", "(?R)", "a{65535}",
    "regression", "classification", "clustering", "float", "double", "string", "integer", "date",
    "continuous", "categorical", "ordinal", "closedClosed",
  ]

  // MARK: Bytes

  private mutating func mutateBytes(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let place = random.next(below: bytes.count)
    switch random.next(below: 5) {
    case 0: bytes.removeSubrange(place...)
    case 1: bytes[place] ^= 1 << UInt8(random.next(below: 8))
    case 2: bytes.insert(UInt8(random.next(below: 256)), at: place)
    case 3: bytes.removeSubrange(place..<min(bytes.count, place + random.next(below: 40)))
    default:
      let piece = bytes[place..<min(bytes.count, place + random.next(below: 200))]
      bytes.insert(contentsOf: Array(piece), at: random.next(below: bytes.count))
    }
  }

  /// What XML allows, and a document should not use.
  private mutating func trick(_ bytes: inout [UInt8]) {
    let entities = "<!DOCTYPE PMML [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
    switch random.next(below: 9) {
    case 0: bytes = Array(entities.utf8) + bytes
    case 1: bytes = Array("<!DOCTYPE PMML SYSTEM \"file:///etc/passwd\">".utf8) + bytes
    case 2:
      bytes =
        Array(
          "<?xml version=\"1.0\" encoding=\"\(random.word("UTF-16", "latin1", "x", ""))\"?>".utf8)
        + bytes
    case 3: bytes = [0xEF, 0xBB, 0xBF] + bytes
    case 4:
      // UTF-16, of which only ASCII is right.
      bytes = [0xFF, 0xFE] + bytes.flatMap { [$0, 0] }
    case 5:
      guard let place = bytes.firstIndex(of: UInt8(ascii: "\"")) else { return }
      let entity = random.word("&a;", "&#0;", "&#x110000;", "&lt;", "&#38;#38;", "&amp;", "&")
      bytes.insert(contentsOf: entity.utf8, at: place + 1)
    case 6, 7:
      let gaps = bytes.indices.filter { bytes[$0] == UInt8(ascii: ">") }
      guard let place = random.pick(gaps) else { return }
      let text = random.word("<!-- c -->", "<?p i?>", "<![CDATA[<a>]]>", "<!-- -- -->", "]]>")
      bytes.insert(contentsOf: text.utf8, at: place + 1)
    default:
      guard bytes.count * 2 < Self.sizeLimit else { return }
      bytes += bytes
    }
  }
}
