internal import DecisionTrace
internal import GRDB

/// The endings that an index knows, each under a number.
struct EndingTable {
  /// So many endings are kept in full; so many in all. Both bound memory, of any log.
  static let exactLimit = 16_384
  static let limit = 65_536
  /// A longer one is kept as a coarse one.
  static let textLimit = 4_096

  private(set) var endings: [Int64: IndexedEnding] = [:]
  private var numbers: [IndexedEnding: Int64] = [:]
  private var next: Int64 = 1
  /// The numbers of endings that the file does not hold yet.
  private var added: [Int64] = []

  /// The number of an ending; a new one gets the next.
  ///
  /// - Parameter ending: nil if the trace cannot be read.
  mutating func number(of ending: TraceEnding?) -> Int64 {
    let exact = IndexedEnding.exact(ending)
    if let number = numbers[exact] { return number }
    if numbers.count < Self.exactLimit, exact.textSize <= Self.textLimit { return add(exact) }
    let coarse = IndexedEnding.coarse(ending)
    if let number = numbers[coarse] { return number }
    if numbers.count < Self.limit, coarse.textSize <= Self.textLimit { return add(coarse) }
    return numbers[.any] ?? add(.any)
  }

  private mutating func add(_ ending: IndexedEnding) -> Int64 {
    let number = next
    next += 1
    endings[number] = ending
    numbers[ending] = number
    added.append(number)
    return number
  }

  init() {}

  /// - Throws: `DatabaseError` if the file holds more than any index does.
  init(_ db: Database) throws {
    var terms: [Int64: [[String]]] = [:]
    let termRows = try IndexStatement(
      db, "SELECT ending, kind, term FROM terms ORDER BY ending, kind, place")
    var size = 0
    while try termRows.step() {
      let kind = Int(truncatingIfNeeded: termRows.integer(1))
      let term = termRows.text(2) ?? ""
      size += term.utf8.count + 16
      guard Term.all.contains(kind), size <= Self.exactLimit * Self.textLimit else {
        throw Self.excess
      }
      terms[termRows.integer(0), default: [[], [], []]][kind].append(term)
    }
    let rows = try IndexStatement(
      db, "SELECT id, kind, decision, outcome, refusal, bucket FROM endings ORDER BY id")
    while try rows.step() {
      let number = rows.integer(0)
      let decision = rows.text(2) ?? ""
      let ending: IndexedEnding
      switch rows.integer(1) {
      case Kind.exact:
        let terms = terms[number] ?? [[], [], []]
        ending = .exact(
          IndexedEnding.Exact(
            decision: decision, outcome: rows.text(3), refusal: rows.text(4),
            collected: terms[Term.collected], rules: terms[Term.rule],
            reasons: terms[Term.reason]))
      case Kind.coarse:
        ending = .coarse(decision: decision, bucket: rows.isNull(5) ? nil : Int(rows.integer(5)))
      case Kind.any: ending = .any
      case Kind.unreadable: ending = .unreadable
      default: throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an unknown ending")
      }
      guard number > 0, number < .max, ending.textSize <= Self.textLimit,
        endings.count <= Self.limit, numbers[ending] == nil
      else { throw Self.excess }
      endings[number] = ending
      numbers[ending] = number
      next = number + 1
    }
  }

  private static let excess = DatabaseError(
    resultCode: .SQLITE_CORRUPT, message: "its endings are none that an index holds")

  /// Writes the endings that were added.
  mutating func save(_ db: Database) throws {
    guard !added.isEmpty else { return }
    let rows = try IndexStatement(db, "INSERT INTO endings VALUES (?, ?, ?, ?, ?, ?)")
    let terms = try IndexStatement(db, "INSERT INTO terms VALUES (?, ?, ?, ?)")
    for number in added {
      guard let ending = endings[number] else { continue }
      rows.bind(number, Self.kind(ending))
      for parameter in 3...6 { rows.bindNull(at: parameter) }
      switch ending {
      case .exact(let exact):
        rows.bind(exact.decision, at: 3)
        rows.bind(exact.outcome, at: 4)
        rows.bind(exact.refusal, at: 5)
        for (kind, values) in [
          (Term.collected, exact.collected), (Term.rule, exact.rules),
          (Term.reason, exact.reasons),
        ] {
          for (place, value) in values.enumerated() {
            terms.bind(number, Int64(kind), Int64(place))
            terms.bind(value, at: 4)
            try terms.run()
          }
        }
      case .coarse(let decision, let bucket):
        rows.bind(decision, at: 3)
        if let bucket { rows.bind(Int64(bucket), at: 6) }
      case .any, .unreadable: break
      }
      try rows.run()
    }
    added.removeAll()
  }

  private enum Kind {
    static let exact: Int64 = 0
    static let coarse: Int64 = 1
    static let any: Int64 = 2
    static let unreadable: Int64 = 3
  }

  private enum Term {
    static let collected = 0
    static let rule = 1
    static let reason = 2
    static let all = 0...2
  }

  private static func kind(_ ending: IndexedEnding) -> Int64 {
    switch ending {
    case .exact: Kind.exact
    case .coarse: Kind.coarse
    case .any: Kind.any
    case .unreadable: Kind.unreadable
    }
  }
}
