internal import DataFields
internal import RuleLanguage
internal import SourceDiagnostics

/// Mutated rulesets through the lexer, the parser, the checker and the formatter.
///
/// What must hold, whatever the bytes: the compiler ends, with a program or with an error; it
/// reports no more than its limit for each step; and what can be laid out stays laid out.
struct RuleFuzz {
  /// What a run saw.
  struct Totals: Sendable {
    var inputs = 0
    var accepted = 0
    var refused = 0
    var formatted = 0
    var longest = Duration.zero
    /// Inputs for which something did not hold, at most 10 of them.
    var failures: [[UInt8]] = []
  }

  private let seeds: [[UInt8]]
  private var random: Generator
  private(set) var totals = Totals()

  init(seeds: [[UInt8]], seed: UInt64) {
    self.seeds = seeds.filter { !$0.isEmpty }
    random = Generator(state: seed)
  }

  /// Runs one more input.
  mutating func step() {
    guard !seeds.isEmpty else { return }
    let input = mutated()
    let clock = ContinuousClock()
    let start = clock.now
    let holds = check(input)
    totals.longest = max(totals.longest, clock.now - start)
    totals.inputs += 1
    if !holds, totals.failures.count < 10 { totals.failures.append(input) }
  }

  private mutating func check(_ input: [UInt8]) -> Bool {
    let (program, found) = RulesetCompiler(
      models: NoModels(), files: RuleFilesInMemory(["r.rules": input])
    ).compile(paths: ["r.rules"])
    if program == nil { totals.refused += 1 } else { totals.accepted += 1 }
    guard program != nil || found.contains(where: { $0.severity == .error }), found.count < 1_000
    else { return false }
    guard let once = try? RuleFormatter.format(input, name: "r.rules") else { return true }
    totals.formatted += 1
    guard let twice = try? RuleFormatter.format(once, name: "r.rules") else { return false }
    return once == twice
  }

  private mutating func mutated() -> [UInt8] {
    var bytes = seeds[random.next(below: seeds.count)]
    // A part of a file is checked sooner than a whole one, and fails in other places.
    if random.next(below: 4) == 0 {
      let end = 1 + random.next(below: bytes.count)
      bytes = Array(bytes[..<end])
    }
    for _ in 0...random.next(below: 4) {
      let place = random.next(below: bytes.count + 1)
      switch random.next(below: 7) {
      case 0: bytes.insert(UInt8(truncatingIfNeeded: random.next(below: 256)), at: place)
      case 1:
        let end = min(bytes.count, place + random.next(below: 30))
        bytes.removeSubrange(place..<end)
      case 2:
        let end = min(bytes.count, place + random.next(below: 60))
        bytes.insert(contentsOf: Array(bytes[place..<end]), at: random.next(below: bytes.count + 1))
      case 3:
        let other = seeds[random.next(below: seeds.count)]
        let start = random.next(below: other.count)
        let end = min(other.count, start + random.next(below: 120))
        bytes.insert(contentsOf: other[start..<end], at: place)
      default:
        // A word in the place of another, or between two.
        let words = Self.words
        let word = Array(words[random.next(below: words.count)].utf8)
        if let space = bytes[place...].firstIndex(where: { $0 == 0x20 || $0 == 0x0A }) {
          bytes.insert(contentsOf: [0x20] + word, at: space)
        }
      }
    }
    return bytes
  }

  private static let words = [
    "{", "}", "(", ")", "[", "]", "|", "||", "...", "..<", "<", "<=", "==", "!=", "=", "+", "-",
    "*", "/", ",", ":", ".", "and", "or", "not", "in", "is", "missing", "where", "when", "then",
    "otherwise", "over", "to", "as", "rule", "table", "reason", "A-1", "1000", "0.5", "2021-02-30",
    "HUF", "\"t\"", "\"{size}\"", "\n", "\n\n", "// c\n", "/// d\n", "\r\n", "\t", "let", "window",
    "each", "rank", "scale", "test", "given", "expect", "decision", "hit unique", "\u{0430}",
    "\u{202E}", "below", "up to", "before", "sum", "count", "distinct", "size", "amount",
  ]

  private struct NoModels: ModelCatalog {
    func signature(ofModelAt path: String) throws(DiagnosticsError) -> ModelSignature {
      throw DiagnosticsError(Diagnostic(code: "I1", message: "no such file", file: path))
    }
  }

  /// SplitMix64: the same inputs on every machine.
  private struct Generator {
    var state: UInt64
    mutating func next(below bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) % UInt64(max(1, bound)))
    }
  }
}
