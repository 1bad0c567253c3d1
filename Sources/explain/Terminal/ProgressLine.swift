internal import TraceReports

/// One line on standard error that says how far a long command has got; nothing at all where
/// standard error is not a terminal.
struct ProgressLine {
  private let isShown = Terminal.isErrorTerminal
  private let width = Terminal.error.width
  private let clock = ContinuousClock()
  private var next: ContinuousClock.Instant?
  private var isOnScreen = false

  /// Shows a text in place of the last one, at most ten times a second.
  ///
  /// - Parameter text: made only when it is shown.
  mutating func show(_ text: @autoclosure () -> String) {
    guard isShown else { return }
    let now = clock.now
    if let next, now < next { return }
    next = now + .milliseconds(100)
    let line = StyledText(Charset(usesUnicode: Terminal.error.usesUnicode).fitted(text()))
    let shown = line.truncated(to: width - 1, ellipsis: "..").rendered(usesColor: false)
    StandardError.write("\r\u{1B}[K" + shown)
    isOnScreen = true
  }

  /// Takes the line away, so that what follows starts on a clean one.
  mutating func clear() {
    if isOnScreen { StandardError.write("\r\u{1B}[K") }
    isOnScreen = false
  }
}
