package import DataFields
package import SourceDiagnostics
package import ThresholdCells

/// Turns rule files into one program: reads, parses, checks, analyses and lays flat.
public struct RulesetCompiler: Sendable {
  private let models: any ModelCatalog
  private let files: any RuleFileSource
  private let budget: CombinationTable.Budget
  private let boxBudget: BoxBudget

  /// - Parameters:
  ///   - models: where rulesets' models are read; the compiler itself reads none.
  ///   - files: where rule files and the files that they name are read.
  ///   - budget: up to which every combination is looked at.
  ///   - boxBudget: what searches over boxes may spend where there are more.
  package init(
    models: any ModelCatalog, files: any RuleFileSource, budget: CombinationTable.Budget = .init(),
    boxBudget: BoxBudget = .init()
  ) {
    self.models = models
    self.files = files
    self.budget = budget
    self.boxBudget = boxBudget
  }

  /// Compiles all files into one program, with rulesets that several of them use once.
  ///
  /// - Returns: the program, or nil if there is an error among the diagnostics; and what was
  ///   found, in the order of files and lines.
  package func compile(paths: [String]) -> (program: Program?, diagnostics: [Diagnostic]) {
    let compilation = self.compilation(paths: paths)
    return (compilation.program, compilation.diagnostics)
  }

  /// What came of rule files.
  package struct Compilation: Sendable {
    /// Nil if there was an error.
    package var program: Program?
    /// What was found, in the order of files and lines; of the errors the first hundred.
    package var diagnostics: [Diagnostic]
    /// How many errors are not among them.
    package var errorsLeftOut: Int
  }

  /// How many errors are shown.
  package static let maximumErrors = 100

  /// The same as ``compile(paths:)``, with the number of errors that are not shown.
  package func compilation(paths: [String]) -> Compilation {
    let (checked, found, errorsLeftOut) = RulesetLoader.load(paths, models: models, files: files)
    let (program, diagnostics) = self.program(checked, found)
    var compilation = Compilation(
      program: program, diagnostics: [], errorsLeftOut: errorsLeftOut)
    var errors = 0
    for diagnostic in Self.sorted(diagnostics, checked.sources) {
      if diagnostic.severity == .error { errors += 1 }
      if diagnostic.severity == .error, errors > Self.maximumErrors {
        compilation.errorsLeftOut += 1
      } else {
        compilation.diagnostics.append(diagnostic)
      }
    }
    return compilation
  }

  private func program(_ checked: CheckedProgram, _ found: [Diagnostic]) -> (
    Program?, [Diagnostic]
  ) {
    var diagnostics = found
    if !diagnostics.contains(where: { $0.severity == .error }) {
      do throws(DiagnosticsError) {
        let program = try Lowering.program(checked)
        // What runs is what is analysed: analyses read the flat form.
        diagnostics += RulesetAnalysis(program, budget: budget, boxBudget: boxBudget).findings()
        let isSound = !diagnostics.contains { $0.severity == .error }
        return (isSound ? program : nil, diagnostics)
      } catch {
        diagnostics += error.diagnostics
      }
    }
    return (nil, diagnostics)
  }

  private static func sorted(_ diagnostics: [Diagnostic], _ sources: SourceSet) -> [Diagnostic] {
    var order: [String: Int] = [:]
    for (index, file) in sources.files.enumerated() where order[file.name] == nil {
      order[file.name] = index
    }
    let start = SourcePosition(line: 0, column: 0)
    return diagnostics.enumerated().sorted { left, right in
      let a = (order[left.element.file] ?? -1, left.element.position ?? start, left.offset)
      let b = (order[right.element.file] ?? -1, right.element.position ?? start, right.offset)
      return a < b
    }.map(\.element)
  }
}
