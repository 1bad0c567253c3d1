import DataFields
import Foundation
import RationaleTestSupport
import RuleLanguage
import SourceDiagnostics
import Testing

/// Small decision tables with seeded defects, and what a search through all cells finds in each.
@Suite(.enabled(if: SharedData.isPresent)) struct SeededDefectTests {
  struct Corpus: Decodable {
    var tables: [Table]
  }

  struct Table: Decodable {
    struct Row: Decodable {
      var when: [String: [Int?]]
      var then: String
    }

    struct Finding: Decodable {
      var row: Int?
      var input: String?
      var at: Int?
      var rows: [Int]?
      var size: Int?
      var amount: Int?
      var coverage: Int?
      var age: Int?

      var point: [String: Int] {
        var point: [String: Int] = [:]
        point["size"] = size
        point["amount"] = amount
        point["coverage"] = coverage
        point["age"] = age
        return point
      }
    }

    var name: String
    var inputs: [String: [Int]]
    var hit: String
    var rows: [Row]
    var findings: [String: Finding]

    /// The table as a ruleset.
    var text: String {
      let names = inputs.keys.sorted()
      var lines = [
        "ruleset defects version 1 {", "}", "input e from \"static\" {", "  id text key",
      ]
      for name in names {
        let bounds = inputs[name] ?? []
        lines.append("  \(name) int in \(bounds[0]) ... \(bounds[1])")
      }
      lines += ["}", "decision d: text hit \(hit) {", "  table"]
      lines.append("    \(names.map { "e." + $0 }.joined(separator: " | ")) || then | reason")
      for (number, row) in rows.enumerated() {
        let cells = names.map { name in
          let bounds = row.when[name] ?? [nil, nil]
          switch (bounds[0], bounds[1]) {
          case (let low?, let high?): return "\(low) ..< \(high)"
          case (let low?, nil): return ">= \(low)"
          case (nil, let high?): return "< \(high)"
          case (nil, nil): return "*"
          }
        }
        lines.append("    \(cells.joined(separator: " | ")) || \"\(row.then)\" | D-\(number + 1)")
      }
      return (lines + ["}", ""]).joined(separator: "\n")
    }

    /// The line of a row, from 1.
    func line(_ row: Int) -> Int { 8 + inputs.count + row }
  }

  struct NoModels: ModelCatalog {
    func signature(ofModelAt path: String) throws(DiagnosticsError) -> ModelSignature {
      throw DiagnosticsError(Diagnostic(code: "F1", message: "no such file", file: path))
    }
  }

  private static func corpus() throws -> [Table] {
    let path = SharedData.path("bench/rules/defects.json")
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try JSONDecoder().decode(Corpus.self, from: data).tables
  }

  private func check(_ table: Table) -> [Diagnostic] {
    RulesetCompiler(
      models: NoModels(), files: RuleFilesInMemory(texts: ["defects.rules": table.text])
    ).compile(paths: ["defects.rules"]).diagnostics
  }

  @Test func `every seeded defect is found, with its witness or its row`() throws {
    let corpus = try Self.corpus()
    #expect(corpus.count == 17)
    for table in corpus {
      let found = check(table)
      let shown: Testing.Comment =
        "\(table.name): \(found.map { "\($0.code) \($0.message)" })\n\(table.text)"
      for (kind, expected) in table.findings.sorted(by: { $0.key < $1.key }) {
        let witness = expected.point.map { "e.\($0) = \(Self.grouped($1))" }
        switch kind {
        case "gap":
          #expect(
            found.contains { finding in
              finding.code == "G1" && witness.allSatisfy { finding.message.contains($0) }
            }, shown)
        case "overlap", "redundant":
          let code = kind == "overlap" ? "O1" : "O2"
          let names = (expected.rows ?? []).map { "row \($0)" }.joined(separator: " and ")
          #expect(
            found.contains { finding in
              finding.code == code && finding.message.hasPrefix(names)
                && witness.allSatisfy { finding.message.contains($0) }
            }, shown)
        case "unreachable":
          let row = expected.row ?? 0
          #expect(
            found.contains { finding in
              finding.severity == .error && finding.message.hasPrefix("row \(row) ")
                && finding.excerpts.last?.line == table.line(row)
            }, shown)
        case "unused-threshold":
          let text = "\(expected.at ?? 0)"
          #expect(
            found.contains { finding in
              (finding.code == "T1" && finding.message.hasPrefix("the threshold \(text) "))
                || (finding.code == "T2" && finding.notes.contains("its thresholds: \(text)"))
            }, shown)
        case "unused-input":
          let text = "`e.\(expected.input ?? "")` changes no outcome"
          #expect(found.contains { $0.code == "T2" && $0.message.hasPrefix(text) }, shown)
        default: Issue.record("an unknown finding: \(kind)")
        }
      }
    }
  }

  @Test func `no table is charged with a defect that it does not have`() throws {
    for table in try Self.corpus() {
      let found = check(table)
      let shown: Testing.Comment =
        "\(table.name): \(found.map { "\($0.code) \($0.message)" })\n\(table.text)"
      let kinds = Set(table.findings.keys)
      #expect(found.contains { $0.code == "G1" } == kinds.contains("gap"), shown)
      #expect(found.contains { $0.code == "O1" } == kinds.contains("overlap"), shown)
      #expect(found.contains { $0.code == "O2" } == kinds.contains("redundant"), shown)
      #expect(found.contains { $0.code == "T2" } == kinds.contains("unused-input"), shown)
      if !kinds.contains("unreachable") {
        #expect(!found.contains { $0.code == "U1" || $0.code == "U2" }, shown)
      }
      if kinds.isEmpty { #expect(found.isEmpty, shown) }
    }
  }

  private static func grouped(_ number: Int) -> String {
    NumberText.grouped(Int128(number), scale: 0).split(separator: ",").joined(separator: "_")
  }
}
