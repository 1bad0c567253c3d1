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
  /// - Returns: the program, or nil if there is an error among the diagnostics; and everything
  ///   found, in the order of files and lines.
  package func compile(paths: [String]) -> (program: Program?, diagnostics: [Diagnostic]) {
    let (checked, found) = RulesetLoader.load(paths, models: models, files: files)
    var diagnostics = found
    if !diagnostics.contains(where: { $0.severity == .error }) {
      do throws(DiagnosticsError) {
        let program = try Lowering.program(checked)
        // What runs is what is analysed: analyses read the flat form.
        diagnostics += RulesetAnalysis(program, budget: budget, boxBudget: boxBudget).findings()
        let isSound = !diagnostics.contains { $0.severity == .error }
        return (isSound ? program : nil, Self.sorted(diagnostics, checked.sources))
      } catch {
        diagnostics += error.diagnostics
      }
    }
    return (nil, Self.sorted(diagnostics, checked.sources))
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
