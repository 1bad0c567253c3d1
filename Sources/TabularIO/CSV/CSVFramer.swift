internal import FileIO

/// Finds where a CSV record ends, whatever piecemeal way its bytes arrive.
///
/// A record without quotes ends at the first line break, found by a vector search. Only a record
/// that holds a quote goes through the state machine, from its start and once.
struct CSVFramer {
  enum Step {
    /// `content` bytes without the line break, `total` with it.
    case record(content: Int, total: Int, hasQuotes: Bool)
    /// The quote at this offset is not closed within the limit or the input. What is given up is
    /// the record up to the end of the line where the quote opened, so that the lines after it
    /// are read.
    case unclosedQuote(at: Int, content: Int, total: Int)
    case tooLong
    case atEnd
    case stopped
  }

  private enum State { case fieldStart, plain, quoted, afterQuote }

  let delimiter: UInt8
  let limit: Int
  private var scanned = 0
  private var inspectsQuotes = false
  private var state = State.fieldStart
  private var quoteStart = 0

  init(delimiter: UInt8, limit: Int) {
    self.delimiter = delimiter
    self.limit = limit
  }

  /// Whether nothing of a record was scanned yet.
  var isAtStart: Bool { scanned == 0 && !inspectsQuotes }

  /// Forgets what was scanned; the window now starts at a new record.
  private mutating func reset() {
    (scanned, inspectsQuotes, state, quoteStart) = (0, false, .fieldStart, 0)
  }

  mutating func next(in window: ByteWindow) throws(FileError) -> Step {
    while true {
      if let step = scan(window) {
        reset()
        return step
      }
      if window.count > limit || (window.isAtEnd && window.count > 0) {
        defer { reset() }
        return giveUp(window)
      }
      switch try window.fill() {
      case .more: continue
      case .stopped: return .stopped
      case .atEnd: if window.count == 0 { return .atEnd }
      }
    }
  }

  /// Scans what has come; nil means that the record goes on.
  private mutating func scan(_ window: ByteWindow) -> Step? {
    let base = UnsafePointer(window.base)
    if !inspectsQuotes {
      guard
        let end = ByteSearch.first(UInt8(ascii: "\n"), in: base, from: scanned, to: window.count)
      else {
        scanned = window.count
        return nil
      }
      if ByteSearch.first(UInt8(ascii: "\""), in: base, from: 0, to: end) == nil {
        return end > limit ? .tooLong : record(base, end, hasQuotes: false)
      }
      inspectsQuotes = true
      scanned = 0
    }
    return scanQuotes(base, window.count)
  }

  private mutating func scanQuotes(_ base: UnsafePointer<UInt8>, _ count: Int) -> Step? {
    while scanned < count {
      let byte = base[scanned]
      switch state {
      case .fieldStart, .plain:
        if byte == UInt8(ascii: "\n") { return record(base, scanned, hasQuotes: true) }
        if byte == UInt8(ascii: "\""), state == .fieldStart {
          state = .quoted
          quoteStart = scanned
        } else {
          state = byte == delimiter ? .fieldStart : .plain
        }
      case .quoted:
        guard let quote = ByteSearch.first(UInt8(ascii: "\""), in: base, from: scanned, to: count)
        else {
          scanned = count
          return nil
        }
        scanned = quote
        state = .afterQuote
      case .afterQuote:
        if byte == UInt8(ascii: "\n") { return record(base, scanned, hasQuotes: true) }
        // Anything but a second quote or a delimiter is a fault, which splitting reports.
        state =
          byte == UInt8(ascii: "\"") ? .quoted : byte == delimiter ? .fieldStart : .plain
      }
      scanned += 1
    }
    return nil
  }

  private func record(_ base: UnsafePointer<UInt8>, _ end: Int, hasQuotes: Bool) -> Step {
    let content = end > 0 && base[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
    return .record(content: content, total: end + 1, hasQuotes: hasQuotes)
  }

  /// The window holds more than the limit, or all that will come, and no end of the record.
  private mutating func giveUp(_ window: ByteWindow) -> Step {
    let base = UnsafePointer(window.base)
    let count = window.count
    if !inspectsQuotes {
      inspectsQuotes = true
      scanned = 0
      if let step = scanQuotes(base, count) { return step }
    }
    if state == .quoted {
      let newline = ByteSearch.first(UInt8(ascii: "\n"), in: base, from: quoteStart, to: count)
      if let newline {
        return .unclosedQuote(at: quoteStart, content: newline, total: newline + 1)
      }
      if count <= limit { return .unclosedQuote(at: quoteStart, content: count, total: count) }
    }
    if count > limit { return .tooLong }
    let content = base[count - 1] == UInt8(ascii: "\r") ? count - 1 : count
    return .record(content: content, total: count, hasQuotes: true)
  }
}
