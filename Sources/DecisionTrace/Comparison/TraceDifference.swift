import DataFields

/// One thing that two traces of a decision say differently, by the names that their schemas give.
package struct TraceDifference: Sendable, Hashable {
  /// The part of a trace in which it stands.
  package enum Part: String, Sendable, Hashable, CaseIterable {
    case identity, value, rank, rule, model, result, override, previous, lineage, conversion, bytes
  }

  package var part: Part
  /// The value, rank, rule or what else it is about.
  package var name: String
  /// What the first and the second trace say; nil where a trace has no such thing. Masked values stay
  /// masked.
  package var before: String?
  package var after: String?
  /// How many doubles lie between two that differ; nil unless both are doubles.
  package var ulps: UInt64?
  /// Whether a value that was ranked lies on a cut point, or a score within 8 units in the last place
  /// of one.
  package var isKnifeEdge: Bool

  package init(
    _ part: Part, _ name: String, before: String?, after: String?, ulps: UInt64? = nil,
    isKnifeEdge: Bool = false
  ) {
    self.part = part
    self.name = name
    self.before = before
    self.after = after
    self.ulps = ulps
    self.isKnifeEdge = isKnifeEdge
  }

  /// How far apart two results of one computation may lie under another C library.
  package static let roundingUlps: UInt64 = 8

  /// Whether differences are no more than another rounding of functions of the C library, and what
  /// follows where a score lies on the edge.
  package static func areRounding(_ differences: [TraceDifference]) -> Bool {
    var mayFollow = false
    for difference in differences where difference.part == .rank {
      guard difference.isKnifeEdge, difference.isWithinRounding else { return false }
      mayFollow = true
    }
    return differences.allSatisfy { difference in
      switch difference.part {
      case .rank: true
      case .value, .model: difference.isWithinRounding
      case .rule, .result, .override: mayFollow
      case .identity, .previous, .lineage, .conversion, .bytes: false
      }
    }
  }

  private var isWithinRounding: Bool { ulps.map { $0 <= Self.roundingUlps } ?? false }

  /// How many doubles lie between two; nil if one is no number.
  static func ulps(_ left: Double, _ right: Double) -> UInt64? {
    if left.isNaN || right.isNaN { return nil }
    // Sign and magnitude, as one axis through zero.
    func place(_ number: Double) -> Int64 {
      let bits = Int64(bitPattern: number.bitPattern)
      return bits < 0 ? Int64.min &- bits : bits
    }
    return UInt64(bitPattern: max(place(left), place(right)) &- min(place(left), place(right)))
  }
}
