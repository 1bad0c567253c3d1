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
  }

  public struct Value: Sendable, Hashable {
    public var field: TraceSchema.Field
    public var state: ValueState
    public var origin: ValueOrigin
    /// Nil unless the state is *present*.
    public var content: Content?
  }

  /// A cut point seen from the value: the signed distance between them.
  public struct Margin: Sendable, Hashable {
    public var cutPointName: String
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
    public var isAbove: Bool
    /// Whether a value on the cut point counts as below it (`up to`), not as above (`below`).
    public var belongsBelow: Bool
  }

  public struct Rank: Sendable, Hashable {
    public var schema: TraceSchema.Rank
    /// Index in ``Trace/values`` of the value that was ranked.
    public var value: Int
    /// The level's position from the lowest; nil if the value is not present.
    public var level: Int?
    /// One for each cut point, rising along the axis.
    public var margins: [Margin]
  }

  public struct Rule: Sendable, Hashable {
    public enum State: UInt8, Sendable, Hashable, CaseIterable {
      case notReached, held, failed
    }

    public var schema: TraceSchema.Rule
    public var state: State
    /// The clause that decided: the one that failed, or the last one that held.
    public var decidingClause: TraceSchema.Clause?
  }

  public struct Attribution: Sendable, Hashable {
    public var feature: String
    /// The Shapley value, in the units of the attributed output.
    public var value: Double
    /// What was fed, as it is printed; nil if it is missing.
    public var input: Content?
  }

  public struct Model: Sendable, Hashable {
    public var schema: TraceSchema.Model
    /// The strongest attributions, by falling magnitude.
    public var attributions: [Attribution]
    /// The sum of the others, and how many they are.
    public var rest: Double
    public var restCount: Int
    public var baseValue: Double
    /// What base value and attributions add up to.
    public var output: Double
    public var hasAttributions: Bool
  }

  public enum Refusal: UInt8, Sendable, Hashable, CaseIterable {
    case missing, outOfRange, overflow, conflict, noRule, dependsOnRefused, notScored
  }

  public enum Result: Sendable, Hashable {
    /// The outcome, after any override, and the rule that decided (index in ``Trace/rules``).
    case decided(outcome: Content, rule: Int)
    /// No decision; the subject's previous one stands. `field` names the value at fault.
    case refused(Refusal, field: String?, rules: [Int])
  }

  public struct OverrideRecord: Sendable, Hashable {
    public var schema: TraceSchema.Override
    public var replaced: Content
  }

  public var schema: TraceSchema
  public var schemaDigest: Digest
  public var id: Identifier
  public var subject: String
  public var asOf: CalendarDate?
  public var values: [Value]
  public var ranks: [Rank]
  public var rules: [Rule]
  public var models: [Model]
  public var result: Result
  public var override: OverrideRecord?
  /// The subject's outcome before this decision.
  public var previousOutcome: String?
  /// How many events of the subject contributed, and the head of the hash chain over them.
  public var lineageLength: Int
  public var lineageHead: Digest?
  /// The body as stored: what digests and proofs are taken over.
  public var body: [UInt8]
}
