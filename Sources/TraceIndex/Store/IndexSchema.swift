internal import GRDB

/// The tables of an index.
///
/// A trace is a row of 13 bytes, its number the key. What decisions have in common, how they ended,
/// is in a small table of its own. Neither is indexed by SQLite, whose index would be as large
/// again: blocks of 1,024 traces know which endings and days they hold, so that what cannot be there
/// is not looked at. Subjects are in no order in a log. They lie in sorted runs of up to 65,536 of
/// successive traces: a new run goes to the end of its table, where one sorted table of all would
/// be written all over for each batch.
enum IndexSchema {
  /// Rises when an older index can no longer be read; it is then made again.
  static let format = 1
  /// Traces a block.
  static let blockSize = 1_024

  private static let tables = [
    "CREATE TABLE state (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, "
      + "last INTEGER NOT NULL, fingerprint BLOB NOT NULL, next INTEGER NOT NULL, "
      + "rows INTEGER NOT NULL)",
    "CREATE TABLE entries (entry INTEGER PRIMARY KEY, ending INTEGER NOT NULL, day INTEGER)",
    "CREATE TABLE endings (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, decision TEXT, "
      + "outcome TEXT, refusal TEXT, bucket INTEGER)",
    "CREATE TABLE terms (ending INTEGER NOT NULL, kind INTEGER NOT NULL, place INTEGER NOT NULL, "
      + "term TEXT NOT NULL, PRIMARY KEY (ending, kind, place)) WITHOUT ROWID",
    "CREATE TABLE blocks (block INTEGER PRIMARY KEY, first_day INTEGER NOT NULL, "
      + "last_day INTEGER NOT NULL)",
    "CREATE TABLE presence (ending INTEGER NOT NULL, block INTEGER NOT NULL, "
      + "PRIMARY KEY (ending, block)) WITHOUT ROWID",
    "CREATE TABLE runs (run INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, "
      + "rows INTEGER NOT NULL)",
    "CREATE TABLE subjects (run INTEGER NOT NULL, subject INTEGER NOT NULL, "
      + "entry INTEGER NOT NULL, PRIMARY KEY (run, subject, entry)) WITHOUT ROWID",
    "CREATE VIEW decisions AS SELECT entry, date(day * 86400, 'unixepoch') AS as_of, decision, "
      + "outcome, refusal FROM entries JOIN endings ON endings.id = ending",
  ]

  static func create(_ db: Database) throws {
    for sql in tables { try db.execute(sql: sql) }
    try db.execute(sql: "PRAGMA user_version = \(format)")
    try db.execute(sql: "INSERT INTO state VALUES (1, 0, -1, x'', 0, 0)")
  }

  /// Empties every table; whoever wrote beside this one notices by the generation.
  static func clear(_ db: Database) throws {
    for table in ["entries", "endings", "terms", "blocks", "presence", "runs", "subjects"] {
      try db.execute(sql: "DELETE FROM \(table)")
    }
    try db.execute(
      sql: """
        UPDATE state SET generation = generation + 1, last = -1, fingerprint = x'', next = 0, rows = 0
        """)
  }

  /// Holds the schema of a file against ours: a trigger, an index or another column is none of it.
  static func check(_ db: Database, path: String) throws {
    let statement = try IndexStatement(db, "SELECT sql FROM sqlite_schema ORDER BY rowid")
    var found: [String] = []
    while try statement.step() {
      // More than there are of ours is enough to know.
      if found.count > tables.count { break }
      found.append(statement.text(0) ?? "")
    }
    guard found == tables else {
      throw TraceIndexError.damaged(
        path: path, reason: "its tables are not those of an index of this version")
    }
  }
}
