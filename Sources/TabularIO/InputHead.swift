internal import FileIO
internal import SourceDiagnostics

/// The start of an input: its encoding, its format, and the columns of its header.
struct InputHead {
  var format: RecordReader.Format
  var columns: [String]
  /// For each column of the file the index in `columns`, or -1.
  var slots: [Int32] = []
  /// The line after the header.
  var line = 1
  var delimiter: UInt8

  private let name: String

  init(
    reading window: ByteWindow, name: String, columns wanted: RecordReader.Columns,
    options: RecordReader.Options
  ) throws(DiagnosticsError) {
    self.name = name
    delimiter = options.delimiter
    columns = []
    format = .csv
    do throws(FileError) {
      while window.count < 4, try window.fill() == .more {}
    } catch {
      throw DiagnosticsError(error.diagnostic)
    }
    try skipByteOrderMark(window)
    format = options.format ?? Self.format(ofFirstByte: window)
    if window.count == 0 {
      let expected = format == .csv ? "a header line with the names of the columns" : "records"
      throw failure("I2", "`\(name)` is empty, expected \(expected)")
    }
    switch (format, wanted) {
    case (.csv, _):
      if options.detectsDelimiter { try detectDelimiter(window) }
      let header = try readHeader(window, options: options)
      try bind(wanted, header: header.names, text: header.text)
    case (.jsonLines, .named(let names, _)):
      columns = names
    case (.jsonLines, .all):
      throw failure("I3", "`\(name)` has no header: JSON lines are read by the names of keys")
    }
  }

  /// By extension; nil is undecided.
  static func format(ofPath path: String) -> RecordReader.Format? {
    let lower = path.lowercased()
    if lower.hasSuffix(".csv") { return .csv }
    for ending in [".jsonl", ".ndjson", ".json"] where lower.hasSuffix(ending) {
      return .jsonLines
    }
    return nil
  }

  private static func format(ofFirstByte window: ByteWindow) -> RecordReader.Format {
    for offset in 0..<window.count where window.base[offset] > 0x20 {
      let byte = window.base[offset]
      return byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") ? .jsonLines : .csv
    }
    return .csv
  }

  private func failure(_ code: String, _ message: String, help: [String] = []) -> DiagnosticsError {
    DiagnosticsError(Diagnostic(code: code, message: message, file: name, help: help))
  }

  private func skipByteOrderMark(_ window: ByteWindow) throws(DiagnosticsError) {
    let base = window.base
    guard window.count >= 2 else { return }
    if window.count >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF {
      window.consume(3)
    } else if (base[0], base[1]) == (0xFF, 0xFE) || (base[0], base[1]) == (0xFE, 0xFF) {
      throw failure(
        "I5", "`\(name)` is UTF-16, expected UTF-8", help: ["convert it:   iconv -t UTF-8"])
    } else if (base[0], base[1]) == (0x1F, 0x8B) {
      throw failure(
        "I5", "`\(name)` is compressed with gzip",
        help: ["unpack it into a pipe:   gzip -dc FILE | ... --input SOURCE=-"])
    }
  }

  /// The first of the usual delimiters that the header's line has outside of quotes.
  private mutating func detectDelimiter(_ window: ByteWindow) throws(DiagnosticsError) {
    let newline = UInt8(ascii: "\n")
    var scanned = 0
    do throws(FileError) {
      while window.count < 1 << 20 {
        let rest = UnsafeBufferPointer(
          start: UnsafePointer(window.base) + scanned, count: window.count - scanned)
        if rest.contains(newline) { break }
        scanned = window.count
        if try window.fill() != .more { break }
      }
    } catch {
      throw DiagnosticsError(error.diagnostic)
    }
    var isQuoted = false
    var found: Set<UInt8> = []
    for offset in 0..<window.count {
      let byte = window.base[offset]
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == newline { break }
      found.insert(byte)
    }
    let usual = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
    delimiter = usual.first(where: found.contains) ?? delimiter
  }

