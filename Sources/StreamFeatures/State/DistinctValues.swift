/// The distinct values that each subject has shown, exact up to a limit.
///
/// Most subjects show few: their values lie sorted in blocks of one shared array, which costs no
/// allocation for each subject. A block that is full moves to one of twice the size; old blocks
/// are used again.
struct DistinctValues: Sendable {
  /// More distinct values than this are refused rather than counted.
  static let limit = 1 << 16

  private var words: [Int64] = []
  private var starts: [Int32] = []
  private var counts: [Int32] = []
  /// Free blocks by the power of two of their size.
  private var freeBlocks: [[Int32]] = Array(repeating: [], count: 18)

  enum Insertion { case isNew, wasThere, tooMany }

  mutating func addSubject() {
    starts.append(-1)
    counts.append(0)
  }

  func count(_ subject: Int) -> Int { Int(counts[subject]) }

  /// The subject's values, rising.
  func values(_ subject: Int) -> ArraySlice<Int64> {
    let start = Int(starts[subject])
    return start < 0 ? [] : words[start..<start + Int(counts[subject])]
  }

  /// Forgets a subject's values, and overwrites them.
  mutating func erase(_ subject: Int) {
    let start = Int(starts[subject])
    guard start >= 0 else { return }
    let size = Self.sizeClass(Int(counts[subject]))
    for index in start..<start + 1 << size { words[index] = 0 }
    freeBlocks[size].append(Int32(truncatingIfNeeded: start))
    starts[subject] = -1
    counts[subject] = 0
  }

  /// - Complexity: O(log count) for a value that was there, O(count) for a new one.
  mutating func insert(_ value: Int64, for subject: Int) -> Insertion {
    let count = Int(counts[subject])
    var start = Int(starts[subject])
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if words[start + middle] < value { low = middle + 1 } else { high = middle }
    }
    if low < count, words[start + low] == value { return .wasThere }
    if count == Self.limit { return .tooMany }
    if count & (count - 1) == 0 {
      start = move(subject, toSizeClass: Self.sizeClass(count + 1), from: start, count: count)
    }
    var place = count
    while place > low {
      words[start + place] = words[start + place - 1]
      place -= 1
    }
    words[start + low] = value
    counts[subject] = Int32(truncatingIfNeeded: count + 1)
    return .isNew
  }

  /// The least power of two that holds `count` values, as its exponent.
  private static func sizeClass(_ count: Int) -> Int {
    Int.bitWidth - (count - 1).leadingZeroBitCount
  }

  private mutating func move(
    _ subject: Int, toSizeClass size: Int, from old: Int, count: Int
  ) -> Int {
    let start: Int
    if let free = freeBlocks[size].popLast() {
      start = Int(free)
    } else {
      start = words.count
      words.append(contentsOf: repeatElement(0, count: 1 << size))
    }
    for index in 0..<count { words[start + index] = words[old + index] }
    if old >= 0 { freeBlocks[Self.sizeClass(count)].append(Int32(truncatingIfNeeded: old)) }
    starts[subject] = Int32(truncatingIfNeeded: start)
    return start
  }
}
