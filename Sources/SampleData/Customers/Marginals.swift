/// The distributions that the sample follows: aggregates of the published SME data set, rounded.
///
/// Shares are counts or per mille, amounts are HUF with two significant digits. No row of that
/// data set is here, and none can be made from these tables.
enum Marginals {
  /// Upper bounds of the head-count classes, with their frequencies.
  static let sizes = [1, 4, 9, 19, 49, 99, 149, 199, 249, 299, 499, 999, 1_999, 4_999]
  static let sizeWeights = [
    15_253, 2_612, 3_132, 2_379, 1_681, 563, 144, 66, 48, 16, 34, 34, 11, 5,
  ]

  /// What a register writes where the head count is not known, with its share per mille.
  static let unknownSizes: [(text: String, permille: Int)] = [
    ("Ismeretlen", 12), ("", 4), ("0", 3),
  ]

  /// Frequencies of the packages 0 to 11, by size class (1, 4, 9, 19, 49, above).
  static let packageWeights: [[Int]] = [
    [98, 113, 44, 334, 1, 291, 1, 6, 25, 4, 77, 7],
    [96, 72, 28, 309, 0, 399, 1, 4, 26, 1, 64, 0],
    [79, 51, 21, 283, 0, 469, 0, 2, 37, 1, 56, 0],
    [53, 48, 29, 283, 1, 517, 0, 1, 32, 1, 34, 0],
    [37, 46, 26, 265, 1, 584, 1, 0, 20, 0, 21, 0],
    [16, 35, 28, 270, 1, 613, 2, 0, 19, 0, 13, 0],
  ]

  /// Who issues invoices at all: per mille, by package and size class (1, to 9, to 49, above).
  static let invoicingPermille: [[Int]] = [
    [72, 42, 21, 10], [720, 427, 215, 417], [275, 182, 142, 37], [61, 15, 2, 8],
    [300, 500, 333, 100], [148, 13, 7, 0], [929, 667, 900, 500], [852, 882, 667, 500],
    [894, 897, 791, 625], [439, 333, 333, 300], [875, 805, 681, 375], [9, 0, 0, 0],
  ]

  /// Who makes transfers: per mille by package, for those with invoices and those without.
  static let transferringPermille: [(invoicing: Int, others: Int)] = [
    (98, 43), (226, 161), (356, 53), (0, 0), (0, 0), (3, 0), (0, 0), (0, 0), (738, 404),
    (107, 105), (657, 357), (100, 0),
  ]

  /// Who invoices in a foreign currency: per mille of those with invoices, by package.
  static let foreignPermille = [105, 58, 218, 4, 50, 14, 474, 228, 264, 143, 246, 20]

  /// Frequencies of the foreign currencies, in the order of ``Currency/foreign``.
  static let foreignWeights = [1, 6, 1, 656, 14, 4, 3, 1, 70]

  /// How many foreign currencies, of those who have any: 1, 2, 3.
  static let foreignCountWeights = [629, 56, 5]

  /// Packages whose customers behave alike.
  static func habit(ofPackage package: Int) -> Habit {
    switch package {
    case 1: .one
    case 2: .two
    case 4, 5, 7: .five
    case 6, 8: .eight
    case 10, 11: .ten
    default: .tiny
    }
  }

  enum Habit: Sendable {
    case tiny, one, two, five, eight, ten

    /// Invoices in thirteen months.
    var invoiceCounts: QuantileTable {
      switch self {
      case .tiny: Marginals.tinyCounts
      case .one: Marginals.oneCounts
      case .two: Marginals.twoCounts
      case .five: Marginals.fiveCounts
      case .eight: Marginals.eightCounts
      case .ten: Marginals.tenCounts
      }
    }

    /// The average invoice in HUF, before the factor for the customer's size.
    var invoiceAverages: QuantileTable {
      switch self {
      case .tiny: Marginals.tinyAverages
      case .one: Marginals.oneAverages
      case .two: Marginals.twoAverages
      case .five: Marginals.fiveAverages
      case .eight: Marginals.eightAverages
      case .ten: Marginals.tenAverages
      }
    }

    var transferCounts: QuantileTable {
      switch self {
      case .eight: Marginals.eightTransfers
      case .ten: Marginals.tenTransfers
      default: Marginals.otherTransfers
      }
    }

