/// One token of a rule file: a kind and the bytes it covers.
package struct Token: Sendable, Hashable {
  package var kind: TokenKind
  /// Byte offsets in the file.
  package var range: Range<Int>
  /// Whether a line break (or the start of the file) stands before it.
  package var startsLine: Bool

  package init(kind: TokenKind, range: Range<Int>, startsLine: Bool) {
    self.kind = kind
    self.range = range
    self.startsLine = startsLine
  }
}

/// The kinds of token. Keywords are not among them: every word is a name to the lexer, and the
/// parser knows from the place what it means, so that a field may be called `key` or `score`.
package enum TokenKind: Sendable, Hashable {
  case name
  /// Digits with `_` between them, and at most one point with digits on both sides.
  case number
  /// `2021-01-01`: whether the day exists is checked by the parser.
  case date
  /// A text in double quotes, with the quotes.
  case string
  case leftBrace, rightBrace, leftParenthesis, rightParenthesis, leftBracket, rightBracket
  case comma, colon, dot
  case equal, equalEqual, notEqual, less, lessEqual, greater, greaterEqual
  case plus, minus, star, slash
  case arrow
  /// `...`, both ends included.
  case closedRange
  /// `..<`, the upper end left out.
  case halfOpenRange
  /// `|` and `||`, the column separators of a table.
  case bar, doubleBar
  /// Bytes that no token begins with; reported by the lexer, skipped by the parser.
  case unknown
  case endOfFile

  /// How a message names it.
  package var description: String {
    switch self {
    case .name: "a name"
    case .number: "a number"
    case .date: "a date"
    case .string: "a text"
    case .leftBrace: "`{`"
    case .rightBrace: "`}`"
    case .leftParenthesis: "`(`"
    case .rightParenthesis: "`)`"
    case .leftBracket: "`[`"
    case .rightBracket: "`]`"
    case .comma: "`,`"
    case .colon: "`:`"
    case .dot: "`.`"
    case .equal: "`=`"
    case .equalEqual: "`==`"
    case .notEqual: "`!=`"
    case .less: "`<`"
    case .lessEqual: "`<=`"
    case .greater: "`>`"
    case .greaterEqual: "`>=`"
    case .plus: "`+`"
    case .minus: "`-`"
    case .star: "`*`"
    case .slash: "`/`"
    case .arrow: "`->`"
    case .closedRange: "`...`"
    case .halfOpenRange: "`..<`"
    case .bar: "`|`"
    case .doubleBar: "`||`"
    case .unknown: "an unknown character"
    case .endOfFile: "the end of the file"
    }
  }
}

/// A comment: kept for the formatter and for documentation, never part of a digest.
package struct RuleComment: Sendable, Hashable {
  package var range: Range<Int>
  /// `///`: documents the declaration that follows.
  package var isDocumentation: Bool
  /// The index of the token that follows it.
  package var beforeToken: Int
}

/// The tokens and comments of one file. The last token is always the end of the file.
package struct TokenizedFile: Sendable {
  package var file: Int
  package var tokens: [Token]
  package var comments: [RuleComment]
  /// How many faults were found beyond those that are reported.
  package var faultsLeftOut = 0
}
