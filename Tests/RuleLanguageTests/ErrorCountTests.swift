import RuleLanguage
import SourceDiagnostics
import Testing

/// Of many errors the first hundred are shown, and the others are counted.
@Suite struct ErrorCountTests {
  private func compilation(_ text: String) -> RulesetCompiler.Compilation {
    RulesetCompiler(
      models: RuleText.OneModel(), files: RuleFilesInMemory(["r.rules": Array(text.utf8)])
    ).compilation(paths: ["r.rules"])
  }

  private func counts(_ text: String) -> [Int] {
    let compilation = compilation(text)
    #expect(compilation.program == nil)
    let shown = compilation.diagnostics.count { $0.severity == .error }
    return [shown, compilation.errorsLeftOut]
  }

  @Test(arguments: [1, 99, 100, 101, 250, 450])
  func `errors beyond a hundred are counted`(_ count: Int) {
    let header = "ruleset r version 1 {\n}\n"
    let expected = [min(count, 100), max(0, count - 100)]
    // Faults of the parser, and of the checker.
    for line in ["scale : ", "let name = unknown"] {
      let lines = (0..<count).map { number in
        line.replacing("name", with: "name\(number)") + "\(number)"
      }
      #expect(counts(header + lines.joined(separator: "\n") + "\n") == expected, "\(line)")
    }
  }
}
