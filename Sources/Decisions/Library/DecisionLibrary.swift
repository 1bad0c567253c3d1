package import RuleLanguage

/// Rules and models, loaded and checked once, that any number of engines share.
///
/// ```swift
/// let library = try DecisionLibrary(rules: ["rules/invoice-profile.rules"])
/// ```
///
/// A library is immutable; loading it reads every file that the rulesets name (models, rates,
/// lists) and nothing afterwards does.
public struct DecisionLibrary: Sendable {
  package let program: Program
  /// The program's models, in its order.
  package let models: [LoadedModel]
  /// How the traces of each of the program's decisions are filled.
  package let schemas: [DecisionSchema]
  /// For each of the program's events, the steps that its decisions need, in order.
  package let eventSteps: [[Int]]

  package init(program: Program, models: [LoadedModel]) {
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

  /// The names of the decisions that the library makes, in the order of the files.
  public var decisionNames: [String] { program.decisions.map(\.name) }
}
