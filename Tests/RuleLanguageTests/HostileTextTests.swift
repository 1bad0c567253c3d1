import RuleLanguage
import SourceDiagnostics
import Testing

/// Whatever the bytes, the compiler ends with a program or with diagnostics.
@Suite struct HostileTextTests {
  private func survives(_ bytes: [UInt8]) {
    let (program, diagnostics) = RulesetCompiler(
      models: RuleText.OneModel(), files: RuleFilesInMemory(["r.rules": bytes])
    ).compile(paths: ["r.rules"])
    #expect(program != nil || diagnostics.contains { $0.severity == .error })
    for diagnostic in diagnostics {
      #expect(!DiagnosticRenderer(style: .plain).render(diagnostic).isEmpty)
    }
  }

  @Test(arguments: PublishedRules.names)
  func `a ruleset cut off anywhere is refused in peace`(_ name: String) throws {
    let bytes = Array(try PublishedRules.text(name).utf8)
    for end in stride(from: 0, to: bytes.count, by: 61) { survives(Array(bytes[..<end])) }
  }

  @Test(arguments: PublishedRules.names)
  func `a ruleset with bytes changed is compiled or refused`(_ name: String) throws {
    let bytes = Array(try PublishedRules.text(name).utf8)
    var random = SplitMix(seed: UInt64(bytes.count))
    let alphabet = Array("(){}[]|=<>.,:\"'/*+-_ \n\t0129aZ\u{0}\u{7F}".utf8) + [0x80, 0xC3, 0xFF]
    for _ in 0..<60 {
      var changed = bytes
      for _ in 0...random.next(below: 4) {
        let place = random.next(below: changed.count)
        switch random.next(below: 4) {
        case 0: changed[place] = alphabet[random.next(below: alphabet.count)]
        case 1: changed.insert(alphabet[random.next(below: alphabet.count)], at: place)
        case 2: changed.remove(at: place)
        default:
          let end = min(changed.count, place + random.next(below: 40))
          let piece = changed[place..<end]
          changed.insert(contentsOf: piece, at: random.next(below: changed.count))
        }
      }
      survives(changed)
    }
  }

  private static let input = """
    input e from "s" {
      id text key
      n  int in 0 ... 9
    }

    """

  private static func decision(on value: String) -> String {
    """
    decision d: text hit first {
      rule a reason A-1 "" when \(value) > 5 then "one"
      otherwise reason A-2 "" then "two"
    }
    property "p" { \(value) rises with e.n }

    """
  }

  /// Each value uses the one before it twice: there are 2^60 ways from the last to the first.
  @Test(arguments: ["+", "*", "-"])
  func `values that share their operands are each looked at once`(_ sign: String) {
    let lets = (1...60).map { "let v\($0) = v\($0 - 1) \(sign) v\($0 - 1)\n" }.joined()
    let text = Self.input + "let v0 = e.n\n" + lets + Self.decision(on: "v60")
    #expect(!RuleText.findings(text).isEmpty)
  }

  @Test func `an override may ask for the outcome that it replaces`() {
    let override = """
      override o reason A-3 by "me" until 2030-01-01 {
        when d == "one"
        set  d = "two"
      }
      decision f: text hit first {
        rule a reason B-1 "" when d == "one" and e.n > 2 then "one"
        otherwise reason B-2 "" then "two"
      }
      property "q" { e.n rises with e.n }

      """
    let (program, _) = RuleText.compile(Self.input + Self.decision(on: "e.n") + override)
    #expect(program?.decisions.count == 2)
  }

  @Test func `noise is refused`() {
    var random = SplitMix(seed: 7)
    for _ in 0..<50 {
      survives((0..<random.next(below: 400)).map { _ in UInt8(random.next(below: 256)) })
    }
  }

  @Test func `tokens in any order are refused in peace`() {
    let words = [
      "ruleset", "r", "version", "1", "{", "}", "let", "a", "=", "(", ")", "sum", "count",
      "distinct", "over", "all", "time", "rule", "when", "then", "otherwise", "reason", "A-1",
      "\"t\"", "|", "||", "...", "..<", "<", "==", "and", "or", "not", "in", "list", "where",
      "decision", ":", "text", "hit", "first", "table", "input", "event", "from", "by", "rank",
      "scale", "below", "\n", "\n", "2021-01-01", "5", "HUF", "missing", "test", "given", "expect",
      "override", "set", "model", "feed", "score", "use", "rates", "to", "at", "as", "float", "*",
      "/", "-", "currency", "unit", "key", "column", "property", "rises", "with", ".", ",",
    ]
    var random = SplitMix(seed: 11)
    for _ in 0..<150 {
      let count = random.next(below: 120)
      let text = (0..<count).map { _ in words[random.next(below: words.count)] }
        .joined(separator: " ")
      survives(Array((RuleText.header + text).utf8))
    }
  }

  /// SplitMix64: the same bytes on every machine.
  private struct SplitMix {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next(below bound: Int) -> Int {
      state = state &+ 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) % UInt64(max(1, bound)))
    }
  }
}
