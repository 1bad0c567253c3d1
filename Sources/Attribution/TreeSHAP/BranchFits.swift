/// Which branches a row fits, from its answers to the tests.
struct BranchFits: Sendable {
  private let answers: [TreeWays.Answer]
  private let ranges: [Range<Int32>]

  init(_ ways: TreeWays) {
    answers = ways.answers
    ranges = ways.branches.map(\.answers)
  }

  var count: Int { ranges.count }

  /// - Parameters:
  ///   - given: one byte a test: 1 true, 2 false, 4 unknown.
  ///   - fits: one byte a branch, 1 where the row fits.
  func work(_ given: [UInt8], into fits: inout [UInt8]) {
    for (branch, range) in ranges.enumerated() {
      var fit: UInt8 = 0
      var all: UInt8 = 1
      for place in range {
        let answer = answers[Int(place)]
        if given[Int(answer.test)] & answer.allowed == 0 { all = 0 }
        guard answer.isLast else { continue }
        fit |= all
        all = 1
      }
      fits[branch] = fit
    }
  }
}
