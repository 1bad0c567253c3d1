internal import DataFields
internal import RuleLanguage
internal import SourceDiagnostics
internal import ThresholdCells

/// Hostile rulesets through the lexer, the parser, the checker, the formatter and the engine.
///
/// What must hold, whatever the bytes: the compiler ends, with a program or with an error; it
/// reports no more than its limit for each step, in plain characters; what can be laid out stays
/// laid out and says the same; and what has no error decides as its rules say, and again when its
/// traces are replayed.
struct RuleFuzz: FuzzTarget {
  /// What a run saw.
  private struct Totals {
    var inputs = 0
    var bytes = 0
    /// Without a fault in their syntax.
    var parsed = 0
    /// Without an error.
    var sound = 0
    /// Without a finding but notes.
    var clean = 0
    var formatted = 0
    var decided = 0
    var refused = 0
    var findings: [String: Int] = [:]
  }

  private let seeds: [[UInt8]]
  private let files: FuzzFiles
  private let seed: UInt64
  private var totals = Totals()

  /// - Parameter rulesets: texts that are mutated, by path.
  init(rulesets: [String: [UInt8]], seed: UInt64) {
    let local = rulesets.mapValues { FuzzFiles.localized($0) }
    seeds = local.sorted { $0.key < $1.key }.map(\.value).filter { !$0.isEmpty }
    var others: [String: [UInt8]] = [:]
    for (path, text) in local {
      others[path.split(separator: "/").last.map { String($0) } ?? path] = text
    }
    files = FuzzFiles(input: [], others: others)
    self.seed = seed
  }

  var inputCount: Int { totals.inputs }

  var seen: [(title: String, text: String)] {
    [
      ("bytes", "\(totals.bytes)"), ("parsed", "\(totals.parsed)"),
      ("laid out", "\(totals.formatted)"),
      ("sound", "\(totals.sound), \(totals.clean) of them without a warning"),
      ("decided", "\(totals.decided), and \(totals.refused) refused"),
      ("findings", FuzzPages.text(totals.findings)),
    ]
  }

  /// The input with a number; the same for the same seed and rulesets.
  func input(_ number: Int) -> [UInt8] {
    var random = FuzzRandom(seed: seed, number: number)
    let kind = random.next(below: 8)
    if kind == 0, let whole = random.pick(seeds) {
      var mutation = TextMutation(of: whole, others: seeds, random)
      return mutation.mutated()
    }
    if kind == 1, let part = part(&random) {
      var mutation = TextMutation(of: part, others: seeds, random)
      return mutation.mutated()
    }
    var writer = RulesetWriter(random)
    let text = Array(writer.text().utf8)
    if kind < 5 { return text }
    var mutation = TextMutation(of: text, others: seeds, writer.random)
    return mutation.mutated()
  }

  /// Some lines of a ruleset after its header.
  private func part(_ random: inout FuzzRandom) -> [UInt8]? {
    guard let whole = random.pick(seeds) else { return nil }
    let lines = whole.split(separator: 0x0A, omittingEmptySubsequences: false)
    let start = random.next(below: lines.count)
    let end = min(lines.count, start + 1 + random.next(below: 30))
    return Array("ruleset r version 1 {\n}\n".utf8)
      + Array(lines[start..<end].joined(separator: [0x0A]))
  }

  /// Runs the input with a number; says what does not hold, if anything.
  mutating func run(_ input: [UInt8], number: Int) -> String? {
    totals.inputs += 1
    totals.bytes += input.count
    let (program, found) = compile(input)
    for finding in found { totals.findings[finding.code, default: 0] += 1 }
    if program != nil { totals.sound += 1 }
    if !found.contains(where: { $0.severity != .note }) { totals.clean += 1 }
    let hasError = found.contains { $0.severity == .error }
    if program == nil, !hasError { return "neither a program nor an error" }
    if program != nil, hasError { return "a program in spite of an error" }
    if found.count > 1_000 { return "\(found.count) findings" }
    if let fault = FuzzPages.fault(in: found) { return fault }
    if let fault = faultInLayout(input, program, number: number) { return fault }
    guard let program else { return nil }
    let isProved = !found.contains { ["P1", "G1", "O1"].contains($0.code) }
    var rows = FuzzedRows(
      program, isProved: isProved, FuzzRandom(seed: ~seed, number: number))
    defer {
      totals.decided += rows.decided
      totals.refused += rows.refused
    }
    for _ in 0..<4 {
      if let fault = rows.next() { return fault }
    }
    return number.isMultiple(of: 4) ? rows.trace() : nil
  }

  private func compile(_ input: [UInt8]) -> (program: Program?, diagnostics: [Diagnostic]) {
    var files = files
    files.input = input
    return RulesetCompiler(
      models: files, files: files, budget: .init(combinations: 2_000, evaluations: 20_000),
      boxBudget: BoxBudget(boxesPerQuestion: 500, boxes: 5_000, tests: 200_000, products: 500)
    ).compile(paths: [FuzzFiles.path])
  }

  private mutating func faultInLayout(
    _ input: [UInt8], _ program: Program?, number: Int
  ) -> String? {
    let once: [UInt8]
    do throws(DiagnosticsError) {
      once = try RuleFormatter.format(input, name: FuzzFiles.path)
    } catch {
      let isFault = error.diagnostics.contains { $0.code == "X9" }
      return isFault ? "a layout that would change the text" : nil
    }
    totals.parsed += 1
    totals.formatted += 1
    guard let twice = try? RuleFormatter.format(once, name: FuzzFiles.path) else {
      return "what is laid out cannot be laid out"
    }
    if once != twice { return "a layout that does not settle" }
    if comments(in: once) != comments(in: input) { return "comments that are not kept" }
    guard let program, number.isMultiple(of: 2) else { return nil }
    let again = compile(once).program
    return again?.rulesets.map(\.digest) == program.rulesets.map(\.digest)
      ? nil : "another digest after laying out"
  }

  /// The comments of a text, without the spaces at their ends.
  private func comments(in text: [UInt8]) -> [[UInt8]] {
    var sources = SourceSet()
    let file = sources.add(SourceFile(name: FuzzFiles.path, bytes: text))
    return Lexer.tokenize(file, of: sources).0.comments.map { comment in
      Array(text[comment.range].reversed().drop { $0 <= 0x20 }.reversed())
    }
  }
}
