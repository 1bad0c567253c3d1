public import DataFields

/// The record of one decision: what was known, which thresholds and rules it met, what came of it
/// and why.
///
/// A trace is read from the bytes of its body and its ``TraceSchema``; nothing in it needs the
/// engine that made the decision.
public struct Trace: Sendable, Hashable {
  /// Names the decision: a function of its input alone, without clock or randomness.
  public struct Identifier: Sendable, Hashable {
    /// The source: its file's digest, or the name of a pipe.
    public var source: String
    /// The number of the record, from 1.
    public var record: Int
    /// Which of several events within the record, from 0.
    public var index: Int
    /// The decision's name in the ruleset.
    public var decision: String
  }

  /// A value with its unit, as it is printed.
  public enum Content: Sendable, Hashable {
    case boolean(Bool)
    /// An exact number; `digits` after the point are printed, rounded half to even.
    case number(Quotient, scale: Int, digits: Int, unit: MeasurementUnit)
    case date(CalendarDate)
    case text(String)
    case double(Double)
    /// The outcomes of a decision that collects them, in the order of the rules.
    case list([Content])
  }

  /// A value that the decision rests on.
  public struct Value: Sendable, Hashable {
    /// Name, type, unit and definition.
    public var field: TraceSchema.Field
    /// Whether there is a value, and if not, why.
    public var state: ValueState
    /// Where it came from.
    public var origin: ValueOrigin
    /// Nil unless the state is *present*.
    public var content: Content?
    /// Unless *open*, nothing is known of the value: it reads as missing and derived, and is not.
    public var visibility = Visibility.open
  }

  /// A cut point seen from the value: the signed distance between them.
  public struct Margin: Sendable, Hashable {
    /// Named after the level that begins there: `size.M`.
    public var cutPointName: String
    /// The cut point, in the value's unit.
    public var cutPoint: Content
    /// Value minus cut point, in the value's unit; for dates, in days.
    public var distance: Content
    /// The distance as a share of the cut point; nil if the cut point is zero or a date.
    public var relative: Double?
    /// The level on the far side of the cut point.
    public var levelBeyond: String
    /// Whether the value lies exactly on the cut point, or a score within 8 units in the last
    /// place of it.
    public var isKnifeEdge: Bool
    /// Whether the value belongs to the interval above the cut point.
    public var isAbove: Bool
    /// Whether a value on the cut point counts as below it (`up to`), not as above (`below`).
    public var belongsBelow: Bool
  }

  /// The level that a value was given, with the margins to every cut point.
  public struct Rank: Sendable, Hashable {
    /// The rank's name, levels and cut points.
    public var schema: TraceSchema.Rank
    /// Index in ``Trace/values`` of the value that was ranked.
    public var value: Int
    /// The level's position from the lowest; nil if the value is not present.
    public var level: Int?
    /// One for each cut point, rising along the axis.
    public var margins: [Margin]
  }

  /// What became of a rule, a row of a table, or `otherwise`.
  public struct Rule: Sendable, Hashable {
    /// A rule is not reached where an earlier one decided.
    public enum State: UInt8, Sendable, Hashable, CaseIterable {
      case notReached, held, failed
    }

    /// The rule's name, condition, clauses and reason.
    public var schema: TraceSchema.Rule
    /// Not reached, held or failed.
    public var state: State
    /// The clause that decided: the one that failed, or the last one that held.
    public var decidingClause: TraceSchema.Clause?
  }

  /// What one feature contributed to a model's output.
  public struct Attribution: Sendable, Hashable {
    /// The model's active field.
    public var feature: String
    /// The Shapley value, in the units of the attributed output.
    public var value: Double
    /// What was fed, as it is printed; nil if it is missing.
    public var input: Content?

    package init(feature: String, value: Double, input: Content?) {
      self.feature = feature
      self.value = value
      self.input = input
    }
  }

  /// A model's part in the decision: base value + attributions + rest = output.
  public struct Model: Sendable, Hashable {
    /// The model's name, file, digest and features.
    public var schema: TraceSchema.Model
    /// The strongest attributions, by falling magnitude.
    public var attributions: [Attribution]
    /// The sum of the others, and how many they are.
    public var rest: Double
    /// How many attributions `rest` sums.
    public var restCount: Int
    /// The expected output over the background, when nothing is known of the row.
    public var baseValue: Double
    /// What base value and attributions add up to.
    public var output: Double
    /// Whether the ruleset asks for attributions and the row has them; false where they are left to
    /// whoever reads the trace, until they are worked out.
    public var hasAttributions: Bool
    /// How nearly they add up; nil where they do but for rounding of double precision.
    public var check: AttributionCheck?
    /// Unless *open*, nothing is known of its attributions.
    public var visibility = Visibility.open
  }

  /// Why there is no decision.
  public enum Refusal: UInt8, Sendable, Hashable, CaseIterable {
    case missing, outOfRange, overflow, conflict, noRule, dependsOnRefused, notScored
  }

  /// How the decision ended.
  public enum Result: Sendable, Hashable {
    /// The outcome, after any override, and the rule that decided (index in ``Trace/rules``).
    case decided(outcome: Content, rule: Int)
    /// No decision; the subject's previous one stands. `field` names the value at fault.
    case refused(Refusal, field: String?, rules: [Int])
  }

  /// A rate by which an amount of the event that led to the decision was converted.
  public struct Conversion: Sendable, Hashable {
    /// The currency of the amount.
    public var currency: String
    /// The currency that it was converted to.
    public var target: String
    /// How much of the target one unit of the currency is.
    public var rate: Content
    /// The day on which the rate was set: the event's, or one shortly before it.
    public var date: CalendarDate
  }

  /// An override in force.
  public struct OverrideRecord: Sendable, Hashable {
    /// Its name, authority, reason code and last day.
    public var schema: TraceSchema.Override
    /// The outcome that the rules gave.
    public var replaced: Content
  }

  /// What the values, ranks, rules and models of this decision are.
  public var schema: TraceSchema
  /// The SHA-256 of the schema's bytes, which the body names.
  public var schemaDigest: Digest
  /// Names this decision among all.
  public var id: Identifier
  /// Whether what belongs to the person was read: the subject, the lineage, and the values and
  /// models that say so themselves.
  public var visibility: Visibility
  /// Whom the decision is about; empty unless the trace is *open*.
  public var subject: String
  /// The day for which it was made: `--as-of`, else the event's.
  public var asOf: CalendarDate?
  /// One for each of the schema's fields, in their order.
  public var values: [Value]
  /// One for each of the schema's ranks.
  public var ranks: [Rank]
  /// One for each of the schema's rules, `otherwise` last.
  public var rules: [Rule]
  /// One for each of the schema's models.
  public var models: [Model]
  /// The outcome with the rule that decided, or the refusal.
  public var result: Result
  /// The override in force, if there is one.
  public var override: OverrideRecord?
  /// The subject's outcome before this decision.
  public var previousOutcome: String?
  /// How many events of the subject contributed, and the head of the hash chain over them; 0 and nil
  /// unless the trace is *open*.
  public var lineageLength: Int
  /// Nil where no event contributed.
  public var lineageHead: Digest?
  /// The rates of the event that led to the decision; the table's digest is among the artefacts.
  public var conversions: [Conversion]
  /// The body, or what of it was read: the part that anybody may read, unless the trace is *open*.
  public var body: [UInt8]
}
