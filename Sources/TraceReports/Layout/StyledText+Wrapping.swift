extension StyledText {
  /// The text in lines of at most `width` columns, broken at spaces; a word that is longer than a
  /// line is broken where the line ends.
  package func wrapped(to width: Int) -> [StyledText] {
    let width = max(1, width)
    if self.width <= width { return [self] }
    var lines: [StyledText] = []
    var line = StyledText()
    var gap = StyledText()
    for token in tokens() {
      if token.isSpace {
        gap.append(token.text)
        continue
      }
      if line.width + gap.width + token.text.width > width, !line.isEmpty {
        lines.append(line)
        line = StyledText()
      } else {
        line.append(gap)
      }
      gap = StyledText()
      for piece in token.text.cut(every: width) {
        if !line.isEmpty, line.width + piece.width > width {
          lines.append(line)
          line = StyledText()
        }
        line.append(piece)
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  /// The text cut to `width` columns, its end replaced by `ellipsis` if it is longer.
  package func truncated(to width: Int, ellipsis: String) -> StyledText {
    if self.width <= width { return self }
    let room = max(0, width - DisplayWidth.of(ellipsis))
    var kept = cut(every: max(1, room)).first ?? StyledText()
    kept.append(ellipsis, .faint)
    return kept
  }

  private func tokens() -> [(text: StyledText, isSpace: Bool)] {
    var tokens: [(text: StyledText, isSpace: Bool)] = []
    for run in runs {
      for character in run.text {
        let isSpace = character == " "
        if tokens.last?.isSpace != isSpace { tokens.append((StyledText(), isSpace)) }
        tokens[tokens.count - 1].text.append(String(character), run.style)
      }
    }
    return tokens
  }

  private func cut(every width: Int) -> [StyledText] {
    if self.width <= width { return [self] }
    var pieces = [StyledText()]
    for run in runs {
      for character in run.text {
        let piece = StyledText(String(character), run.style)
        let last = pieces.count - 1
        if pieces[last].width + piece.width > width, !pieces[last].isEmpty {
          pieces.append(piece)
        } else {
          pieces[last].append(piece)
        }
      }
    }
    return pieces
  }
}
