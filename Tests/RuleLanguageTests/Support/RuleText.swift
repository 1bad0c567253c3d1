import DataFields
import SourceDiagnostics

@testable import RuleLanguage

/// Compiles rule texts held in memory, with one model at hand.
enum RuleText {
  static let header = "ruleset r version 1 {\n}\n"

  static let modelDigest = String(repeating: "ab", count: 32)
  /// That of `other.pmml`.
  static let otherModelDigest = String(repeating: "cd", count: 32)

  /// Compiles one text, which need not have a header, and the files that it names.
  static func compile(_ text: String, files: [String: String] = [:], withHeader: Bool = true) -> (
    program: Program?, diagnostics: [Diagnostic]
  ) {
    var all = files
    all["r.rules"] = withHeader ? header + text : text
    return RulesetCompiler(models: OneModel(), files: RuleFilesInMemory(texts: all))
      .compile(paths: ["r.rules"])
  }

  /// Compiles a text without asking whether its decisions are well made: nil if it is not sound.
  static func unanalysed(_ text: String) -> Program? {
    let files = RuleFilesInMemory(texts: ["r.rules": header + text])
    let (checked, found, _) = RulesetLoader.load(["r.rules"], models: OneModel(), files: files)
    guard !found.contains(where: { $0.severity == .error }) else { return nil }
    return try? Lowering.program(checked)
  }

  /// What was found, as `code@line` of the text without its header.
  static func findings(_ text: String, files: [String: String] = [:]) -> [String] {
    compile(text, files: files).diagnostics.map { diagnostic in
      "\(diagnostic.code)@\((diagnostic.position?.line ?? 2) - 2)"
    }
  }

  static func rendered(_ text: String) -> [String] {
    compile(text).diagnostics.map { DiagnosticRenderer(style: .plain).render($0) }
  }

  /// A classifier of two fields, under any path that ends in `.pmml`.
  struct OneModel: ModelCatalog {
    func signature(ofModelAt path: String) throws(DiagnosticsError) -> ModelSignature {
      let text = path == "other.pmml" ? otherModelDigest : modelDigest
      guard path.hasSuffix(".pmml"), let digest = Digest(hexadecimal: text) else {
        throw DiagnosticsError(Diagnostic(code: "I1", message: "no such file", file: path))
      }
      return ModelSignature(
        path: path, digest: digest, element: "MiningModel", modelName: nil,
        function: .classification,
        inputs: [
          ModelField(name: "SIZE", dataType: .double, opType: .continuous),
          ModelField(name: "REGION", dataType: .string, opType: .categorical),
        ],
        target: nil, classes: ["0", "1"], outputs: [], attribution: .needsBackground("no covers"))
    }
  }
}

/// Runs a program's steps on a row, as an engine does.
struct ProgramRunner {
  let program: Program
  var workspace: EvaluationWorkspace

  init(_ program: Program) {
    self.program = program
    workspace = EvaluationWorkspace(program)
  }

  func slot(_ name: String) -> Int { program.code.layout.slot(named: name) ?? -1 }

  mutating func supply(_ name: String, _ numerator: Int128, over denominator: Int128 = 1) {
    workspace.row.set(slot(name), to: numerator, over: denominator, origin: .supplied)
  }

  mutating func run(asOf: CalendarDate? = nil) {
    for step in program.steps {
      switch step {
      case .compute(let range, _): program.compute(range, in: &workspace, keepSupplied: true)
      case .rank(let rank): program.rank(rank, in: &workspace, keepSupplied: true)
      case .decide(let decision):
        program.decide(decision, in: &workspace, keepSupplied: true)
      case .override(let override): program.override(override, asOf: asOf, in: &workspace)
      case .model: break
      }
    }
  }

  /// The outcome of a decision, or nil if it was refused.
  func outcome(_ name: String) -> String? {
    let slot = slot(name)
    guard workspace.row.isPresent(slot) else { return nil }
    return program.texts.text(Int32(truncatingIfNeeded: workspace.row.value(slot)))
  }

  /// The name of the rule that decided.
  func rule(_ name: String) -> String? {
    guard let decision = program.decisions.firstIndex(where: { $0.name == name }) else {
      return nil
    }
    let rule = Int(workspace.results[decision].rule)
    return rule >= 0 ? program.rules[rule].name : nil
  }

  /// The outcomes of a decision that collects them.
  private func collected(_ slot: Int) -> [Quotient?] {
    guard let decision = program.decisions.firstIndex(where: { $0.slot == slot }) else { return [] }
    return program.collectedRules(of: decision, in: workspace).map {
      workspace.row.quotient(program.rules[$0].outcome)
    }
  }

  /// The cases of the ruleset's own tests that fail.
  mutating func failures() -> [String] {
    var failures: [String] = []
    for test in program.tests {
      workspace.clear()
      for given in test.given {
        workspace.row.set(
          given.slot, to: given.value.numerator, over: given.value.denominator, origin: .supplied)
      }
      run(asOf: test.asOf)
      for expected in test.expected {
        let name = program.code.layout.slots[expected.slot].name
        if let list = expected.list {
          if collected(expected.slot) != list { failures.append("\(test.name): \(name)") }
        } else if workspace.row.quotient(expected.slot) != expected.value {
          failures.append("\(test.name): \(name)")
        }
        guard let decision = expected.decision else { continue }
        let result = workspace.results[decision]
        if let rule = expected.rule, Int(result.rule) != rule {
          failures.append("\(test.name): \(name) by another rule")
        }
        if let override = expected.override, Int(result.override) != override {
          failures.append("\(test.name): \(name) not overridden")
        }
      }
    }
    return failures
  }
}
