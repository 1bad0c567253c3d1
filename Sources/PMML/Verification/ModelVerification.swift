/// Rows with known results, which a producer adds to show what its model gives.
struct ModelVerification: Sendable {
  struct Field: Sendable {
    /// A field of the mining schema, or an output field.
    var name: String
    /// The cells that hold its values.
    var column: String
    var tolerance: VerificationTolerance
    var line: Int
  }

  struct Row: Sendable {
    var cells: [String: String]
    var line: Int
  }

  var fields: [Field] = []
  var rows: [Row] = []
  var line: Int
}

/// How far a number may be from the one that is expected.
package struct VerificationTolerance: Sendable, Hashable {
  /// Relative.
  package var precision: Double
  package var zeroThreshold: Double

  /// Whether a number is as expected.
  ///
  /// "If the expected value is within the zero threshold of 0, so must the actual value be;
  /// otherwise it must lie between expected * (1 - precision) and expected * (1 + precision)."
  package func accepts(_ actual: Double, expected: Double) -> Bool {
    if actual == expected { return true }
    if expected.magnitude <= zeroThreshold { return actual.magnitude <= zeroThreshold }
    let one = expected * (1 - precision)
    let other = expected * (1 + precision)
    return min(one, other) <= actual && actual <= max(one, other)
  }

  /// What is said of it beside a number.
  package func text(expected: Double) -> String {
    expected.magnitude <= zeroThreshold
      ? "zeroThreshold \(zeroThreshold)" : "precision \(precision)"
  }
}

/// What became of the verification rows of a model.
package struct VerificationReport: Sendable {
  package struct Mismatch: Sendable, Hashable {
    /// Counted from 1.
    package var row: Int
    /// Where the row stands in the document.
    package var line: Int
    package var field: String
    /// Empty if a missing value is expected.
    package var expected: String
    package var got: String
    /// `exact` for what is no number.
    package var tolerance: String
  }

  package internal(set) var rowCount = 0
  /// The results that are compared.
  package internal(set) var fields: [String] = []
  package internal(set) var valueCount = 0
  package internal(set) var mismatches: [Mismatch] = []
}
