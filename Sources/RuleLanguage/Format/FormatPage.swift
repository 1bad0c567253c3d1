/// A file that is being laid out.
struct FormatPage {
  let source: FormatSource
  let words: [String]
  let lineStarts: [Int]
  var lines: [FormatLine]
  /// Where comments at the ends of lines stand, if no line is longer.
  private static let commentColumn = 53

  init(_ source: FormatSource) {
    self.source = source
    words = Self.words(of: source)
    lineStarts = Self.lineStarts(of: source)
    lines = Self.lines(of: source)
    indent()
    layRules()
  }

  /// The text, with a line break at its end.
  func text() -> String {
    var texts = alignedTexts()
    alignComments(&texts)
    var result = ""
    for (place, line) in lines.enumerated() {
      if line.hasBlankBefore, place > 0, !opensBlock(place - 1), !closesBlock(place) {
        result += "\n"
      }
      result += texts[place] + "\n"
    }
    return result
  }

  private func opensBlock(_ place: Int) -> Bool {
    let line = lines[place]
    return !line.isComment && kind(line.tokens.upperBound - 1) == .leftBrace
  }

  private func closesBlock(_ place: Int) -> Bool {
    let line = lines[place]
    return !line.isComment && kind(line.tokens.lowerBound) == .rightBrace
  }

  /// The lines with their columns aligned, without comments at their ends.
  private func alignedTexts() -> [String] {
    let rows = lines.map { FormatCells.Row(of: $0, on: self) }
    var texts: [String] = []
    texts.reserveCapacity(rows.count)
    var start = 0
    while start < rows.count {
      var end = start + 1
      while end < rows.count, rows[end].role == rows[start].role, rows[start].role != .plain,
        lines[end].indent == lines[start].indent, !lines[end].hasBlankBefore
      {
        end += 1
      }
      let aligned = FormatCells.align(Array(rows[start..<end]))
      for (offset, text) in aligned.enumerated() {
        texts.append(String(repeating: "  ", count: lines[start + offset].indent) + text)
      }
      start = end
    }
    return texts
  }

  /// Comments of lines that follow each other stand in one column.
  private func alignComments(_ texts: inout [String]) {
    var start = 0
    while start < lines.count {
      var end = start + 1
      while end < lines.count, lines[end].indent == lines[start].indent,
        !lines[end].hasBlankBefore, !lines[end].isComment
      {
        end += 1
      }
      let commented = (start..<end).filter { lines[$0].comment != nil && !lines[$0].isComment }
      let widths = commented.map { texts[$0].count }
      let column = max(Self.commentColumn, (widths.max() ?? 0) + 2)
      for (place, width) in zip(commented, widths) {
        texts[place] +=
          String(repeating: " ", count: column - width) + (lines[place].comment ?? "")
      }
      for place in start..<end where lines[place].isComment {
        texts[place] += lines[place].comment ?? ""
      }
      start = end
    }
  }
}
