package import SourceDiagnostics

/// `let per_head = average / enterprise.employees`.
package struct LetDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  package var value: ExpressionSyntax
  package var missing: MissingSyntax?
  package var actionability: ActionabilitySyntax?
  package var domain: RangeSyntax?
  package var isPersonal = false
  package var span: SourceSpan
}

/// `scale Size: S < M < L { S "small" ... }`.
package struct ScaleDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  package var levels: [NameSyntax]
  package var titles: [LevelTitleSyntax]
  package var span: SourceSpan
}

package struct LevelTitleSyntax: Sendable, Hashable {
  package var level: NameSyntax
  package var title: TextSyntax
}

/// `align Life with Rate`.
package struct AlignDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var left: NameSyntax
  package var right: NameSyntax
  package var span: SourceSpan
}

/// `rank size: Size by enterprise.employees { ... }`.
package struct RankDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  package var scale: NameSyntax
  package var value: ExpressionSyntax
  package var levels: [RankLevelSyntax]
  package var span: SourceSpan
}

/// `S below 50 person`, `L otherwise`.
package struct RankLevelSyntax: Sendable, Hashable {
  package var level: NameSyntax
  /// Nil for `otherwise`.
  package var bound: Bound?
  package var span: SourceSpan

  package struct Bound: Sendable, Hashable {
    package var word: Word
    package var wordSpan: SourceSpan
    package var value: ExpressionSyntax
  }

  /// On which side of the level the boundary lies.
  package enum Word: String, Sendable, Hashable {
    case below, before
    case upTo = "up to"
  }
}

/// `model premium from "../models/premium.pmml" sha256 "..." { ... }`.
package struct ModelDeclaration: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  package var file: FileReferenceSyntax
  package var feeds: [FeedSyntax]
  package var results: [ModelResultSyntax]
  package var explanation: ExplanationSyntax?
  package var span: SourceSpan
}

/// `INVOICE_COUNT = invoices as float`.
package struct FeedSyntax: Sendable, Hashable {
  package var field: NameSyntax
  package var value: ExpressionSyntax
}

/// `score p = probability("1") in 0 ... 1`, `label c = cluster`.
package struct ModelResultSyntax: Sendable, Hashable {
  package var id: NodeID
  package var name: NameSyntax
  package var isLabel: Bool
  package var result: NameSyntax
  package var argument: TextSyntax?
  package var domain: RangeSyntax?
  package var span: SourceSpan
}

/// `explain by tree shap, top 5, against background "rows.csv" sha256 "..."`.
package struct ExplanationSyntax: Sendable, Hashable {
  package var method: [NameSyntax]
  package var top: Int?
  package var expectation: ScoreExpectationSyntax?
  /// Where `on read` stands.
  package var onRead: SourceSpan?
  package var span: SourceSpan
}

/// What a score is set against; spans are those of the words that say so.
package enum ScoreExpectationSyntax: Sendable, Hashable {
  /// `against background "rows.csv" sha256 "..."`.
  case background(FileReferenceSyntax)
  /// `against background ModelStats`.
  case modelStats(SourceSpan)
  /// `against covers "covers.csv" sha256 "..."`.
  case covers(FileReferenceSyntax)
  /// `against record counts`.
  case recordCounts(SourceSpan)
  /// `against uniform branches`.
  case uniformBranches(SourceSpan)
}
