public import RuleLanguage
public import SourceDiagnostics

/// Rules and models, loaded and checked once, that any number of engines share.
///
/// ```swift
/// let library = try DecisionLibrary(rules: ["rules/invoice-profile.rules"])
/// ```
///
/// A library is immutable; loading it reads every file that the rulesets name (models, rates,
/// lists) and nothing afterwards does.
public struct DecisionLibrary: Sendable {
  package let contents: LibraryContents
  /// The files that were named, in order; what they `use` is not among them.
  package let rulePaths: [String]
  /// What was found that does not keep the rules from running: warnings and notes.
  public let notes: [Diagnostic]

  /// Loads rulesets and everything that they name.
  ///
  /// - Parameters:
  ///   - paths: the ruleset files; what they `use` is found from there.
  ///   - files: where rule files and reference data are read; the disk by default. Models are
  ///     always read from the disk.
  /// - Throws: `DiagnosticsError` with every fault of every file.
  public init(
    rules paths: [String], files: any RuleFileSource = RuleFilesOnDisk()
  ) throws(DiagnosticsError) {
    try self.init(rules: paths, files: files, models: ModelFiles())
  }

  /// - Parameter modelFiles: where models are read.
  package init(
    rules paths: [String], files: any RuleFileSource, models modelFiles: ModelFiles
  ) throws(DiagnosticsError) {
    let (program, diagnostics) = RulesetCompiler(models: modelFiles, files: files)
      .compile(paths: paths)
    guard let program else { throw DiagnosticsError(diagnostics) }
    var models: [LoadedModel] = []
    for plan in program.models {
      models.append(
        try LoadedModel(
          plan, model: try modelFiles.model(at: plan.artefact.path), program: program,
          files: files))
    }
    self.init(program: program, models: models, notes: diagnostics, rulePaths: paths)
  }

  package init(
    program: Program, models: [LoadedModel], notes: [Diagnostic] = [], rulePaths: [String] = []
  ) {
    self.rulePaths = rulePaths
    contents = LibraryContents(program, models)
    self.notes = notes
  }

  /// The same rules and models, whose traces keep the attribution of every field, not of the
  /// strongest alone: what global views are made of. Such traces are not those of the ruleset.
  package func keepingAllAttributions() -> DecisionLibrary {
    DecisionLibrary(
      program: program, models: models.map { $0.keepingAllAttributions() }, notes: notes)
  }

  package var program: Program {
    _read { yield contents.program }
  }

  package var models: [LoadedModel] { contents.models }

  package var schemas: [DecisionSchema] { contents.schemas }

  package var eventSteps: [[Int]] { contents.eventSteps }

  /// The names of the decisions that the library makes, in the order of the files.
  public var decisionNames: [String] { program.decisions.map(\.name) }
}

/// What a library holds, in one place of memory: an engine would copy a structure of so many arrays
/// at each step, for all it knows that a step writes to no part of it.
package final class LibraryContents: Sendable {
  package let program: Program
  /// The program's models, in its order.
  package let models: [LoadedModel]
  /// How the traces of each of the program's decisions are filled.
  package let schemas: [DecisionSchema]
  /// For each of the program's events, the steps that its decisions need, in order.
  package let eventSteps: [[Int]]

  init(_ program: Program, _ models: [LoadedModel]) {
    self.program = program
    self.models = models
    let methods = models.map { (method: $0.method, attributed: $0.attributed) }
    schemas = program.decisions.indices.map {
      DecisionSchema(program, decision: $0, methods: methods)
    }
    eventSteps = program.events.map { event in
      Set(event.decisions.flatMap { program.decisions[$0].steps }).sorted()
    }
  }

  /// `Program.settleRules(of:in:)`, called so that nothing is copied.
  @inline(never)
  func settleRules(of decision: Int, in workspace: inout EvaluationWorkspace) {
    program.settleRules(of: decision, in: &workspace)
  }
}