    /// The average transfer in HUF.
    var transferAverages: QuantileTable {
      switch self {
      case .eight: Marginals.eightTransferAverages
      case .ten: Marginals.tenTransferAverages
      default: Marginals.otherTransferAverages
      }
    }
  }

  /// The average invoice grows with the head count: factors in per mille by size class.
  static let averageFactors = [870, 1_800, 3_400, 6_000]

  private static let tinyCounts = QuantileTable(
    [1, 1, 1, 1, 1, 2, 2, 4, 6, 8, 13, 25, 51, 300, 560])
  private static let oneCounts = QuantileTable(
    [1, 1, 2, 3, 6, 11, 18, 27, 38, 56, 84, 150, 270, 620, 1_700])
  private static let twoCounts = QuantileTable(
    [1, 1, 1, 2, 4, 9, 18, 28, 43, 77, 140, 260, 400, 950, 1_400])
  private static let fiveCounts = QuantileTable(
    [1, 1, 2, 2, 5, 8, 12, 16, 22, 33, 52, 98, 190, 620, 1_400])
  private static let eightCounts = QuantileTable(
    [1, 2, 7, 12, 28, 52, 81, 110, 180, 250, 390, 700, 1_100, 3_300, 7_100])
  private static let tenCounts = QuantileTable(
    [1, 1, 5, 9, 17, 29, 44, 65, 97, 140, 230, 400, 670, 1_600, 2_600])

  private static let tinyAverages = QuantileTable(
    [
      0, 0, 0, 1_000, 4_300, 33_000, 55_000, 90_000, 140_000, 210_000, 400_000, 850_000, 1_600_000,
      15_000_000, 50_000_000,
    ])
  private static let oneAverages = QuantileTable(
    [
      0, 790, 12_000, 28_000, 64_000, 120_000, 190_000, 310_000, 450_000, 680_000, 1_100_000,
      2_100_000, 3_900_000, 11_000_000, 58_000_000,
    ])
  private static let twoAverages = QuantileTable(
    [
      0, 0, 0, 3_700, 18_000, 44_000, 95_000, 230_000, 340_000, 660_000, 1_200_000, 2_800_000,
      4_700_000, 10_000_000, 19_000_000,
    ])
  private static let fiveAverages = QuantileTable(
    [
      0, 0, 14_000, 36_000, 77_000, 120_000, 190_000, 290_000, 400_000, 580_000, 960_000, 1_900_000,
      3_400_000, 12_000_000, 30_000_000,
    ])
  private static let eightAverages = QuantileTable(
    [
      0, 2_000, 24_000, 45_000, 100_000, 200_000, 310_000, 480_000, 770_000, 1_200_000, 2_300_000,
      4_200_000, 6_800_000, 15_000_000, 24_000_000,
    ])
  private static let tenAverages = QuantileTable(
    [
      0, 1_200, 12_000, 32_000, 78_000, 150_000, 230_000, 370_000, 560_000, 830_000, 1_400_000,
      2_700_000, 4_200_000, 10_000_000, 31_000_000,
    ])

  private static let eightTransfers = QuantileTable(
    [1, 1, 1, 3, 6, 13, 22, 45, 100, 210, 420, 960, 1_600, 2_800, 5_400])
  private static let tenTransfers = QuantileTable(
    [1, 1, 1, 2, 4, 7, 11, 18, 23, 34, 96, 310, 630, 1_800, 4_200])
  private static let otherTransfers = QuantileTable(
    [1, 1, 1, 1, 2, 2, 4, 6, 9, 15, 27, 83, 240, 1_000, 2_500])

  private static let eightTransferAverages = QuantileTable(
    [
      2_300, 2_300, 3_500, 3_500, 3_500, 14_000, 47_000, 90_000, 140_000, 210_000, 320_000, 550_000,
      910_000, 3_500_000, 30_000_000,
    ])
  private static let tenTransferAverages = QuantileTable(
    [
      1_200, 2_300, 2_300, 2_300, 2_300, 2_300, 3_100, 13_000, 36_000, 74_000, 140_000, 290_000,
      460_000, 1_500_000, 4_400_000,
    ])
  private static let otherTransferAverages = QuantileTable(
    [
      200, 1_900, 2_300, 2_300, 5_800, 14_000, 25_000, 40_000, 57_000, 95_000, 170_000, 320_000,
      580_000, 1_500_000, 3_300_000,
    ])
}