  private mutating func readHeader(
    _ window: ByteWindow, options: RecordReader.Options
  ) throws(DiagnosticsError) -> (names: [String], text: String) {
    var framer = CSVFramer(delimiter: delimiter, limit: options.recordLimit)
    let step: CSVFramer.Step
    do throws(FileError) {
      step = try framer.next(in: window)
    } catch {
      throw DiagnosticsError(error.diagnostic)
    }
    guard case .record(let content, let total, let hasQuotes) = step else {
      if case .stopped = step { throw failure("I3", "stopped before a header came") }
      throw failure("I3", "the header of `\(name)` is never closed")
    }
    let raw = UnsafeBufferPointer(start: UnsafePointer(window.base), count: content)
    let text = String(decoding: raw, as: UTF8.self)
    if UTF8Check.firstInvalid(raw) != nil {
      throw failure("I5", "the header of `\(name)` is not UTF-8")
    }
    line += raw.count { $0 == UInt8(ascii: "\n") } + 1
    // As many columns as there are delimiters, at most; the splitter says how many there are.
    let most = raw.count { $0 == delimiter } + 1
    var count = most
    var layout = RecordLayout(columnCount: most)
    let splitter = CSVSplitter(
      delimiter: delimiter, slots: (0..<most).map { Int32($0) })
    switch splitter.split(window.base, count: content, hasQuotes: hasQuotes, into: &layout) {
    case nil: break
    case .wrongFieldCount(let real): count = real
    case .misplacedQuote: throw failure("I3", "the header of `\(name)` has a misplaced quote")
    }
    var names: [String] = []
    for column in 0..<count {
      let slice = layout.slices[column]
      let base = slice.isDecoded ? UnsafePointer(layout.scratch.base) : UnsafePointer(window.base)
      let bytes = UnsafeBufferPointer(start: base + Int(slice.start), count: Int(slice.count))
      names.append(String(decoding: bytes, as: UTF8.self))
      if bytes.contains(UInt8(ascii: "\r")) {
        throw failure("I3", "the lines of `\(name)` end in CR alone, expected LF or CR LF")
      }
    }
    window.consume(total)
    return (names, text)
  }

  private mutating func bind(
    _ wanted: RecordReader.Columns, header: [String], text: String
  ) throws(DiagnosticsError) {
    var faults: [Diagnostic] = []
    var columnOfName: [String: Int] = [:]
    for (column, title) in header.enumerated() {
      if let first = columnOfName[title] {
        var fault = Diagnostic(
          code: "I3", message: "the header has the column `\(title)` twice", file: name,
          position: SourcePosition(line: 1, column: 1), path: title,
          notes: ["columns \(first + 1) and \(column + 1) of \(header.count)"])
        fault.excerpts = [Diagnostic.Excerpt(cutting: text, line: 1, marks: [])]
        faults.append(fault)
      } else {
        columnOfName[title] = column
      }
    }
    slots = Array(repeating: -1, count: header.count)
    switch wanted {
    case .all:
      columns = header
      for column in header.indices { slots[column] = Int32(truncatingIfNeeded: column) }
    case .named(let names, let optional):
      columns = names
      for (slot, title) in names.enumerated() {
        if let column = columnOfName[title] {
          slots[column] = Int32(truncatingIfNeeded: slot)
        } else if !optional.contains(title) {
          faults.append(missing(title, header: header))
        }
      }
    }
    if !faults.isEmpty { throw DiagnosticsError(faults) }
  }

  private func missing(_ title: String, header: [String]) -> Diagnostic {
    var help: [String] = []
    if let near = NearMiss.suggestion(for: title, among: header) {
      help.append("did you mean `\(near)`?")
    }
    let shown = header.prefix(20).map { "`\($0)`" }.joined(separator: ", ")
    let rest = header.count > 20 ? " and \(header.count - 20) more" : ""
    return Diagnostic(
      code: "I4", message: "the header has no column `\(title)`", file: name,
      position: SourcePosition(line: 1, column: 1), path: title,
      notes: ["its columns are \(shown)\(rest)"], help: help)
  }
}
