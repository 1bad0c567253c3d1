import DataFields

/// Finds the rules of a large decision that may hold, without trying row by row.
///
/// The cut points of a value divide it into cells: one on each cut point, one between neighbours,
/// and one for a value that is not present. Each cell has a bitmap of the rules that it leaves
/// open, and the bitmaps of all values are met. A summary, one bit for 64 rules, skips what is
/// empty. What a bitmap cannot say (two values compared, a list) is left to the rule's own
/// condition, so rules that come out are tried and rules that do not come out cannot hold.
///
/// Lakshman and Stiliadis, "High-speed policy-based packet forwarding using efficient
/// multi-dimensional range matching" (1998), index packet filters so; Baboescu and Varghese,
/// "Scalable packet classification" (2001), add the summaries.
package struct RowIndex: Sendable {
  /// How the words of a value are compared.
  enum Form: UInt8, Sendable {
    case words, fractions, doubles
  }

  struct Axis: Sendable {
    var form: Form
    var slot: Int32
    /// Where its cut points and its cells begin.
    var firstCutPoint: Int32
    var cutPointCount: Int32
    var firstCell: Int32
  }

  /// The most values that are indexed; the conditions of rules see to others.
  static let axisLimit = 8

  var axes: [Axis] = []
  /// Of all axes, rising for each: words, and what they are divided by.
  var cutPoints: [Int64] = []
  var denominators: [Int64] = []
  /// Of all axes: the bitmap of each cell, the last for a value that is not present.
  var cells: [Int32] = []
  /// One bitmap after the other, of `wordCount` words each, and their summaries.
  var bitmaps: [UInt64] = []
  var summaries: [UInt64] = []
  let rules: Range<Int>
  let wordCount: Int
  let blockCount: Int

  var isEmpty: Bool { axes.isEmpty }

  init(rules: Range<Int>) {
    self.rules = rules
    wordCount = (rules.count + 63) / 64
    blockCount = (wordCount + 63) / 64
  }

  /// Where a search stands.
  struct Cursor {
    fileprivate var bitmaps = InlineArray<8, Int32>(repeating: 0)
    fileprivate var block = -1
    fileprivate var wordIndex = 0
    fileprivate var summary: UInt64 = 0
    fileprivate var word: UInt64 = 0
  }

  @inline(__always)
  func start(_ row: borrowing RuleRow) -> Cursor {
    var cursor = Cursor()
    let axes = axes.span
    for place in axes.indices { cursor.bitmaps[place] = bitmap(axes[place], row) }
    return cursor
  }

  /// The next rule that may hold, in the order of the file; -1 after the last.
  @inline(__always)
  func next(_ cursor: inout Cursor) -> Int {
    let bitmaps = bitmaps.span
    let summaries = summaries.span
    let count = axes.count
    while cursor.word == 0 {
      while cursor.summary == 0 {
        cursor.block &+= 1
        if cursor.block >= blockCount { return -1 }
        var summary = UInt64.max
        for axis in 0..<count {
          summary &= summaries[Int(cursor.bitmaps[axis]) &* blockCount &+ cursor.block]
        }
        cursor.summary = summary
      }
      cursor.wordIndex = cursor.block &* 64 &+ cursor.summary.trailingZeroBitCount
      cursor.summary &= cursor.summary &- 1
      var word = UInt64.max
      for axis in 0..<count {
        word &= bitmaps[Int(cursor.bitmaps[axis]) &* wordCount &+ cursor.wordIndex]
      }
      cursor.word = word
    }
    let bit = cursor.word.trailingZeroBitCount
    cursor.word &= cursor.word &- 1
    return rules.lowerBound &+ cursor.wordIndex &* 64 &+ bit
  }

  /// The bitmap of the cell in which a row's value lies.
  @inline(__always)
  private func bitmap(_ axis: Axis, _ row: borrowing RuleRow) -> Int32 {
    let cells = cells.span
    let slot = Int(axis.slot)
    let count = Int(axis.cutPointCount)
    let firstCell = Int(axis.firstCell)
    guard row.isPresent(slot) else { return cells[firstCell &+ 2 &* count &+ 1] }
    let first = Int(axis.firstCutPoint)
    let cell: Int
    switch axis.form {
    case .words: cell = search(first, count, Self.word(row.value(slot)))
    case .doubles:
      // A comparison with what is no number does not hold: as if it were not there.
      guard let key = Self.key(Double(bitPattern: UInt64(truncatingIfNeeded: row.value(slot))))
      else { return cells[firstCell &+ 2 &* count &+ 1] }
      cell = search(first, count, key)
    case .fractions: cell = search(first, count, row.value(slot), row.denominator(slot))
    }
    return cells[firstCell &+ cell]
  }

  /// A word; cut points are at least one away from the ends, so what is beyond lies beyond all.
  @inline(__always)
  private static func word(_ value: Int128) -> Int64 { Int64(clamping: value) }

  /// A number that orders as the double does; nil for what is no number.
  static func key(_ value: Double) -> Int64? {
    if value.isNaN { return nil }
    // Both zeros are one.
    let pattern = Int64(bitPattern: (value + 0).bitPattern)
    return pattern >= 0 ? pattern : Int64.min &- pattern
  }

  /// Cell 2 i + 1 is cut point i, cell 2 i what lies below it.
  @inline(__always)
  private func search(_ first: Int, _ count: Int, _ word: Int64) -> Int {
    let cutPoints = cutPoints.span
    var low = first
    var length = count
    while length > 0 {
      let half = length >> 1
      let isAbove = cutPoints[low &+ half] < word
      low = isAbove ? low &+ half &+ 1 : low
      length = isAbove ? length &- half &- 1 : half
    }
    let place = low &- first
    let isOn = place < count && cutPoints[low] == word
    return 2 &* place &+ (isOn ? 1 : 0)
  }

  private func search(_ first: Int, _ count: Int, _ value: Int128, _ denominator: Int128) -> Int {
    let cutPoints = cutPoints.span
    let denominators = denominators.span
    var low = first
    var length = count
    while length > 0 {
      let half = length >> 1
      let order = ExactArithmetic.compareProducts(
        Int128(cutPoints[low &+ half]), denominator, value, Int128(denominators[low &+ half]))
      if order == 0 { return 2 &* (low &+ half &- first) &+ 1 }
      low = order < 0 ? low &+ half &+ 1 : low
      length = order < 0 ? length &- half &- 1 : half
    }
    return 2 &* (low &- first)
  }
}
