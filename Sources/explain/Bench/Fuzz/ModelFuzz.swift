internal import Attribution
internal import DataFields
internal import PMML
internal import SourceDiagnostics

/// Hostile PMML documents through the reader, the compiler and the scorer.
///
/// What must hold, whatever the bytes: reading ends, with a model or with errors that say where, in
/// plain characters; and a model gives the same results for the same row, whatever was scored before.
struct ModelFuzz: FuzzTarget {
  private struct Totals {
    var inputs = 0
    var bytes = 0
    var read = 0
    var refused = 0
    var scored = 0
    var invalid = 0
    var attributed = 0
    var findings: [String: Int] = [:]
  }

  private let seeds: [MarkupPieces]
  private let vocabulary: MarkupVocabulary
  private let seed: UInt64
  private var totals = Totals()
  /// The model elements that were scored, and how often.
  private var elements: [String: Int] = [:]

  /// - Parameter documents: well-formed documents that are mutated, by path.
  /// - Throws: why one of them is not.
  init(documents: [String: [UInt8]], seed: UInt64) throws(DiagnosticsError) {
    var seeds: [MarkupPieces] = []
    for (_, document) in documents.sorted(by: { $0.key < $1.key }) {
      seeds.append(try MarkupPieces(document))
    }
    self.seeds = seeds
    vocabulary = MarkupVocabulary(seeds)
    self.seed = seed
  }

  var inputCount: Int { totals.inputs }

  var seen: [(title: String, text: String)] {
    [
      ("bytes", "\(totals.bytes)"), ("read", "\(totals.read), and \(totals.refused) refused"),
      (
        "rows",
        "\(totals.scored) scored, \(totals.invalid) invalid, \(totals.attributed) attributed"
      ),
      (
        "models",
        elements.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      ), ("findings", FuzzPages.text(totals.findings)),
    ]
  }

  func input(_ number: Int) -> [UInt8] {
    var random = FuzzRandom(seed: seed, number: number)
    guard let markup = random.pick(seeds) else { return [] }
    var mutation = MarkupMutation(of: markup, vocabulary, random)
    return mutation.mutated()
  }

  mutating func run(_ input: [UInt8], number: Int) -> String? {
    totals.inputs += 1
    totals.bytes += input.count
    let model: CompiledModel
    do throws(DiagnosticsError) {
      model = try CompiledModel(
        name: "m.pmml", bytes: input, verification: number.isMultiple(of: 2) ? .kept : .passedOver)
    } catch {
      totals.refused += 1
      return fault(in: error.diagnostics)
    }
    totals.read += 1
    elements[model.signature.element, default: 0] += 1
    if let fault = FuzzPages.fault(in: model.warnings) { return fault }
    if !FuzzPages.isPlain(InspectCommand.page(model)) { return "control characters in a page" }
    if let fault = FuzzPages.fault(in: model.verificationFaults()) { return fault }
    var rows = FuzzedModelRows(
      model, FuzzRandom(seed: ~seed, number: number), hasBackground: number.isMultiple(of: 4))
    let fault = rows.run()
    totals.scored += rows.scored
    totals.invalid += rows.invalid
    totals.attributed += rows.attributed
    return fault
  }

  private mutating func fault(in errors: [Diagnostic]) -> String? {
    if errors.isEmpty { return "refused without a reason" }
    if errors.count > 60 { return "\(errors.count) errors" }
    for error in errors {
      totals.findings[error.code, default: 0] += 1
      if error.severity != .error { return "refused for a \(error.severity.rawValue)" }
    }
    if errors.contains(where: { $0.position == nil && $0.code != "E1" && $0.code != "P26" }) {
      return "an error without a line"
    }
    return FuzzPages.fault(in: errors)
  }
}
