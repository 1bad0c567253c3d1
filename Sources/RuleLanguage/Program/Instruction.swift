package import DataFields

/// One step of straight-line arithmetic on a row: `destination = operation(left, right)`.
///
/// Operands are slots; types, scales and units were checked when the ruleset was compiled. A state
/// that is not *present* passes through: the result takes the worse state of the operands.
package struct Instruction: Sendable, Hashable {
  package enum Operation: UInt8, Sendable, Hashable {
    /// `left`, unchanged.
    case copy
    /// Whole or scaled numbers of one scale.
    case add, subtract, multiply, negate
    /// `left` x 10^k, where k is the value of `right`: to bring two decimals to one scale.
    case scaleUp
    /// Exact fractions (a whole or scaled number is a fraction over 1).
    case addQuotient, subtractQuotient, multiplyQuotient, divideQuotient
    /// `left` where present, else `right`: the `missing` value.
    case coalesce
    /// `left`, out of range where it lies below `right`, or above it; in place.
    case atLeast, atMost
    /// The result so far, in place; where `left` is not present, its state instead.
    case require
    /// `left` as a boolean: the condition whose root is node `right`; `left` is unused.
    case condition
    /// Conversion number `right` of ``ConversionPlan``s; `left` is unused. Event rows only.
    case convert
  }

  package var operation: Operation
  package var left: Int32
  package var right: Int32
  package var destination: Int32

  package init(_ operation: Operation, _ left: Int, _ right: Int, to destination: Int) {
    self.operation = operation
    self.left = Int32(left)
    self.right = Int32(right)
    self.destination = Int32(destination)
  }
}

/// How two values compare.
package enum Comparison: UInt8, Sendable, Hashable {
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

  /// Whether the comparison holds for an order of -1, 0 or 1.
  @inlinable
  package func holds(for order: Int) -> Bool {
    switch self {
    case .equal: order == 0
    case .notEqual: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }

  /// As rules write it.
  package var symbol: String {
    switch self {
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    }
  }
}

/// A node of a condition. Conditions are stored in pre-order: the children of node i follow it, and
/// `end` is the index after its last descendant.
package struct ConditionNode: Sendable, Hashable {
  package enum Kind: UInt8, Sendable, Hashable {
    /// All children hold (true without children); tried in order, the first that fails decides.
    case all
    /// Some child holds; tried in order, the first that holds decides.
    case any
    /// The one child does not hold.
    case not
    /// Two values compared as words: whole numbers, decimals of one scale, dates, ranks, texts.
    case compareWords
    /// Two exact fractions.
    case compareQuotients
    /// Two doubles (bit patterns); a comparison with NaN does not hold.
    case compareDoubles
    /// `left` is a text whose code is in list number `right`.
    case inList
    /// `left` is present, missing.
    case isPresent, isMissing
    /// `left` is a boolean that is true.
    case isTrue
  }

  package var kind: Kind
  package var comparison: Comparison
  package var left: Int32
  package var right: Int32
  package var end: Int32
  /// The ``ClauseLabel`` of a leaf; -1 for a node with children.
  package var clause: Int32

  package init(
    _ kind: Kind, _ comparison: Comparison = .equal, left: Int = -1, right: Int = -1,
    end: Int, clause: Int = -1
  ) {
    self.kind = kind
    self.comparison = comparison
    self.left = Int32(left)
    self.right = Int32(right)
    self.end = Int32(end)
    self.clause = Int32(clause)
  }
}

/// What a trace says of a leaf of a condition.
package struct ClauseLabel: Sendable, Hashable {
  /// The leaf as the ruleset writes it: `amount == size`.
  package var text: String
  /// The slots whose values it compared; -1 where there is none (a constant is part of the text).
  package var left: Int
  package var right: Int
  package var comparison: Comparison?
  package var line: Int

  package init(text: String, left: Int, right: Int, comparison: Comparison?, line: Int) {
    self.text = text
    self.left = left
    self.right = right
    self.comparison = comparison
    self.line = line
  }
}

/// Arithmetic and conditions over one row layout: the rule row, or an event's row.
package struct RowCode: Sendable {
  package var layout: RowLayout
  package var instructions: [Instruction]
  package var conditions: [ConditionNode]
  package var clauses: [ClauseLabel]

  package init(
    layout: RowLayout = RowLayout(), instructions: [Instruction] = [],
    conditions: [ConditionNode] = [], clauses: [ClauseLabel] = []
  ) {
    self.layout = layout
    self.instructions = instructions
    self.conditions = conditions
    self.clauses = clauses
  }
}
