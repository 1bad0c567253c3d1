/// A unit of numbers, and as a component its declaration: `unit person`, `currency HUF`.
///
/// `person(50)` is a number in it, `huf / person` a unit of quotients.
public struct RuleUnit: RulesetComponent {
  private var numerator: [String]
  private var denominator: [String] = []
  public private(set) var declarations: [Declaration]

  /// A unit of what is counted or measured.
  public init(_ name: String, fileID: String = #fileID, line: Int = #line) {
    self.init("unit", name, BuildPlace(fileID, line))
  }

  /// A currency, by its three letters (ISO 4217).
  public static func currency(
    _ code: String, fileID: String = #fileID, line: Int = #line
  ) -> RuleUnit {
    RuleUnit("currency", code, BuildPlace(fileID, line))
  }

  private init(_ word: String, _ name: String, _ place: BuildPlace) {
    numerator = [Spelling.name(name)]
    declarations = [Declaration(.unit, "\(word) \(Spelling.name(name))", place)]
  }

  var text: String {
    numerator.joined(separator: "*") + denominator.map { "/\($0)" }.joined()
  }

  /// A number in this unit.
  public func callAsFunction<Scope>(
    _ number: RuleExpression<Scope, Number>
  ) -> RuleExpression<Scope, Number> {
    RuleExpression("\(number.text) \(text)", number.binding)
  }

  /// The unit of quotients.
  public static func / (left: RuleUnit, right: RuleUnit) -> RuleUnit {
    var unit = left
    unit.numerator += right.denominator
    unit.denominator += right.numerator
    unit.declarations += right.declarations
    return unit
  }

  /// The unit of products.
  public static func * (left: RuleUnit, right: RuleUnit) -> RuleUnit {
    var unit = left
    unit.numerator += right.numerator
    unit.denominator += right.denominator
    unit.declarations += right.declarations
    return unit
  }
}
