package import SourceDiagnostics

/// `test "..." { given ... expect ... }`.
package struct TestDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var title: TextSyntax
  package var given: [GivenSyntax]
  package var expected: [ExpectationSyntax]
  package var span: SourceSpan
}

/// `enterprise.employees = 4 person`; `missing` for a value that is absent.
package struct GivenSyntax: Sendable, Hashable {
  package var name: ExpressionSyntax
  /// Nil for `missing`.
  package var value: ExpressionSyntax?
  package var span: SourceSpan
}

/// `invoice_profile = "Developed Customers" by otherwise`, `offer = refused`.
package struct ExpectationSyntax: Sendable, Hashable {
  package var name: ExpressionSyntax
  /// Nil for `refused` or `missing`.
  package var value: ExpressionSyntax?
  package var rule: NameSyntax?
  package var span: SourceSpan
}

/// `test table "..." { header, rows }`.
package struct TestTableDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var title: TextSyntax
  package var given: [ExpressionSyntax]
  package var expected: [ExpressionSyntax]
  package var rows: [TestRowSyntax]
  package var span: SourceSpan
}

package struct TestRowSyntax: Sendable, Hashable {
  package var given: [TestCellSyntax]
  package var expected: [TestCellSyntax]
  package var span: SourceSpan
}

package struct TestCellSyntax: Sendable, Hashable {
  package var kind: Kind
  package var span: SourceSpan

  package enum Kind: Sendable, Hashable {
    case value(ExpressionSyntax)
    /// `*` or nothing: not given, or not tested.
    case blank
    case missing
    case refused
    case fault
  }
}

/// `property "..." { size rises with enterprise.employees }`.
package struct PropertyDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var title: TextSyntax
  package var claims: [PropertyClaimSyntax]
  package var span: SourceSpan
}

package struct PropertyClaimSyntax: Sendable, Hashable {
  package var value: ExpressionSyntax
  package var rises: Bool
  package var with: ExpressionSyntax
  package var span: SourceSpan
}

/// `examples from "file.csv"`.
package struct ExamplesDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var file: FileReferenceSyntax
  package var span: SourceSpan
}
