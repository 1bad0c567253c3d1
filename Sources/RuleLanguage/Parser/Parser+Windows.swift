import SourceDiagnostics

extension Parser {
  /// `window NAME = 30 d [tumbling | sliding by 1 d] [, late up to 1 d]`, or `session gap 30 min`
  /// in place of the extent.
  mutating func window() throws(Failure) -> WindowDeclaration {
    let start = token
    advance()
    let name = try name("the window's name")
    _ = try expect(.equal, "`=` and the window's extent")
    let isSession = takeWord("session") != nil
    if isSession { try expectWord("gap") }
    let extent = try duration(isSession ? "the gap" : "the window's extent, or `session gap`")
    var slide: DurationSyntax?
    if !isSession, takeWord("tumbling") == nil, takeWord("sliding") != nil {
      try expectWord("by")
      slide = try duration("how far the window slides")
    }
    var lateness: DurationSyntax?
    if take(.comma) != nil {
      try expectWord("late")
      try expectWord("up")
      try expectWord("to")
      lateness = try duration("how late an event may be")
    }
    if !isAtEnd, !token.startsLine {
      throw unexpected(
        isSession || slide != nil || lateness != nil
          ? "expected `, late up to` or the next declaration"
          : "expected `tumbling`, `sliding by`, `, late up to` or the next declaration")
    }
    return WindowDeclaration(
      id: newID(), name: name, extent: extent, isSession: isSession, slide: slide,
      lateness: lateness, span: span(from: start))
  }

  private static let secondsByUnit = ["s": 1, "min": 60, "h": 3_600, "d": 86_400]

  /// A whole number of seconds, minutes, hours or days.
  private mutating func duration(_ purpose: String) throws(Failure) -> DurationSyntax {
    let start = token
    // As many seconds as the longest window has.
    let number = try smallNumber("\(purpose), a whole number", in: 0...3_162_240_000)
    guard token.kind == .name, !token.startsLine, let unit = Self.secondsByUnit[text(token)]
    else { throw unexpected("expected `s`, `min`, `h` or `d`") }
    advance()
    let place = span(from: start)
    guard number <= 3_162_240_000 / unit else {
      report("X3", "a duration is at most 36_600 d", place)
      throw Failure()
    }
    return DurationSyntax(seconds: number * unit, span: place)
  }
}
