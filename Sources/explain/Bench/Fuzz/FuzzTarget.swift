internal import SourceDiagnostics

/// What a fuzz run makes its inputs with, and sends them through.
protocol FuzzTarget {
  /// The input with a number; the same for the same seed.
  func input(_ number: Int) -> [UInt8]
  /// Runs the input with a number; says what does not hold, if anything.
  mutating func run(_ input: [UInt8], number: Int) -> String?
  /// How many inputs were run.
  var inputCount: Int { get }
  /// What was seen, line by line: a title and a text.
  var seen: [(title: String, text: String)] { get }
}

enum FuzzPages {
  /// Pages and JSON must hold no character that a terminal would obey.
  static func fault(in found: [Diagnostic]) -> String? {
    let renderer = DiagnosticRenderer(style: .plain)
    for finding in found.prefix(4) where !isPlain(renderer.render(finding)) {
      return "control characters in a page"
    }
    let json = DiagnosticJSON.array(Array(found.prefix(4)))
    return json.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A } ? nil : "control characters in JSON"
  }

  static func isPlain(_ page: String) -> Bool {
    page.unicodeScalars.allSatisfy { scalar in
      scalar == "\n"
        || scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value)
          && !(0x202A...0x202E).contains(scalar.value)
    }
  }

  /// `A1 3, B2 17`: findings by their codes.
  static func text(_ findings: [String: Int]) -> String {
    findings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }
}
