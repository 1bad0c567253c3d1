public import DataFields

/// A value cut into the levels of a scale, and its declaration.
public typealias Rank<Scale: RuleScale> = RuleExpression<Subject, Scale>

extension RuleExpression where Scope == Subject, Kind: RuleScale {
  /// Cuts a value into levels, each listed with where it ends; the last is the rest.
  ///
  /// ```swift
  /// let size = Rank("size", of: Size.self, by: enterprise.employees) {
  ///   Size.small.below(person(50))
  ///   Size.medium.below(person(250))
  ///   Size.large.otherwise
  /// }
  /// ```
  public init<Axis: MeasuredType>(
    _ name: String, of scale: Kind.Type = Kind.self, by value: Value<Axis>,
    fileID: String = #fileID, line: Int = #line,
    @RankLevelsBuilder<Kind, Axis> levels: () -> [RankLevel<Kind, Axis>]
  ) {
    let head =
      "rank \(Spelling.name(name)): \(Spelling.name(scale.scaleName)) by \(value.operand(.sum))"
    self.init(
      Spelling.name(name), .primary,
      declared: Declaration(
        .rank, block: head, levels().map(\.line), BuildPlace(fileID, line)))
  }
}

/// A level of a rank, and where it ends.
public struct RankLevel<Scale: RuleScale, Axis: MeasuredType>: Sendable {
  let line: BuiltLine
}

/// The last level of a rank.
public struct LastLevel<Scale: RuleScale>: Sendable {
  let level: Scale
}

extension RuleScale {
  /// The level ends below a value, which belongs to the next.
  public func below<Axis: NumberLiteralType>(
    _ bound: Value<Axis>, fileID: String = #fileID, line: Int = #line
  ) -> RankLevel<Self, Axis> {
    RankLevel(
      line: BuiltLine("\(ruleText) below \(bound.operand(.sum))", BuildPlace(fileID, line)))
  }

  /// The level ends before a day, which belongs to the next.
  public func before(
    _ bound: Value<CalendarDate>, fileID: String = #fileID, line: Int = #line
  ) -> RankLevel<Self, CalendarDate> {
    RankLevel(
      line: BuiltLine("\(ruleText) before \(bound.operand(.sum))", BuildPlace(fileID, line)))
  }

  /// The level ends with a value, which belongs to it.
  public func upTo<Axis: MeasuredType>(
    _ bound: Value<Axis>, fileID: String = #fileID, line: Int = #line
  ) -> RankLevel<Self, Axis> {
    RankLevel(
      line: BuiltLine("\(ruleText) up to \(bound.operand(.sum))", BuildPlace(fileID, line)))
  }

  /// The level of the rest.
  public var otherwise: LastLevel<Self> { LastLevel(level: self) }
}

/// Collects the levels of a rank along its axis.
@resultBuilder public enum RankLevelsBuilder<Scale: RuleScale, Axis: MeasuredType> {
  public typealias Levels = [RankLevel<Scale, Axis>]

  public static func buildExpression(_ level: RankLevel<Scale, Axis>) -> Levels { [level] }

  public static func buildExpression(
    _ level: LastLevel<Scale>, fileID: String = #fileID, line: Int = #line
  ) -> Levels {
    let text = "\(level.level.ruleText) otherwise"
    return [RankLevel(line: BuiltLine(text, BuildPlace(fileID, line)))]
  }

  public static func buildBlock(_ parts: Levels...) -> Levels { parts.flatMap { $0 } }
  public static func buildArray(_ parts: [Levels]) -> Levels { parts.flatMap { $0 } }
}
