package import FileIO
package import SourceDiagnostics

/// Reads records one by one from CSV (RFC 4180) or JSON lines: a file, standard input or bytes.
///
/// Fields are bytes in the reader's own buffers, by column index, valid until the next record.
/// A record that cannot be read is a ``RecordFault``, after which reading goes on; only the
/// system's own errors are thrown. Memory stays within a small multiple of the record limit.
///
/// Blank lines are no records. A JSON line may hold an array of objects: they share a record
/// number and differ in ``elementIndex``.
package final class RecordReader {
  package enum Format: Sendable { case csv, jsonLines }

  package struct Options: Sendable {
    /// Nil: by the file's extension, else by the first byte (`{` or `[` starts JSON).
    package var format: Format?
    package var delimiter = UInt8(ascii: ",")
    /// Whether a header without commas may show another delimiter: `;`, a tab or `|`.
    package var detectsDelimiter = false
    /// A longer record is a fault.
    package var recordLimit = 16 << 20
    /// How much of a faulty record is kept for its dead letter.
    package var rawLimit = 1 << 16

    package init(format: Format? = nil) { self.format = format }
  }

  /// Which fields a caller wants, in the order in which it asks for them.
  package enum Columns: Sendable {
    /// Every column of a CSV header.
    case all
    /// Some columns by name. Those that are required must be in a CSV header.
    case named([String], optional: Set<String> = [])
  }

  package enum Step: Sendable {
    case record
    /// See ``RecordReader/fault``.
    case fault
    case atEnd
    /// ``Interruption`` asked for a stop while waiting for input.
    case stopped
  }

  package let name: String
  package let format: Format
  /// The names of the fields, by index.
  package let columns: [String]
  /// Called before a read that may wait for a pipe or terminal.
  package var beforeWaiting: (() throws(FileError) -> Void)? {
    get { window.beforeWaiting }
    set { window.beforeWaiting = newValue }
  }
  /// The number of the current record, from 1; a CSV header is none.
  package internal(set) var recordNumber = 0
  /// Which object of an array line; 0 for any other record.
  package private(set) var elementIndex = 0
  /// Whether no object of the current array line is left.
  package var isLastElement: Bool { nextElement >= elementCount }
  /// The line on which the current record starts, from 1.
  package internal(set) var line = 1
  /// What is wrong with the record after ``Step/fault``.
  package private(set) var fault: RecordFault?

  let options: Options
  let window: ByteWindow
  private(set) var layout: RecordLayout
  private(set) var csvFramer: CSVFramer
  private var lineFramer: LineFramer
  let splitter: CSVSplitter
  private var parser: JSONRecordParser
  /// The current record in the window, and what to leave behind with it.
  private(set) var rawRange = 0..<0
  private var total = 0
  private var lineCount = 0
  /// Whether all of the input is one record.
  private var isOneRecord = false
  /// The objects of an array line, and how many have been given out.
  private var elementCount = 0
  private var nextElement = 0

  /// Opens a file (`-` is standard input) and reads its header.
  package convenience init(
    path: String, columns: Columns, options: Options = Options()
  ) throws(DiagnosticsError) {
    var options = options
    if options.format == nil { options.format = InputHead.format(ofPath: path) }
    let window: ByteWindow
    do throws(FileError) {
      window = ByteWindow(reading: try OpenFile(path: path, mode: .read))
    } catch {
      throw DiagnosticsError(error.diagnostic)
    }
    try self.init(name: path, window: window, columns: columns, options: options)
  }

  /// Reads from bytes; `name` is for messages.
  package convenience init(
    bytes: [UInt8], name: String, columns: Columns, options: Options = Options()
  ) throws(DiagnosticsError) {
    try self.init(name: name, window: ByteWindow(bytes: bytes), columns: columns, options: options)
  }

  private init(
    name: String, window: ByteWindow, columns wanted: Columns, options: Options
  ) throws(DiagnosticsError) {
    let head = try InputHead(reading: window, name: name, columns: wanted, options: options)
    self.name = name
    self.window = window
    self.options = options
    format = head.format
    columns = head.columns
    line = head.line
    layout = RecordLayout(columnCount: head.columns.count)
    csvFramer = CSVFramer(delimiter: head.delimiter, limit: options.recordLimit)
    lineFramer = LineFramer(limit: options.recordLimit)
    splitter = CSVSplitter(delimiter: head.delimiter, slots: head.slots)
    parser = JSONRecordParser(columns: head.format == .csv ? [] : head.columns)
  }

  /// Goes to the next record.
  package func next() throws(FileError) -> Step {
    if nextElement < elementCount { return element() }
    while true {
      switch try frame() {
      case .record(let content, let total, let hasQuotes):
        advance(content: content, total: total)
        if hasQuotes { lineCount = newlines(in: 0..<total) }
        if isBlank(content) { continue }
        recordNumber += 1
        return decode(hasQuotes: hasQuotes)
      case .unclosedQuote(let quote, let content, let total):
        advance(content: content, total: total)
        lineCount = newlines(in: 0..<total)
        recordNumber += 1
        return fail(.unclosedQuote, "a quote opens here and is never closed", at: quote)
      case .tooLong:
        recordNumber += 1
        return try skipTooLong() ? .fault : .stopped
      case .atEnd: return .atEnd
      case .stopped: return .stopped
      }
    }
  }

  /// Passes over records that an earlier run has read, with the same numbering as reading them.
  /// Returns false if the input has fewer.
  package func skip(records count: Int) throws(FileError) -> Bool {
    while recordNumber < count {
      switch try frame() {
      case .record(let content, let total, let hasQuotes):
        advance(content: content, total: total)
        if hasQuotes { lineCount = newlines(in: 0..<total) }
        if !isBlank(content) { recordNumber += 1 }
      case .unclosedQuote(_, let content, let total):
        advance(content: content, total: total)
        lineCount = newlines(in: 0..<total)
        recordNumber += 1
      case .tooLong:
        recordNumber += 1
        if try !skipTooLong() { return false }
      case .atEnd, .stopped: return false
      }
    }
    return true
  }

  /// Numbers the next record `count + 1`: a pipe goes on where an earlier one ended.
  package func continueNumbering(after count: Int) { recordNumber = count }

  /// Goes on with other bytes, under the same columns and numbering; lines count from 1 again.
  package func replaceInput(with bytes: [UInt8]) {
    leaveRecord()
    line = 1
    isOneRecord = false
    bytes.withUnsafeBufferPointer { window.replace(with: $0) }
  }

  /// The field at an index of ``columns``.
  @inline(__always)
  package func field(_ index: Int) -> RecordField {
    guard index < layout.columnCount else {
      return RecordField(kind: .absent, bytes: UnsafeBufferPointer(start: nil, count: 0))
    }
    let slice = layout.slices[index]
    let base =
      slice.isDecoded
      ? UnsafePointer(layout.scratch.base) : UnsafePointer(window.base)
    return RecordField(
      kind: slice.kind,
      bytes: UnsafeBufferPointer(
        start: base + Int(slice.start), count: slice.kind == .absent ? 0 : Int(slice.count)))
  }

  /// The current record as written, without its line break.
  package var rawRecord: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: window.base + rawRange.lowerBound, count: rawRange.count)
  }

  /// Where a field starts; the record's own start for a field that is absent.
  package func position(ofField index: Int) -> SourcePosition {
    guard index < layout.columnCount, layout.slices[index].kind != .absent else {
      return position(at: rawRange.lowerBound)
    }
    return position(at: Int(layout.slices[index].rawStart))
  }

  /// A fault of the current record that whoever reads its values has found.
  package func valueFault(field index: Int) -> (position: SourcePosition, raw: [UInt8], length: Int)
  {
    (position(ofField: index), Array(rawRecord.prefix(options.rawLimit)), rawRecord.count)
  }

  /// Goes on with the bytes of one record, such as a message of a topic, whatever line breaks it has.
  ///
  /// - Parameter number: the record's.
  package func replaceInput(
    withRecord bytes: UnsafeBufferPointer<UInt8>, number: Int
  ) {
    leaveRecord()
    line = 1
    window.replace(with: bytes)
    recordNumber = number - 1
    isOneRecord = true
  }

  // MARK: Framing

  private func frame() throws(FileError) -> CSVFramer.Step {
    leaveRecord()
    if isOneRecord {
      let count = window.count
      return count == 0 ? .atEnd : .record(content: count, total: count, hasQuotes: true)
    }
    return format == .csv ? try csvFramer.next(in: window) : try lineFramer.next(in: window)
  }

  func leaveRecord() {
    window.consume(total)
    line += lineCount
    (total, lineCount, elementIndex) = (0, 0, 0)
    (elementCount, nextElement) = (0, 0)
    rawRange = 0..<0
    fault = nil
  }

  private func advance(content: Int, total: Int) {
    self.total = total
    lineCount = 1
    rawRange = 0..<content
  }

  private func isBlank(_ count: Int) -> Bool {
    let base = window.base
    if format == .csv { return count == 0 }
    for offset in 0..<count where base[offset] > 0x20 { return false }
    // Control characters other than white space are no blank line; the parser refuses them.
    for offset in 0..<count where ![0x20, 0x09, 0x0D].contains(base[offset]) { return false }
    return true
  }

  private func newlines(in range: Range<Int>) -> Int {
    var count = 0
    for offset in range where window.base[offset] == UInt8(ascii: "\n") { count += 1 }
    return max(count, 1)
  }

  /// Drops a record beyond the limit, up to and with its line break; false is a stop.
  private func skipTooLong() throws(FileError) -> Bool {
    let held = UnsafeBufferPointer(start: window.base, count: window.count)
    let raw = Array(held.prefix(options.rawLimit).prefix { $0 != UInt8(ascii: "\n") })
    var length = 0
    while true {
      let end = ByteSearch.first(UInt8(ascii: "\n"), in: window.base, from: 0, to: window.count)
      length += end ?? window.count
      window.consume(end.map { $0 + 1 } ?? window.count)
      if end != nil { break }
      let filled = try window.fill()
      if filled == .stopped { return false }
      if filled == .atEnd { break }
    }
    fault = RecordFault(
      code: .tooLong,
      reason: "the record has \(length) bytes, more than the limit of \(options.recordLimit)",
      record: recordNumber, position: SourcePosition(line: line, column: 1), raw: raw,
      rawLength: length)
    lineCount = 1
    return true
  }

  // MARK: Decoding

  private func decode(hasQuotes: Bool) -> Step {
    let base = UnsafePointer(window.base)
    let raw = UnsafeBufferPointer(start: base, count: rawRange.count)
    if let offset = UTF8Check.firstInvalid(raw) {
      return fail(.invalidUTF8, "byte \(offset + 1) of the record is not UTF-8", at: offset)
    }
    if format == .csv {
      switch splitter.split(base, count: raw.count, hasQuotes: hasQuotes, into: &layout) {
      case nil: return .record
      case .misplacedQuote(let offset):
        return fail(
          .misplacedQuote, "a quote inside a field, or text after a closing quote", at: offset)
      case .wrongFieldCount(let count):
        return fail(
          .wrongFieldCount,
          "the record has \(count) fields, the header \(splitter.slots.count)", at: 0)
      }
    }
    do throws(JSONFault) {
      if try parser.line(base, count: raw.count, into: &layout) { return .record }
    } catch {
      return fail(error.code, "\(error.reason)", at: min(error.offset, raw.count))
    }
    elementCount = parser.elements.count
    if elementCount == 0 {
      return fail(.notAnObject, "the array holds no object", at: 0)
    }
    return element()
  }

  private func element() -> Step {
    let range = parser.elements[nextElement]
    fault = nil
    elementIndex = nextElement
    nextElement += 1
    rawRange = range
    do throws(JSONFault) {
      try parser.element(UnsafePointer(window.base), range, into: &layout)
    } catch {
      return fail(error.code, "\(error.reason)", at: error.offset)
    }
    return .record
  }

  private func fail(_ code: RecordFault.Code, _ reason: String, at offset: Int) -> Step {
    fault = RecordFault(
      code: code, reason: reason, record: recordNumber, position: position(at: offset),
      raw: Array(rawRecord.prefix(options.rawLimit)), rawLength: rawRecord.count)
    return .fault
  }

  /// The place of the byte at an offset of the window; columns count characters.
  private func position(at offset: Int) -> SourcePosition {
    let bytes = UnsafeBufferPointer(start: window.base, count: max(offset, 0))
    var start = 0
    var breaks = 0
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
      breaks += 1
      start = index + 1
    }
    let before = String(decoding: bytes[start...], as: UTF8.self)
    return SourcePosition(line: line + breaks, column: before.count + 1)
  }
}
