package import SourceDiagnostics

/// `decision invoice_profile: text hit first { ... }`.
package struct DecisionDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  package var type: NameSyntax
  package var hit: HitPolicy
  package var hitSpan: SourceSpan
  /// `hit collect sum`.
  package var aggregator = Aggregator.list
  /// `hit priority "call" > "mail" > "none"`: the outcomes, strongest first.
  package var priorities: [ExpressionSyntax]
  package var rules: [RuleSyntax]
  package var table: DecisionTableSyntax?
  package var otherwise: OtherwiseSyntax?
  /// `reason PO-01 "text"`: texts for the codes of a table.
  package var reasonTexts: [ReasonSyntax]
  /// Whether every rule could be parsed.
  package var isWhole = true
  package var span: SourceSpan
}

/// `reason IP-01 "Amount, size and coverage are all {size}."`.
package struct ReasonSyntax: Sendable, Hashable {
  package var code: NameSyntax
  package var text: TextSyntax?
  package var span: SourceSpan
}

/// `rule steady reason ... when ... then ...`.
package struct RuleSyntax: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  package var reason: ReasonSyntax?
  package var condition: ExpressionSyntax
  package var outcome: ExpressionSyntax
  package var span: SourceSpan
}

/// `otherwise reason ... then ...`.
package struct OtherwiseSyntax: Sendable, Hashable {
  package var id: NodeID
  package var reason: ReasonSyntax?
  package var outcome: ExpressionSyntax
  package var span: SourceSpan
}

/// A decision table: input columns, then `||`, then `then` and `reason`.
package struct DecisionTableSyntax: Sendable, Hashable {
  package var inputs: [ExpressionSyntax]
  package var outputs: [NameSyntax]
  package var rows: [TableRowSyntax]
  package var span: SourceSpan
}

package struct TableRowSyntax: Sendable, Hashable {
  package var id: NodeID
  package var tests: [UnaryTestSyntax]
  package var outputs: [TableOutputSyntax]
  package var span: SourceSpan
}

/// An input entry of a table: a unary test, in DMN's words.
package struct UnaryTestSyntax: Sendable, Hashable {
  package var kind: Kind
  package var span: SourceSpan

  package enum Kind: Sendable, Hashable {
    /// `*`: whatever it is.
    case any
    case equals(ExpressionSyntax)
    case compares(Comparison, ExpressionSyntax)
    case within(RangeSyntax)
    /// `"a", "b"`: one of these.
    case oneOf([UnaryTestSyntax])
    case fault
  }
}

package enum TableOutputSyntax: Sendable, Hashable {
  case value(ExpressionSyntax)
  case name(NameSyntax)
  /// `*` or nothing.
  case blank(SourceSpan)
}

/// `override do_not_contact reason PO-09 by "data protection" until 2026-12-31 { ... }`.
package struct OverrideDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  package var reason: ReasonSyntax?
  package var authority: TextSyntax?
  package var until: ExpressionSyntax?
  package var condition: ExpressionSyntax?
  package var target: NameSyntax?
  package var outcome: ExpressionSyntax?
  package var span: SourceSpan
}
