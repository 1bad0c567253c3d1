package import DataFields
package import SourceDiagnostics

/// The number of a syntax node, unique within one compilation.
///
/// Types, meanings and observed values live in side tables under these numbers, and a trace points
/// at rules by them.
package struct NodeID: Sendable, Hashable {
  package var number: Int

  package init(_ number: Int) { self.number = number }
}

/// A name as written, with its place.
package struct NameSyntax: Sendable, Hashable {
  package var text: String
  package var span: SourceSpan
}

/// A text in quotes: its value with escapes undone.
package struct TextSyntax: Sendable, Hashable {
  package var value: String
  package var span: SourceSpan
}

/// A unit as written: names with exponents (`HUF/person`).
package struct UnitSyntax: Sendable, Hashable {
  package var numerator: [NameSyntax]
  package var denominator: [NameSyntax]
  package var span: SourceSpan
}

/// A number as written, with its unit if it has one.
package struct NumberSyntax: Sendable, Hashable {
  package var value: DecimalText
  package var unit: UnitSyntax?
  package var span: SourceSpan
}

/// A file named in a ruleset by path and digest.
package struct FileReferenceSyntax: Sendable, Hashable {
  package var path: TextSyntax
  /// The text after `sha256`; nil if it is left out.
  package var digest: TextSyntax?
}

/// What `missing` says.
package enum MissingSyntax: Sendable, Hashable {
  case refuse(SourceSpan)
  /// `missing 0 HUF`: the value to take.
  case value(ExpressionSyntax)

  package var span: SourceSpan {
    switch self {
    case .refuse(let span): span
    case .value(let value): value.span
    }
  }
}

/// `actionable increase step 1`: whether a counterfactual may change the value, and how.
package struct ActionabilitySyntax: Sendable, Hashable {
  package var direction: Actionability?
  package var step: NumberSyntax?
  package var span: SourceSpan
}
