internal import Attribution
internal import DataFields
internal import Decisions
internal import EventIngest
internal import PMML
internal import RuleLanguage
internal import SourceDiagnostics

#if Kafka
  internal import KafkaIngest
#endif

/// A small faulty file, or several, and what is run on them.
struct FindingExample: Sendable {
  /// What a user would type.
  enum Run: Sendable {
    case check, strictCheck, test, inspect, attribute, verify
    /// Laying out the first file, had it become the second.
    case format
    /// Deciding on events from a source.
    case decide(source: String)
    /// Reading a file of settings for a streaming service.
    case settings
    /// Inspecting a file that is not there.
    case open(String)
  }

  struct File: Sendable {
    let name: String
    let bytes: [UInt8]

    init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }

    init(name: String, text: String) { self.init(name: name, bytes: Array(text.utf8)) }
  }

  let run: Run
  let files: [File]

  init(_ run: Run = .check, _ files: [File]) {
    self.run = run
    self.files = files
  }

  /// A ruleset of these declarations, and files that it names.
  static func rules(_ declarations: String, _ run: Run = .check, beside: [String: String] = [:])
    -> FindingExample
  {
    let others = beside.sorted { $0.key < $1.key }.map { File(name: $0.key, text: $0.value) }
    let text = "ruleset example version 1 {\n}\n\n" + declarations + "\n"
    return FindingExample(run, [File(name: "example.rules", text: text)] + others)
  }

  /// A ruleset about a firm with `size` S, M or L, and these declarations.
  static func firm(_ declarations: String, _ run: Run = .check, beside: [String: String] = [:])
    -> FindingExample
  {
    rules(firmDeclarations + "\n" + declarations, run, beside: beside)
  }

  private static let firmDeclarations = """
    unit person

    input firm from "firms" {
      id         text        key, masked
      city       text
      employees  int person  in 1 ... 1_000
    }

    scale Size: S < M < L

    rank size: Size by firm.employees {
      S below  50 person
      M below 250 person
      L otherwise
    }

    """

  /// The command that gives ``findings()``.
  var command: String {
    let names = files.map(\.name)
    let rules = names.filter { $0.hasSuffix(".rules") }.joined(separator: " ")
    return switch run {
    case .check: "explain check \(rules)"
    case .strictCheck: "explain check --strict \(rules)"
    case .test: "explain test \(rules)"
    case .format: "explain format \(names[0])"
    case .inspect: "explain inspect \(names[0])"
    case .verify: "explain inspect --verify \(names[0])"
    case .attribute: "explain score --attributions \(names[0]) --input rows.csv"
    case .decide(let source): "explain decide \(rules) --input \(source)=\(source).csv"
    case .settings: "explain ingest --config \(names[0]) --rules rules/"
    case .open(let path): "explain inspect \(path)"
    }
  }

  /// What the command finds, run in memory.
  func findings() -> [Diagnostic] {
    do throws(DiagnosticsError) {
      switch run {
      case .check: return check().diagnostics
      case .strictCheck:
        let library = try library()
        return library.notes + UntestedRules.findings(library)
      case .test: return RulesetTests(try library()).run().outcomes.flatMap(\.failures)
      case .inspect: return try model(files[0].name).warnings
      case .verify:
        return try CompiledModel(
          name: files[0].name, bytes: files[0].bytes, verification: .kept
        ).verificationFaults()
      case .attribute:
        _ = try AttributionColumns.parts(try model(files[0].name), background: nil)
        return []
      case .decide(let source):
        try IngestRun.check(sources: [source], of: try library())
        return []
      case .format:
        try RuleFormatter.check(files[1].bytes, against: files[0].bytes, name: files[0].name)
        return []
      case .settings:
        #if Kafka
          var settings = IngestSettings(log: "decisions")
          for entry in try PropertiesFile(bytes: files[0].bytes, name: files[0].name).entries {
            try settings.take(entry)
          }
        #endif
        return []
      case .open(let path):
        _ = try CompiledModel(path: path)
        return []
      }
    } catch {
      return error.diagnostics
    }
  }

  private func check() -> (program: Program?, diagnostics: [Diagnostic]) {
    RulesetCompiler(models: ModelsInMemory(files: source), files: source)
      .compile(paths: files.map(\.name).filter { $0.hasSuffix(".rules") })
  }

  private func library() throws(DiagnosticsError) -> DecisionLibrary {
    let (program, diagnostics) = check()
    guard let program else { throw DiagnosticsError(diagnostics) }
    return DecisionLibrary(program: program, models: [], notes: diagnostics)
  }

  private func model(_ name: String) throws(DiagnosticsError) -> CompiledModel {
    try ModelsInMemory(files: source).model(at: name)
  }

  private var source: RuleFilesInMemory {
    RuleFilesInMemory(
      Dictionary(files.map { ($0.name, $0.bytes) }, uniquingKeysWith: { first, _ in first }))
  }
}

/// The models of an example.
private struct ModelsInMemory: ModelCatalog {
  let files: RuleFilesInMemory

  func signature(ofModelAt path: String) throws(DiagnosticsError) -> ModelSignature {
    try model(at: path).signature
  }

  func model(at path: String) throws(DiagnosticsError) -> CompiledModel {
    try CompiledModel(name: path, bytes: try files.bytes(at: path))
  }
}
