import Attribution
import DataFields
import DecisionTrace
import PMML
import RuleLanguage

/// Scores rows with one model: an engine's scratch over a shared model.
struct ModelScorer: Sendable {
  let loaded: LoadedModel
  var space: ScoringWorkspace
  private var room: Attributor.Workspace?
  /// Whether `space` holds the row in hand, scored.
  var isScored = false
  /// Feeds by falling magnitude of their attribution; scratch.
  private var order: [Int] = []

  init(_ loaded: LoadedModel) {
    self.loaded = loaded
    space = loaded.model.makeWorkspace()
    room = loaded.attributor?.makeWorkspace()
  }

  /// Fills the slots of the model's results; they are missing where the model gives none.
  mutating func score(_ row: inout RuleRow, texts: inout TextInterner, keepSupplied: Bool) {
    isScored = false
    if keepSupplied, loaded.results.allSatisfy({ row.origin($0.slot) == .supplied }) { return }
    feed(row, texts)
    isScored = loaded.model.score(&space)
    for (result, slot) in loaded.results {
      if keepSupplied, row.origin(slot) == .supplied { continue }
      let value = isScored ? loaded.model.value(result, in: space) : .nan
      if value.isNaN {
        row.mark(slot, .missing, origin: .derived)
      } else if result.kind == .text {
        let text = loaded.model.text(result, in: space)
        row.set(slot, to: Int128(texts.intern(text)), origin: .derived)
      } else {
        row.set(slot, to: Int128(value.bitPattern), origin: .derived)
      }
    }
  }

  private mutating func feed(_ row: RuleRow, _ texts: TextInterner) {
    loaded.model.clear(&space)
    for feed in loaded.feeds where row.isPresent(feed.slot) {
      if case .text = feed.crossing {
        let text = texts.text(Int32(truncatingIfNeeded: row.value(feed.slot)))
        loaded.model.set(text: text, input: feed.input, in: &space)
      } else if let number = feed.number(row) {
        loaded.model.set(number: number, input: feed.input, in: &space)
      }
    }
  }

  /// What a trace says of the attributions of a score.
  struct Attributions {
    var baseValue: Double
    var output: Double
    /// The strongest by falling magnitude, with the positions of their feeds; ties by the order of the
    /// feeds.
    var features: [(index: Int, value: Double)]
    /// The sum of the others, and how many they are.
    var rest: Double
    var restCount: Int
    var check: Trace.AttributionCheck?
  }

  /// Writes the strongest attributions of the row that was last scored, and the sum of the others;
  /// none where they are worked out when the trace is read.
  ///
  /// - Parameter key: stands for the decision, where orders of fields are drawn.
  mutating func encodeAttributions(
    into encoder: inout TraceBodyEncoder, key: @autoclosure () -> UInt64
  ) {
    let isOnRead = loaded.plan.explanation?.isOnRead ?? false
    guard !isOnRead, let found = attributions(key: key()) else {
      encoder.attributionsAbsent()
      return
    }
    encoder.attributions(
      baseValue: found.baseValue, output: found.output, features: found.features,
      rest: found.rest, restCount: found.restCount, check: found.check)
  }

  /// The attributions of the row that was last scored; nil where there is nothing to attribute.
  mutating func attributions(key: @autoclosure () -> UInt64) -> Attributions? {
    guard isScored, let attributor = loaded.attributor, room != nil,
      let outcome = attribute(attributor, attributor.kind == .sampled ? key() : 0)
    else { return nil }
    let values = room?.attributions ?? []
    let errors = room?.errors ?? []
    order.removeAll(keepingCapacity: true)
    var rest = 0.0
    var restCount = 0
    // The errors of a sum add up at most.
    var restError = 0.0
    for field in values.indices {
      if loaded.feedOfField[field] != nil {
        order.append(field)
      } else if values[field] != 0 {
        // A field that is not fed is missing in every row, and may differ from the background.
        rest += values[field]
        restCount += 1
        if !errors.isEmpty { restError += errors[field] }
      }
    }
    order.sort {
      values[$0].magnitude != values[$1].magnitude
        ? values[$0].magnitude > values[$1].magnitude
        : (loaded.feedOfField[$0] ?? 0) < (loaded.feedOfField[$1] ?? 0)
    }
    let top = min(order.count, loaded.plan.explanation?.top ?? order.count)
    for field in order[top...] {
      rest += values[field]
      restCount += 1
      if !errors.isEmpty { restError += errors[field] }
    }
    var check = Self.check(outcome)
    if !errors.isEmpty {
      check?.errors = order[..<top].map { errors[$0] }
      check?.restError = restError
    }
    return Attributions(
      baseValue: attributor.baseValue, output: outcome.rawScore,
      features: order[..<top].map { (loaded.feedOfField[$0] ?? 0, values[$0]) },
      rest: rest, restCount: restCount, check: check)
  }

  /// What is said of how nearly attributions add up: nothing where that is rounding of double precision.
  private static func check(_ outcome: Attributor.Outcome) -> Trace.AttributionCheck? {
    if outcome.isAccurate, outcome.floatRounding == 0, outcome.evaluationCount == 0,
      outcome.tolerance.isFinite
    {
      return nil
    }
    return Trace.AttributionCheck(
      residual: outcome.residual, floatRounding: outcome.floatRounding,
      tolerance: outcome.tolerance, floatTolerance: outcome.floatTolerance,
      evaluationCount: outcome.evaluationCount)
  }

  private mutating func attribute(_ attributor: Attributor, _ key: UInt64) -> Attributor.Outcome? {
    guard var room else { return nil }
    // Taken out for the call, so that its arrays are not copied.
    self.room = nil
    defer { self.room = room }
    return attributor.attribute(space, key: key, &room)
  }
}
