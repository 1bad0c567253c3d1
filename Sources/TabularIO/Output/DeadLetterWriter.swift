internal import DataFields
package import FileIO
package import SourceDiagnostics

/// A record that could not be used, and why.
package struct DeadLetter: Sendable, Hashable {
  /// The source's name in the rules.
  package var source: String
  package var file: String
  package var record: Int
  /// Which object of an array line.
  package var element: Int
  package var position: SourcePosition
  /// The column's name, where one field is at fault.
  package var field: String?
  package var code: String
  package var reason: String
  package var raw: [UInt8]
  package var rawLength: Int

  package init(
    source: String, file: String, record: Int, element: Int = 0, position: SourcePosition,
    field: String? = nil, code: String, reason: String, raw: [UInt8], rawLength: Int
  ) {
    self.source = source
    self.file = file
    self.record = record
    self.element = element
    self.position = position
    self.field = field
    self.code = code
    self.reason = reason
    self.raw = raw
    self.rawLength = rawLength
  }

  package init(source: String, file: String, fault: RecordFault) {
    self.init(
      source: source, file: file, record: fault.record, position: fault.position,
      code: fault.code.rawValue, reason: fault.reason, raw: fault.raw, rawLength: fault.rawLength)
  }
}

/// Writes dead letters as JSON lines, after those that are there.
///
/// One line: `source`, `file`, `record`, `element` (of an array line, if not the first), `line`,
/// `column`, `field`, `code`, `reason`, then `raw` (the record as written) or `raw_base64` where
/// it is not UTF-8, and `raw_bytes` (its full length) where only its start is kept.
package struct DeadLetterWriter: ~Copyable {
  private var file: BufferedFile
  package private(set) var count = 0

  package init(path: String) throws(FileError) {
    file = try BufferedFile(path: path, mode: path == "-" ? .replace : .append)
  }

  package mutating func write(_ letter: DeadLetter) throws(FileError) {
    file.bytes.append(contentsOf: Self.line(letter))
    count += 1
    try file.flushIfFull()
  }

  /// Returns once all letters are on the disk.
  package mutating func sync() throws(FileError) { try file.sync() }

  package mutating func close() throws(FileError) {
    try file.sync()
    try file.close()
  }

  /// The letter's line, with its line break.
  package static func line(_ letter: DeadLetter) -> [UInt8] {
    var json = JSONText()
    json.beginObject()
    json.member("source", letter.source)
    json.member("file", letter.file)
    json.member("record", letter.record)
    json.member("element", letter.element == 0 ? nil : letter.element)
    json.member("line", letter.position.line)
    json.member("column", letter.position.column)
    json.member("field", letter.field)
    json.member("code", letter.code)
    json.member("reason", letter.reason)
    let isCut = letter.raw.count < letter.rawLength
    if let text = text(letter.raw, isCut: isCut) {
      json.member("raw", text)
    } else {
      json.member("raw_base64", Base64.encode(letter.raw))
    }
    json.member("raw_bytes", isCut ? letter.rawLength : nil)
    json.endObject()
    json.endLine()
    return json.bytes
  }

  /// The bytes as text, or nil if they are not UTF-8. A character that the cut went through is
  /// left out.
  private static func text(_ raw: [UInt8], isCut: Bool) -> String? {
    let invalid = raw.withUnsafeBufferPointer { UTF8Check.firstInvalid($0) }
    guard let invalid else { return String(decoding: raw, as: UTF8.self) }
    let tail = raw[invalid...]
    guard isCut, tail.count < 4, tail.first ?? 0 >= 0xC2,
      tail.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 })
    else { return nil }
    return String(decoding: raw[..<invalid], as: UTF8.self)
  }
}
