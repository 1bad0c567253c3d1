internal import FileIO
internal import TabularIO

/// One case of the rule benchmark: what is known, and the profile that is expected.
struct ProfileCase: Sendable, Equatable {
  var size: Int
  /// Hundredths of a forint.
  var amount: Int
  var coverage: Int
  var expected: String

  /// The decision in plain Swift: what the engine is compared with, in results and in time.
  @inline(never)
  static func profile(size: Int, amount: Int, coverage: Int) -> Profile {
    let size = size < 50 ? 0 : size < 250 ? 1 : 2
    let amount = amount < 10_000_00 ? 0 : amount < 100_000_00 ? 1 : 2
    let coverage = coverage < 3 ? 0 : coverage < 6 ? 1 : 2
    if size == amount && amount == coverage { return .steady }
    if size < coverage && amount < coverage { return .under }
    if size > coverage && amount > coverage { return .developed }
    return .unclassified
  }

  enum Profile: String {
    case steady = "Steady Customers"
    case under = "Under-performing Customers"
    case developed = "Developed Customers"
    case unclassified = "Unclassified"
  }

  /// 4,096 cases by a linear congruential generator, a quarter of them on or next to a cut point,
  /// where engines disagree.
  static func generated() -> [ProfileCase] {
    let sizes = [1, 49, 50, 51, 249, 250, 251, 400]
    let amounts = [0, 999_999, 1_000_000, 1_000_001, 9_999_999, 10_000_000, 10_000_001, 50_000_000]
    let coverages = [0, 2, 3, 4, 5, 6, 7, 12]
    var state: UInt64 = 20_210_127
    func next() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33)
    }
    return (0..<4_096).map { _ in
      let isOnCut = next() % 4 == 0
      let size = isOnCut ? sizes[next() % 8] : next() % 400 + 1
      let amount = isOnCut ? amounts[next() % 8] : next() % 20_000_000
      let coverage = isOnCut ? coverages[next() % 8] : next() % 10
      return ProfileCase(
        size: size, amount: amount, coverage: coverage,
        expected: profile(size: size, amount: amount, coverage: coverage).rawValue)
    }
  }

  /// Reads `size,amount,coverage,expected`.
  static func read(_ path: String) throws -> [ProfileCase] {
    let reader = try RecordReader(
      path: path, columns: .named(["size", "amount", "coverage", "expected"]))
    var cases: [ProfileCase] = []
    while try reader.next() == .record {
      let amount = reader.field(1).text.split(separator: ".", omittingEmptySubsequences: false)
      guard let size = Int(reader.field(0).text), let coverage = Int(reader.field(2).text),
        amount.count == 2, amount[1].count == 2, let hundredths = Int(amount.joined())
      else {
        throw CommandFailure(message: "record \(reader.recordNumber) of `\(path)` is no case")
      }
      cases.append(
        ProfileCase(
          size: size, amount: hundredths, coverage: coverage, expected: reader.field(3).text))
    }
    guard !cases.isEmpty else { throw CommandFailure(message: "`\(path)` holds no case") }
    return cases
  }
}
