import DataFields

extension Trace {
  /// How far a score may lie from a cut point, in units in the last place, to be flagged.
  static let knifeEdgeUlps: Double = 8

  /// The signed distances from a value to each cut point of its rank.
  ///
  /// They are computed from the value and the schema, exactly for numbers and dates: what is stored
  /// twice can disagree.
  static func margins(_ rank: TraceSchema.Rank, _ value: Value) -> [Margin] {
    guard let content = value.content else { return [] }
    return rank.cutPoints.indices.compactMap { index in
      let cut = rank.cutPoints[index]
      switch content {
      case .number(let quotient, let scale, let digits, let unit):
        guard let negated = Quotient(cut).negated, let distance = quotient.adding(negated) else {
          return nil
        }
        let isAbove =
          distance > Quotient(0) || (distance.numerator == 0 && !rank.belongsBelow[index])
        return Margin(
          cutPointName: rank.cutPointNames[index],
          cutPoint: .number(
            Quotient(cut), scale: scale, digits: min(scale, digits), unit: unit),
          distance: .number(distance, scale: scale, digits: digits, unit: unit),
          relative: cut == 0
            ? nil
            : Quotient(distance.numerator, over: 1).flatMap { top in
              top.divided(by: Quotient(distance.denominator))?
                .divided(by: Quotient(cut < 0 ? -cut : cut))?.nearestDouble
            },
          levelBeyond: levelBeyond(rank, index, isAbove: isAbove),
          isKnifeEdge: distance.numerator == 0, isAbove: isAbove,
          belongsBelow: rank.belongsBelow[index])
      case .date(let date):
        guard let day = Int32(exactly: cut) else { return nil }
        let days = Int128(date.daysSinceEpoch) - Int128(day)
        let isAbove = days > 0 || (days == 0 && !rank.belongsBelow[index])
        return Margin(
          cutPointName: rank.cutPointNames[index],
          cutPoint: .date(CalendarDate(daysSinceEpoch: day)),
          distance: .number(
            Quotient(days), scale: 0, digits: 0, unit: MeasurementUnit("d")),
          relative: nil, levelBeyond: levelBeyond(rank, index, isAbove: isAbove),
          isKnifeEdge: days == 0, isAbove: isAbove,
          belongsBelow: rank.belongsBelow[index])
      case .double(let score):
        let threshold = Double(bitPattern: UInt64(truncatingIfNeeded: cut))
        let distance = score - threshold
        let isAbove = score > threshold || (score == threshold && !rank.belongsBelow[index])
        return Margin(
          cutPointName: rank.cutPointNames[index], cutPoint: .double(threshold),
          distance: .double(distance),
          relative: threshold == 0 ? nil : distance / threshold.magnitude,
          levelBeyond: levelBeyond(rank, index, isAbove: isAbove),
          isKnifeEdge: distance.magnitude <= knifeEdgeUlps * threshold.ulp, isAbove: isAbove,
          belongsBelow: rank.belongsBelow[index])
      case .boolean, .text, .list:
        return nil
      }
    }
  }

  private static func levelBeyond(
    _ rank: TraceSchema.Rank, _ cutPoint: Int, isAbove: Bool
  ) -> String {
    rank.levels[rank.intervalLevels[isAbove ? cutPoint : cutPoint + 1]]
  }

  /// The distance to the nearest cut points on either side: what a change of rank would take.
  package func nearestMargins(_ rank: Rank) -> [Margin] {
    let below = rank.margins.last { $0.isAbove }
    let above = rank.margins.first { !$0.isAbove }
    return [below, above].compactMap { $0 }
  }
}
