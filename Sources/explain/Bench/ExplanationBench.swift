internal import DataFields
internal import Decisions
internal import Explanations
internal import FileIO
internal import PMML
internal import ReferenceData
internal import RuleLanguage
internal import TabularIO

/// A decision by one cut of a model's score, and the time that explaining it takes.
struct ExplanationBench {
  private let library: DecisionLibrary
  private let slots: [Int]
  private let rows: [[Quotient?]]

  /// Digits after the point with which numbers are read.
  private static let digits = 6

  /// - Parameters:
  ///   - result: what of the model is cut: `probability("1")`, `predictedValue`.
  ///   - limit: how many rows are read.
  init(model path: String, rows file: String, result: String, cut: String, limit: Int) throws {
    let bytes: [UInt8]
    do { bytes = try WholeFile.read(path) } catch {
      throw CommandFailure(message: error.description)
    }
    let signature = try CompiledModel(name: path, bytes: bytes).signature
    let fields = signature.inputs
    let declared = fields.indices.map {
      "  f\($0) \(fields[$0].kind == .text ? "text" : "decimal(\(Self.digits))")"
    }
    let feeds = fields.indices.map {
      "\(fields[$0].name) = row.f\($0)" + (fields[$0].kind == .text ? "" : " as float")
    }
    let rules = """
      ruleset bench version 1 {
        owner "explain bench"
      }
      input row from "rows" {
        id text key
      \(declared.joined(separator: "\n"))
      }
      model m from "m.pmml" sha256 "\(Digest(of: bytes))" {
        feed  \(feeds.joined(separator: ", "))
        score s = \(result) in -1_000_000 ... 1_000_000
      }
      decision d: text hit first {
        rule high reason B-1 "" when m.s >= \(cut) then "high"
        otherwise reason B-2 "" then "low"
      }
      """
    let files = RuleFilesInMemory(["bench.rules": Array(rules.utf8), "m.pmml": bytes])
    library = try DecisionLibrary(rules: ["bench.rules"], files: files, models: ModelFiles(files))
    let layout = library.program.code.layout
    slots = fields.indices.map { layout.slot(named: "row.f\($0)") ?? 0 }
    rows = try Self.read(file, fields, limit: limit, library.program)
  }

  private static func read(
    _ file: String, _ fields: [ModelField], limit: Int, _ program: Program
  ) throws -> [[Quotient?]] {
    let names = fields.map(\.name)
    let reader = try RecordReader(path: file, columns: .named(names, optional: Set(names)))
    var texts = program.texts
    var rows: [[Quotient?]] = []
    while rows.count < limit {
      guard case .record = try reader.next() else { break }
      rows.append(
        fields.indices.map { index -> Quotient? in
          let text = reader.field(index).text
          if text.isEmpty { return nil }
          if fields[index].kind == .text { return Quotient(Int128(texts.intern(text))) }
          guard let number = Double(text), number.isFinite, number.magnitude < 1e12 else {
            return nil
          }
          return Quotient(Int128((number * 1e6).rounded()))
        })
    }
    return rows
  }

  var rowCount: Int { rows.count }

  private func decided(_ row: Int) -> DecidedCase {
    DecidedCase(
      library: library, decision: 0, given: zip(slots, rows[row]).map { ($0, $1) },
      asOf: CalendarDate(year: 2021, month: 1, day: 1))
  }

  /// What explaining one row came to.
  struct Measured {
    var reasonTime = 0.0
    var reasonSize = 0
    var factCount = 0
    var boxes = 0
    var widenedBoxes = 0
    var isProved = false
    var isMinimal = false
    /// Random completions that ended otherwise.
    var violations = 0
    var singleTime = 0.0
    var pairTime = 0.0
    var flips = 0
    var pairFlips = 0
  }

  /// Explains a row.
  ///
  /// - Parameter completions: random completions of the reason that the engine decides.
  func explain(_ row: Int, completions: Int, boxes: Int) -> Measured {
    var measured = Measured()
    let decided = decided(row)
    var started = ContinuousClock.now
    func elapsed() -> Double {
      let (seconds, fraction) = (ContinuousClock.now - started).components
      return Double(seconds) * 1e3 + Double(fraction) * 1e-15
    }
    let cells = CellDecision(decided.overQuantities())
    started = .now
    let reasons = SufficientReasons(cells, limit: boxes, findsAll: false)
    measured.reasonTime = elapsed()
    measured.reasonSize = reasons.reason.facts.count
    measured.factCount = cells.axes.count
    measured.boxes = reasons.reason.boxCount
    measured.widenedBoxes = reasons.reason.widenedBoxCount
    measured.isProved = reasons.reason.isProved
    measured.isMinimal = reasons.reason.isMinimal
    if completions > 0, reasons.reason.isProved {
      measured.violations =
        ReasonCheck(
          cells, facts: reasons.reason.facts, regions: reasons.reason.cells,
          completions: completions, seed: UInt64(row) + 1, limit: boxes
        ).violations
    }
    if var surface = CellSurface(cells) {
      let facts = cells.axes.indices
      started = .now
      for fact in facts {
        if surface.outcomes(fact, fact).contains(where: { $0 != 0 }) { measured.flips += 1 }
      }
      measured.singleTime = elapsed()
      started = .now
      for first in facts {
        for second in facts where second > first {
          if surface.outcomes(first, second).contains(where: { $0 != 0 }) {
            measured.pairFlips += 1
          }
        }
      }
      measured.pairTime = elapsed()
    }
    return measured
  }
}
