/// The times of one piece of work, run once to warm up and then several times.
struct Measurement {
  /// The middle of the rounds, in seconds.
  let median: Double

  init(rounds count: Int, _ work: () throws -> Void) rethrows {
    try work()
    var rounds: [Double] = []
    for _ in 0..<count {
      let start = ContinuousClock.now
      try work()
      rounds.append(Self.seconds(ContinuousClock.now - start))
    }
    median = rounds.sorted()[count / 2]
  }

  static func seconds(_ duration: Duration) -> Double {
    let (seconds, attoseconds) = duration.components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}

/// Figures as people read them: three significant digits.
enum Figure {
  static func rate(_ perSecond: Double, _ unit: String) -> String {
    switch perSecond {
    case 1e6...: "\(digits(perSecond / 1e6)) M \(unit)/s"
    case 1e3...: "\(digits(perSecond / 1e3)) k \(unit)/s"
    default: "\(digits(perSecond)) \(unit)/s"
    }
  }

  static func bytes(_ count: Int) -> String { "\(digits(Double(count) / 1_048_576)) MiB" }

  static func digits(_ value: Double) -> String {
    let scale: Double = value >= 100 ? 1 : value >= 10 ? 10 : 100
    let rounded = (value * scale).rounded() / scale
    return scale == 1 ? String(Int(rounded)) : String(rounded)
  }
}
