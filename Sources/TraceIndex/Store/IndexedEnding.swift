internal import DecisionTrace
internal import TraceLog

/// What the index knows of how a decision ended.
///
/// Decisions of text, of ranks and of a few rules end in few ways, and each is kept in full. Where
/// outcomes are numbers, or many rules are collected, nearly every ending is another one: beyond
/// some thousands only a bucket of the outcome's hash is kept, which leaves out 255 of 256. What the
/// log then says decides, as always.
enum IndexedEnding: Sendable, Hashable {
  struct Exact: Sendable, Hashable {
    var decision: String
    var outcome: String?
    var refusal: String?
    var collected: [String]
    var rules: [String]
    var reasons: [String]
  }

  case exact(Exact)
  /// A decision, and a bucket of its outcome; nil for a list of outcomes, which may hold any.
  case coarse(decision: String, bucket: Int?)
  /// Nothing is known.
  case any
  /// The trace cannot be read.
  case unreadable

  static let bucketCount: UInt64 = 256

  /// - Parameter ending: nil if the trace cannot be read.
  static func exact(_ ending: TraceEnding?) -> IndexedEnding {
    guard let ending else { return .unreadable }
    return .exact(
      Exact(
        decision: ending.decision, outcome: ending.outcome,
        refusal: ending.refusal.map { TraceJSONWriter.name($0) }, collected: ending.collected,
        rules: ending.rules, reasons: ending.reasonCodes))
  }

  static func coarse(_ ending: TraceEnding?) -> IndexedEnding {
    guard let ending else { return .unreadable }
    return .coarse(
      decision: ending.decision,
      bucket: ending.collected.isEmpty ? bucket(of: ending.outcome ?? "") : nil)
  }

  static func bucket(of outcome: String) -> Int {
    Int(SubjectKey(outcome).hash % bucketCount)
  }

  /// Whether this is what the index may say of a trace that ended so.
  func describes(_ ending: TraceEnding?) -> Bool {
    switch self {
    case .exact, .unreadable: self == .exact(ending)
    case .coarse: self == .coarse(ending)
    case .any: true
    }
  }

  /// Whether a decision that ended so can be among those asked for.
  func mayMatch(_ query: TraceQuery) -> Bool {
    switch self {
    case .exact(let exact):
      func holds(_ wanted: String?, _ found: [String]) -> Bool {
        wanted.map { found.contains($0) } ?? true
      }
      return holds(query.decision, [exact.decision])
        && holds(query.outcome, exact.collected + (exact.outcome.map { [$0] } ?? []))
        && holds(query.rule, exact.rules)
        && holds(query.reason, exact.reasons + (exact.refusal.map { [$0] } ?? []))
    case .coarse(let decision, let bucket):
      let isWanted = query.decision.map { $0 == decision } ?? true
      guard isWanted, let bucket, let outcome = query.outcome else { return isWanted }
      return bucket == Self.bucket(of: outcome)
    case .any: return true
    case .unreadable: return !query.asksForEnding
    }
  }

  /// How many bytes its texts have.
  var textSize: Int {
    guard case .exact(let exact) = self else {
      if case .coarse(let decision, _) = self { return decision.utf8.count }
      return 0
    }
    let texts = [exact.decision, exact.outcome ?? ""] + exact.collected + exact.rules
    return (texts + exact.reasons).reduce(0) { $0 + $1.utf8.count }
  }
}
