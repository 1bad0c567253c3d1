import DataFields
import Decisions
import Explanations
import RationaleTestSupport
import RuleLanguage

/// Rulesets that tests write, and cases of them.
enum DecisionLibraryText {
  static func library(
    _ rules: String, in directory: TemporaryDirectory
  ) throws -> DecisionLibrary {
    try DecisionLibrary(rules: [try directory.write("r.rules", rules)])
  }

  /// A case of whole numbers by name.
  static func decided(
    _ library: DecisionLibrary, _ values: KeyValuePairs<String, Int>, decision: Int = 0
  ) throws -> DecidedCase {
    DecidedCase(
      library: library, decision: decision,
      given: try values.map { name, value in
        guard let slot = library.program.code.layout.slot(named: name) else {
          throw HybridSamples.Missing(name: name)
        }
        return (slot, Quotient(Int128(value)))
      }, asOf: HybridSamples.day)
  }
}
