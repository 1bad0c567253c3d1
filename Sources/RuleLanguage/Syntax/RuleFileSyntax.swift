package import DataFields
package import SourceDiagnostics

/// One rule file as written.
package struct RuleFileSyntax: Sendable, Hashable {
  package var header: RulesetHeaderSyntax?
  package var declarations: [Declaration]
  /// The names of declarations that could not be parsed.
  package var faultyNames: [NameSyntax] = []
}

/// `ruleset invoice-profile version 1 { owner "..." ... }`.
package struct RulesetHeaderSyntax: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  package var version: Int
  package var owner: TextSyntax?
  package var approved: TextSyntax?
  package var source: TextSyntax?
  package var effective: EffectiveSyntax?
  package var background: FileReferenceSyntax?
  package var span: SourceSpan
}

/// `effective from a`, `effective a ..< b`, `effective until b`.
package struct EffectiveSyntax: Sendable, Hashable {
  package var from: CalendarDate?
  /// The first day on which it is no longer in effect.
  package var until: CalendarDate?
  package var span: SourceSpan
}

package enum Declaration: Sendable, Hashable {
  case unit(UnitDeclaration)
  case rates(RatesDeclaration)
  case record(RecordDeclaration)
  case use(UseDeclaration)
  case value(LetDeclaration)
  case window(WindowDeclaration)
  case scale(ScaleDeclaration)
  case align(AlignDeclaration)
  case rank(RankDeclaration)
  case model(ModelDeclaration)
  case decision(DecisionDeclaration)
  case override(OverrideDeclaration)
  case test(TestDeclaration)
  case testTable(TestTableDeclaration)
  case property(PropertyDeclaration)
  case examples(ExamplesDeclaration)
}

/// `use "invoice-profile.rules"`.
package struct UseDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var path: TextSyntax
  package var span: SourceSpan
}
