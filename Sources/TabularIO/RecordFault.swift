public import SourceDiagnostics

/// Why one record could not be read. Reading goes on with the next one.
public struct RecordFault: Sendable, Hashable {
  /// A stable word for the fault; it is the `code` of a dead letter.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    case invalidUTF8 = "invalid-utf8"
    case unclosedQuote = "unclosed-quote"
    case misplacedQuote = "misplaced-quote"
    case wrongFieldCount = "wrong-field-count"
    case tooLong = "too-long"
    case malformedJSON = "malformed-json"
    case duplicateKey = "duplicate-key"
    case tooDeep = "too-deep"
    case notAnObject = "not-an-object"
  }

  public var code: Code
  /// One line without a full stop.
  public var reason: String
  /// Counts from 1; a header is no record.
  public var record: Int
  public var position: SourcePosition
  /// The start of the record as written; a reader's options limit its length.
  public var raw: [UInt8]
  /// The length of the whole record in bytes.
  public var rawLength: Int
}
