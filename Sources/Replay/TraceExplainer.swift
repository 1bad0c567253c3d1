import DataFields
package import DecisionTrace
import Decisions
package import Explanations
package import TraceLog

/// Works out what follows from traces, with the rules and models that the log holds for them.
package struct TraceExplainer {
  private let log: TraceLogReader
  private let options: DerivedExplanation.Options
  private let populationPath: String?
  private var libraries: [Digest: DecisionLibrary] = [:]

  /// - Parameter population: a file of rows of others.
  package init(
    _ log: TraceLogReader, options: DerivedExplanation.Options = .init(), population: String? = nil
  ) {
    self.log = log
    self.options = options
    populationPath = population
  }

  /// The case of a trace: its facts, ready to be asked what would have come of others.
  ///
  /// - Throws: `RecordedLibrary.Fault`, or `DecidedCase.Fault` where the engine decides otherwise.
  package mutating func decided(_ trace: Trace) throws -> DecidedCase {
    try DecidedCase(trace, library: try library(of: trace))
  }

  /// The trace with the attributions that its ruleset leaves to whoever reads it.
  ///
  /// - Throws: `RecordedLibrary.Fault`, or `DecisionLibrary.OnReadFault` where a score comes out
  ///   otherwise; never of a trace that leaves nothing to its reader.
  package mutating func attributed(_ trace: Trace) throws -> Trace {
    guard trace.schema.models.contains(where: \.isAttributedOnRead) else { return trace }
    return try library(of: trace).attributedOnRead(trace)
  }

  private mutating func library(of trace: Trace) throws -> DecisionLibrary {
    if let known = libraries[trace.schemaDigest] { return known }
    let library = try RecordedLibrary.load(schema: trace.schemaDigest, from: log)
    // One load serves all decisions of the rules.
    for schema in library.schemas { libraries[schema.digest] = library }
    return library
  }

  /// What a decision is set against.
  package enum Reference: Sendable {
    /// All rows of the population, where there is one.
    case population
    /// The population's medians.
    case median
    /// Another trace of the same decision.
    case previous(Trace)
  }

  /// - Throws: as ``decided(_:)``, and `DiagnosticsError` where the population cannot be read.
  package mutating func explanation(
    of trace: Trace, against reference: Reference = .population
  ) throws -> DerivedExplanation {
    let decided = try decided(trace)
    var population = try populationPath.map { try Population($0, for: decided) }
    switch reference {
    case .population: break
    case .median: population = population?.median(for: decided)
    case .previous(let other):
      population = Population(
        of: try self.decided(other), for: decided, name: "the previous decision")
    }
    return DerivedExplanation(decided, population: population, options: options)
  }
}
