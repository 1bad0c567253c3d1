package import DecisionTrace

/// A number line of the intervals that a rank's cut points make, with a mark where the value lies:
/// `────│────│──●─`.
///
/// Intervals are drawn equally wide. Within a bounded one the mark is where the value is; in an
/// open one it approaches the end as the value moves away from the cut point.
package struct Gauge: Sendable, Hashable {
  package var intervals: Int
  /// The interval of the value and how far it is within, from 0 to 1; nil if there is no value.
  package var place: (interval: Int, share: Double)?

  package static func == (left: Self, right: Self) -> Bool {
    left.intervals == right.intervals && left.place?.interval == right.place?.interval
      && left.place?.share == right.place?.share
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(intervals)
    hasher.combine(place?.interval)
    hasher.combine(place?.share)
  }

  package init(intervals: Int, place: (interval: Int, share: Double)?) {
    self.intervals = intervals
    self.place = place
  }

  /// Of a masked value the interval alone is shown.
  package init(_ rank: Trace.Rank, value: Trace.Value) {
    intervals = rank.schema.cutPoints.count + 1
    guard let content = value.content, let x = content.position,
      rank.margins.count == rank.schema.cutPoints.count
    else { return }
    let cuts = rank.margins.compactMap { $0.cutPoint.position }
    guard cuts.count == rank.margins.count else { return }
    let interval = rank.margins.count { $0.isAbove }
    let lower = interval > 0 ? cuts[interval - 1] : nil
    let upper = interval < cuts.count ? cuts[interval] : nil
    place = (interval, value.isMasked ? 0.5 : Self.share(of: x, above: lower, below: upper))
  }

  private static func share(of x: Double, above lower: Double?, below upper: Double?) -> Double {
    switch (lower, upper) {
    case (let lower?, let upper?):
      return upper > lower ? (x - lower) / (upper - lower) : 0.5
    case (let lower?, nil):
      let scale = max(lower.magnitude, 1)
      return (x - lower) / (x - lower + scale)
    case (nil, let upper?):
      let scale = max(upper.magnitude, 1)
      return scale / (upper - x + scale)
    case (nil, nil):
      return 0.5
    }
  }

  /// The line as text, in at most `width` columns if its intervals can be drawn in so few.
  package func text(width: Int) -> String {
    let cell = max(2, (width - intervals + 1) / intervals)
    var segments: [String] = []
    for interval in 0..<intervals {
      var segment = Array(repeating: Character("─"), count: cell)
      if let place, place.interval == interval {
        let share = place.share.isFinite ? min(1, max(0, place.share)) : 0.5
        segment[min(cell - 1, Int(share * Double(cell)))] = "●"
      }
      segments.append(String(segment))
    }
    return segments.joined(separator: "│")
  }
}
