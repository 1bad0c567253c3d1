public import DataFields

// An aggregate stands alone in a `Let`; others compute with its name.

extension RuleExpression {
  /// The sum over the subject's events.
  public func sum<Record>(over window: Window = .allTime) -> Value<Number>
  where Scope == EventScope<Record>, Kind == Number { aggregate("sum", window) }

  /// The exact mean over the subject's events.
  public func mean<Record>(over window: Window = .allTime) -> Value<Number>
  where Scope == EventScope<Record>, Kind == Number { aggregate("mean", window) }

  /// The least of the subject's events.
  public func min<Record>(over window: Window = .allTime) -> Value<Kind>
  where Scope == EventScope<Record>, Kind: MeasuredType { aggregate("min", window) }

  /// The greatest of the subject's events.
  public func max<Record>(over window: Window = .allTime) -> Value<Kind>
  where Scope == EventScope<Record>, Kind: MeasuredType { aggregate("max", window) }

  /// That of the subject's first event.
  public func first<Record>(over window: Window = .allTime) -> Value<Kind>
  where Scope == EventScope<Record> { aggregate("first", window) }

  /// That of the subject's last event.
  public func last<Record>(over window: Window = .allTime) -> Value<Kind>
  where Scope == EventScope<Record> { aggregate("last", window) }

  /// How many different values the subject's events have.
  public func countDistinct<Record>(over window: Window = .allTime) -> Value<Number>
  where Scope == EventScope<Record> { aggregate("count distinct", window) }

  private func aggregate<Result: RuleType>(
    _ function: String, _ window: Window
  ) -> Value<Result> {
    Value<Result>(aggregateText(function, operand(.sum), condition, window), .primary)
  }

  /// An amount in the currency of its event, in another by the rate of a day.
  ///
  /// - Parameter day: the property with the date of the rate.
  public func converted<Record, Day: FieldValue>(
    to currency: RuleUnit, by rates: Rates, at day: KeyPath<Record, Day>
  ) -> Self
  where Scope == EventScope<Record>, Kind == Number, Day.FieldKind == CalendarDate {
    let field = fields?[day] ?? "day"
    return Self(
      "\(operand(.primary)) to \(currency.text) by \(Spelling.name(rates.name)) at \(field)",
      .primary, fields: fields, condition: condition)
  }
}

extension EventStream {
  /// How many events the subject has.
  public func count(over window: Window = .allTime) -> Value<Number> {
    Value<Number>(
      aggregateText("count", Spelling.name(name), condition, window), .primary)
  }
}

private func aggregateText(
  _ function: String, _ argument: String, _ condition: String?, _ window: Window
) -> String {
  let filter = condition.map { " where \($0)" } ?? ""
  return "\(function)(\(argument)\(filter)) over \(window.text)"
}

// MARK: Windows

/// A time over which events are aggregated, and its declaration.
///
/// ```swift
/// let month = Window("month", .sliding(.days(30), by: .days(1)), late: .days(1))
/// ```
public struct Window: RulesetComponent {
  let text: String
  public let declarations: [Declaration]

  /// All events that a subject has had; nothing to declare.
  public static var allTime: Window { Window(text: "all time", declarations: []) }

  private init(text: String, declarations: [Declaration]) {
    self.text = text
    self.declarations = declarations
  }

  /// - Parameter lateness: how long after a window's end its events are still waited for.
  public init(
    _ name: String, _ shape: WindowShape, late lateness: RuleDuration? = nil,
    fileID: String = #fileID, line: Int = #line
  ) {
    text = Spelling.name(name)
    let late = lateness.map { ", late up to \($0.text)" } ?? ""
    declarations = [
      Declaration(.window, "window \(text) = \(shape.text)\(late)", BuildPlace(fileID, line))
    ]
  }
}

/// How windows follow each other.
public struct WindowShape: Sendable {
  let text: String

  /// One after the other.
  public static func tumbling(_ extent: RuleDuration) -> Self {
    Self(text: "\(extent.text) tumbling")
  }
  /// A new one each time so much time has passed.
  public static func sliding(_ extent: RuleDuration, by slide: RuleDuration) -> Self {
    Self(text: "\(extent.text) sliding by \(slide.text)")
  }
  /// Until no event came for so long.
  public static func session(gap: RuleDuration) -> Self { Self(text: "session gap \(gap.text)") }
}

/// A whole number of seconds, minutes, hours or days.
public struct RuleDuration: Sendable {
  let text: String

  public static func seconds(_ count: Int) -> Self { Self(text: "\(Spelling.integer(count)) s") }
  public static func minutes(_ count: Int) -> Self { Self(text: "\(Spelling.integer(count)) min") }
  public static func hours(_ count: Int) -> Self { Self(text: "\(Spelling.integer(count)) h") }
  public static func days(_ count: Int) -> Self { Self(text: "\(Spelling.integer(count)) d") }
}
