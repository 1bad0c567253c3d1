internal import GRDB

/// Adds rows of whole numbers to a table, many with one statement.
///
/// A statement costs more than a row: for each one SQLite begins, finds its place from the root of
/// the table again, and ends. A statement of many rows that rise goes on where the last row went.
struct RowInserter {
  private let db: Database
  private let table: String
  private let one: IndexStatement
  private var many: IndexStatement?
  /// The values of rows that wait for others.
  private var values: [Int64?] = []

  /// Rows a statement.
  static let group = 64

  private static let columns = 3

  /// - Parameter table: one of three columns.
  init(_ db: Database, table: String) throws {
    self.db = db
    self.table = table
    one = try IndexStatement(db, Self.sql(table, rows: 1))
    values.reserveCapacity(Self.columns * Self.group)
  }

  private static func sql(_ table: String, rows: Int) -> String {
    "INSERT INTO \(table) VALUES "
      + Array(repeating: "(?, ?, ?)", count: rows).joined(separator: ", ")
  }

  /// Adds a row, once there are enough of them, or by ``finish()``.
  mutating func add(_ first: Int64, _ second: Int64, _ third: Int64?) throws {
    values.append(first)
    values.append(second)
    values.append(third)
    guard values.count == Self.columns * Self.group else { return }
    let statement = try many ?? IndexStatement(db, Self.sql(table, rows: Self.group))
    many = statement
    try run(statement, values[...])
    values.removeAll(keepingCapacity: true)
  }

  /// Adds the rows that wait.
  mutating func finish() throws {
    for start in stride(from: 0, to: values.count, by: Self.columns) {
      try run(one, values[start..<(start + Self.columns)])
    }
    values.removeAll(keepingCapacity: true)
  }

  private func run(_ statement: IndexStatement, _ values: ArraySlice<Int64?>) throws {
    var parameter = 0
    for value in values {
      parameter += 1
      if let value {
        statement.bind(value, at: parameter)
      } else {
        statement.bindNull(at: parameter)
      }
    }
    try statement.run()
  }
}
