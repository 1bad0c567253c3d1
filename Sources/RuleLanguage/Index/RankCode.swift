import DataFields

/// The cut points of every rank, laid flat so that a level is found without a branch for each.
///
/// The number of the interval is how many cut points the value has reached. `up to c` is reached
/// by what is greater than c: for whole words that is c + 1, for a fraction n / d it is
/// `n >= c x d + 1`, and for a double the next one above c; so all three are one comparison.
package struct RankCode: Sendable {
  private enum Form: UInt8 {
    /// Words whose denominator is 1.
    case words
    case fractions
    case doubles
    /// A cut point needs more than 64 bits: compared one by one in 256.
    case wide
  }

  private struct Entry {
    var form: Form
    var slot: Int32
    var source: Int32
    var first: Int32
    var count: Int32
    var firstLevel: Int32
  }

  private var entries: [Entry] = []
  /// Words, or the bit patterns of doubles.
  private var cutPoints: [Int64] = []
  /// What is added to `cut point x denominator`: 1 for `up to`, for fractions alone.
  private var increments: [Int64] = []
  private var levels: [Int32] = []

  package init() {}

  init(_ program: Program) {
    for rank in program.ranks { append(rank, type: program.code.layout.slots[rank.source].type) }
  }

  private mutating func append(_ rank: RankPlan, type: ValueType) {
    var form = Form.words
    if case .quotient = type { form = .fractions }
    if case .double = type { form = .doubles }
    let first = cutPoints.count
    for (cutPoint, belongsBelow) in zip(rank.cutPoints, rank.belongsBelow) {
      var word = Int64(truncatingIfNeeded: cutPoint)
      var increment: Int64 = 0
      switch form {
      case .doubles:
        if belongsBelow {
          word = Int64(bitPattern: Double(bitPattern: UInt64(bitPattern: word)).nextUp.bitPattern)
        }
      case .words, .fractions, .wide:
        // One below the greatest, so that adding 1 stays within a word.
        if cutPoint < Int128(Int64.min) || cutPoint >= Int128(Int64.max) { form = .wide }
        if belongsBelow, form == .words { word &+= 1 }
        if belongsBelow, form == .fractions { increment = 1 }
      }
      cutPoints.append(word)
      increments.append(increment)
    }
    entries.append(
      Entry(
        form: form, slot: Int32(rank.slot), source: Int32(rank.source), first: Int32(first),
        count: Int32(rank.cutPoints.count), firstLevel: Int32(levels.count)))
    levels += rank.levels.map { Int32($0) }
  }

  /// Above this many cut points they are halved, not all compared.
  private static let comparedOneByOne = 8

  /// Puts the level of rank number `index` into its slot, or why there is none.
  ///
  /// - Returns: false where the value or a cut point does not fit a word: the caller compares then.
  @inline(__always)
  func run(_ index: Int, on row: inout RuleRow, keepSupplied: Bool) -> Bool {
    let entries = entries.span
    guard index < entries.count else { return false }
    let entry = entries[index]
    let slot = Int(entry.slot)
    let source = Int(entry.source)
    if keepSupplied, row.tags(slot).origin == ValueOrigin.supplied.rawValue { return true }
    let state = row.tags(source).state
    guard state == ValueState.present.rawValue else {
      row.mark(slot, state, origin: .derived)
      return true
    }
    let value = row.value(source)
    let cutPoints = cutPoints.span
    let increments = increments.span
    let first = Int(entry.first)
    let count = Int(entry.count)
    let interval: Int
    switch entry.form {
    case .words:
      guard let word = Int64(exactly: value), row.denominator(source) == 1 else { return false }
      interval = Self.reached(count) { word >= cutPoints[first + $0] }
    case .fractions:
      guard let numerator = Int64(exactly: value),
        let denominator = Int64(exactly: row.denominator(source))
      else { return false }
      interval = Self.reached(count) {
        let (high, low) = cutPoints[first + $0].multipliedFullWidth(by: denominator)
        let product = Int128(high) << 64 | Int128(low)
        return Int128(numerator) >= product &+ Int128(increments[first + $0])
      }
    case .doubles:
      let score = Double(bitPattern: UInt64(truncatingIfNeeded: value))
      guard !score.isNaN else {
        row.mark(slot, .missing, origin: .derived)
        return true
      }
      interval = Self.reached(count) {
        score >= Double(bitPattern: UInt64(bitPattern: cutPoints[first + $0]))
      }
    case .wide:
      return false
    }
    row.set(slot, to: Int128(levels.span[Int(entry.firstLevel) + interval]), origin: .derived)
    return true
  }

  /// How many of `count` rising cut points are reached.
  @inline(__always)
  private static func reached(_ count: Int, _ isReached: (Int) -> Bool) -> Int {
    var low = 0
    if count <= comparedOneByOne {
      for place in 0..<count { low += isReached(place) ? 1 : 0 }
      return low
    }
    var length = count
    while length > 0 {
      let half = length >> 1
      let goesOn = isReached(low + half)
      low = goesOn ? low + half + 1 : low
      length = goesOn ? length - half - 1 : half
    }
    return low
  }
}
