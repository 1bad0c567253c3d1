package import DataFields
package import SourceDiagnostics

/// An expression or a condition as written.
package struct ExpressionSyntax: Sendable, Hashable {
  package var id: NodeID
  package var kind: Kind
  package var span: SourceSpan

  package init(id: NodeID, kind: Kind, span: SourceSpan) {
    self.id = id
    self.kind = kind
    self.span = span
  }

  package indirect enum Kind: Sendable, Hashable {
    case number(NumberSyntax)
    case date(CalendarDate)
    case text(String)
    case boolean(Bool)
    /// `size`, `enterprise.employees`.
    case reference([NameSyntax])
    /// `each invoice.items`, `each invoice.items.quantity`.
    case each([NameSyntax])
    case negation(ExpressionSyntax)
    case arithmetic(ArithmeticOperator, ExpressionSyntax, ExpressionSyntax)
    /// `a == b == c`: as many operators as operands, less one.
    case comparison([ExpressionSyntax], [Comparison])
    case and([ExpressionSyntax])
    case or([ExpressionSyntax])
    case not(ExpressionSyntax)
    /// `x in 1 ... 5`.
    case within(ExpressionSyntax, RangeSyntax)
    /// `x in ("a", "b")`.
    case oneOf(ExpressionSyntax, [ExpressionSyntax])
    /// `"call" in offers`: whether a list of outcomes has one.
    case member(ExpressionSyntax, of: [NameSyntax])
    /// `("call", "mail")`: a list of outcomes, as a test expects it.
    case tuple([ExpressionSyntax])
    /// `x in list "file.csv" sha256 "..."`.
    case inList(ExpressionSyntax, ListSyntax)
    case aggregate(AggregateSyntax)
    /// `x to HUF by huf at issued`.
    case conversion(ExpressionSyntax, currency: NameSyntax, rates: NameSyntax, at: NameSyntax)
    case asFloat(ExpressionSyntax)
    /// `invoice where payable >= 0`.
    case filtered(ExpressionSyntax, where: ExpressionSyntax)
    /// What could not be parsed; reported where it stands, and silent afterwards.
    case fault
    /// `x is missing`, `x is present`.
    case presence(ExpressionSyntax, isMissing: Bool)
  }
}

package enum ArithmeticOperator: String, Sendable, Hashable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
}

/// `1 ... 1_000_000`, `a ..< b`.
package struct RangeSyntax: Sendable, Hashable {
  package var lower: ExpressionSyntax
  package var upper: ExpressionSyntax
  package var includesUpper: Bool
  package var span: SourceSpan
}

/// `list "reference/do-not-contact.csv" sha256 "..." column "PARTY_ID"`.
package struct ListSyntax: Sendable, Hashable {
  package var file: FileReferenceSyntax
  package var column: TextSyntax?
  package var span: SourceSpan
}

/// `mean(kept.payable to HUF by huf at issued where ...) over all time`.
package struct AggregateSyntax: Sendable, Hashable {
  package var function: AggregateFunction
  package var functionSpan: SourceSpan
  package var argument: ExpressionSyntax
  package var filter: ExpressionSyntax?
  package var window: WindowReferenceSyntax?
}

package enum AggregateFunction: String, Sendable, Hashable, CaseIterable {
  case sum, mean, count, min, max, first, last
  case countDistinct = "count distinct"
}

/// `over all time`, or `over` a named window.
package struct WindowReferenceSyntax: Sendable, Hashable {
  /// Nil for all time.
  package var name: NameSyntax?
  package var span: SourceSpan
}
