internal import FileIO

/// Finds where a line ends, however its bytes arrive.
struct LineFramer {
  let limit: Int
  private var scanned = 0

  init(limit: Int) { self.limit = limit }

  mutating func next(in window: ByteWindow) throws(FileError) -> CSVFramer.Step {
    while true {
      let end = ByteSearch.first(
        UInt8(ascii: "\n"), in: window.base, from: scanned, to: window.count)
      if let end {
        scanned = 0
        return end > limit ? .tooLong : .record(content: end, total: end + 1, hasQuotes: false)
      }
      scanned = window.count
      if window.count > limit {
        scanned = 0
        return .tooLong
      }
      switch try window.fill() {
      case .more: continue
      case .stopped: return .stopped
      case .atEnd:
        scanned = 0
        if window.count == 0 { return .atEnd }
        return .record(content: window.count, total: window.count, hasQuotes: false)
      }
    }
  }
}
