import SourceDiagnostics

extension Checker {
  mutating func declareWindow(_ declaration: WindowDeclaration) {
    let extent = declaration.extent
    let slide = declaration.slide
    let isSound: Bool
    if extent.seconds == 0 {
      report(
        "W1", declaration.isSession ? "the gap of a session is not 0" : "a window has an extent",
        at: extent.span)
      isSound = false
    } else if let slide, slide.seconds == 0 {
      report(
        "W1", "a window that does not move on never ends", at: slide.span,
        help: ["`over all time` needs no window"])
      isSound = false
    } else if let slide, slide.seconds > extent.seconds {
      report(
        "W1", "the window moves on by more than its extent",
        at: [(extent.span, "its extent"), (slide.span, "longer")],
        notes: ["events in between would be in no window"])
      isSound = false
    } else if let slide, extent.seconds % slide.seconds != 0 {
      report(
        "W1", "the extent is no multiple of what the window moves on by",
        at: [(extent.span, ""), (slide.span, "")],
        notes: ["events would be in more windows at some times than at others"])
      isSound = false
    } else {
      isSound = true
    }
    guard declare(declaration.name, isSound ? .window(program.windows.count) : .fault), isSound
    else { return }
    let lateness = declaration.lateness?.seconds ?? 0
    program.windows.append(
      CheckedWindow(
        name: declaration.name.text,
        plan: declaration.isSession
          ? .session(gap: extent.seconds, lateness: lateness)
          : .sliding(
            extent: extent.seconds, slide: slide?.seconds ?? extent.seconds, lateness: lateness),
        span: declaration.name.span))
  }

  /// The window that `over NAME` names; reported and nil if it is none.
  mutating func windowIndex(_ name: NameSyntax) -> Int? {
    switch scope.symbols[name.text]?.symbol {
    case .window(let index)?: return index
    case nil:
      let windows = scope.symbols.filter {
        if case .window = $0.value.symbol { true } else { false }
      }
      reportUnknown(name, as: "window", among: windows.keys.sorted() + ["all time"])
    case let other?: reportKind(name, is: other, expected: "a window")
    }
    return nil
  }
}
