package import SourceDiagnostics

/// `input enterprise from "static" { ... }`, `event invoice from "invoices" by party = ... { ... }`.
package struct RecordDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  package var source: TextSyntax
  /// For an event: its field that names the subject, and the key of the input it must equal.
  package var subject: SubjectSyntax?
  package var fields: [FieldDeclaration]
  package var isEvent: Bool
  /// Whether every field could be parsed.
  package var isWhole = true
  package var span: SourceSpan
}

/// `by party = enterprise.id`.
package struct SubjectSyntax: Sendable, Hashable {
  package var field: NameSyntax
  package var key: ExpressionSyntax
}

/// One line of an input or event.
package struct FieldDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  package var type: FieldTypeSyntax
  package var column: TextSyntax?
  package var isKey = false
  package var isTime = false
  package var isPersonal = false
  package var maskKeeping: Int?
  package var maskSpan: SourceSpan?
  package var domain: RangeSyntax?
  /// `in currency`: the event field that says in which currency the amount is.
  package var currencyField: NameSyntax?
  package var missing: MissingSyntax?
  package var missingTexts: [TextSyntax] = []
  package var actionability: ActionabilitySyntax?
  package var span: SourceSpan
}

/// The declared type of a field.
package struct FieldTypeSyntax: Sendable, Hashable {
  package var kind: Kind
  package var unit: UnitSyntax?
  package var span: SourceSpan

  package enum Kind: Sendable, Hashable {
    case text, code, date, boolean, integer
    case decimal(digits: Int)
    /// `list of { ... }`; of `list of text`, the one field has no name.
    case list([FieldDeclaration])
    case fault
  }
}

/// `unit person`, `currency HUF`.
package struct UnitDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  package var isCurrency: Bool
}

/// `rates huf from "reference/huf-rates.csv" sha256 "..." { ... }`.
package struct RatesDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  package var file: FileReferenceSyntax
  package var dateColumn: TextSyntax?
  package var currencyColumn: TextSyntax?
  package var rateColumn: TextSyntax?
  package var rateDigits: Int?
  /// `previous within 7 d`: how old a rate may be.
  package var maximumAgeInDays: Int?
  package var span: SourceSpan
}

/// `window month = 30 d sliding by 1 d, late up to 1 d`, `window visit = session gap 30 min`.
package struct WindowDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  /// How long the window is, or how long a pause ends a session.
  package var extent: DurationSyntax
  package var isSession: Bool
  /// Nil for windows that do not overlap.
  package var slide: DurationSyntax?
  package var lateness: DurationSyntax?
  package var span: SourceSpan
}

/// `30 d`, `30 min`.
package struct DurationSyntax: Sendable, Hashable {
  package var seconds: Int
  package var span: SourceSpan
}
