/// Columns: lines of one kind that follow each other have their parts under each other.
enum FormatCells {
  /// What a line is, as far as its columns are concerned.
  enum Role: Hashable {
    case plain, table, field, heading, level, definition, window
  }

  /// A part of a line.
  struct Cell {
    var text: String
    /// Spaces before it.
    var gap: Int
    /// Which column it fills; without one it follows what is before it.
    var column: Int?
    var isRightAligned = false
  }

  struct Row {
    var role: Role
    var cells: [Cell]
  }

  /// The lines with each column as wide as its widest part.
  static func align(_ rows: [Row]) -> [String] {
    var widths: [Int: Int] = [:]
    for row in rows {
      for (place, cell) in row.cells.enumerated() {
        guard let column = cell.column, cell.isRightAligned || place + 1 < row.cells.count else {
          continue
        }
        widths[column] = max(widths[column] ?? 0, cell.text.count)
      }
    }
    return rows.map { row in
      var line = ""
      for (place, cell) in row.cells.enumerated() {
        if place > 0 { line += String(repeating: " ", count: cell.gap) }
        let width = cell.column.flatMap { widths[$0] } ?? 0
        let padding = String(repeating: " ", count: max(0, width - cell.text.count))
        if cell.isRightAligned {
          line += padding + cell.text
        } else {
          line += place + 1 < row.cells.count ? cell.text + padding : cell.text
        }
      }
      return line
    }
  }
}

extension FormatCells.Row {
  /// The parts of one line.
  init(of line: FormatLine, on page: FormatPage) {
    guard let first = line.tokens.first, line.openParentheses == 0,
      page.kind(first) != .rightBrace,
      line.tokens.count == 1 || !page.source.isBound(first + 1)
    else {
      self.init(role: .plain, cells: [.init(text: page.text(line.tokens), gap: 0)])
      return
    }
    let hasBraces = line.tokens.contains {
      page.kind($0) == .leftBrace || page.kind($0) == .rightBrace
    }
    let word = page.word(first)
    if Self.fieldBlocks.contains(line.block), page.keepsBracesTogether(line.tokens) {
      self = .field(line, page)
    } else if hasBraces {
      self.init(role: .plain, cells: [.init(text: page.text(line.tokens), gap: 0)])
    } else if page.hasBar(line.tokens), line.block == "decision" || line.block == "test" {
      self = .table(line, page)
    } else if ["ruleset", "rates", "model", "override", "test"].contains(line.block),
      page.kind(first) == .name, line.tokens.count > 1
    {
      self = .heading(line, page)
    } else if line.block == "rank", page.kind(first) == .name, line.tokens.count > 1 {
      self = .level(line, page)
    } else if word == "let" || word == "window" {
      self = .definition(line, page)
      if word == "window" { role = .window }
    } else {
      self.init(role: .plain, cells: [.init(text: page.text(line.tokens), gap: 0)])
    }
  }

  private static let fieldBlocks: Set<String> = ["input", "event", "list"]

  private static func table(_ line: FormatLine, _ page: FormatPage) -> Self {
    var cells: [FormatCells.Cell] = []
    var start = line.tokens.lowerBound
    func close(_ end: Int) {
      let tokens = start..<end
      cells.append(
        .init(
          text: page.text(tokens), gap: 1, column: cells.count,
          isRightAligned: isQuantity(tokens, page)))
    }
    for index in line.tokens where page.kind(index) == .bar || page.kind(index) == .doubleBar {
      close(index)
      cells.append(.init(text: page.word(index), gap: 1, column: cells.count))
      start = index + 1
    }
    close(line.tokens.upperBound)
    return Self(role: .table, cells: cells)
  }

  /// A number with its unit.
  private static func isQuantity(_ tokens: Range<Int>, _ page: FormatPage) -> Bool {
    var rest = tokens
    if let first = rest.first, page.kind(first) == .minus { rest = rest.dropFirst() }
    guard let number = rest.first, page.kind(number) == .number else { return false }
    return rest.dropFirst().allSatisfy { page.kind($0) == .name || page.kind($0) == .slash }
  }

  /// `id  text  column "PARTY_ID"   key, masked keep 4`
  private static func field(_ line: FormatLine, _ page: FormatPage) -> Self {
    let first = line.tokens.lowerBound
    var cells: [FormatCells.Cell] = [.init(text: page.word(first), gap: 0, column: 0)]
    var start = first + 1
    var column: Int? = 1
    var depth = 0
    for index in line.tokens.dropFirst() {
      switch page.kind(index) {
      case .leftParenthesis, .leftBracket, .leftBrace: depth += 1
      case .rightParenthesis, .rightBracket, .rightBrace: depth -= 1
      default: break
      }
      let word = page.word(index)
      guard depth == 0, index > start, page.kind(index - 1) != .comma,
        !page.source.isBound(index),
        word == "column" || clauses.contains(word)
      else { continue }
      // The parts after the column's name differ from field to field.
      cells.append(
        .init(text: page.text(start..<index), gap: cells.count < 3 ? 2 : 3, column: column))
      column = word == "column" && column == 1 ? 2 : nil
      start = index
    }
    if start < line.tokens.upperBound {
      cells.append(
        .init(
          text: page.text(start..<line.tokens.upperBound), gap: cells.count < 3 ? 2 : 3,
          column: column))
    }
    return Self(role: .field, cells: cells)
  }

  private static let clauses: Set<String> = [
    "in", "missing", "key", "time", "actionable", "personal", "masked",
  ]

  /// `owner      "Customer analytics"`
  private static func heading(_ line: FormatLine, _ page: FormatPage) -> Self {
    let first = line.tokens.lowerBound
    var end = line.tokens.upperBound
    if line.block == "rates",
      let type = line.tokens.dropFirst(2).first(where: {
        page.word($0) == "decimal" && !page.source.isBound($0)
      })
    {
      end = type
    }
    var cells: [FormatCells.Cell] = [
      .init(text: page.word(first), gap: 0, column: 0),
      .init(text: page.text((first + 1)..<end), gap: line.block == "test" ? 1 : 2),
    ]
    if end < line.tokens.upperBound {
      cells.append(.init(text: page.text(end..<line.tokens.upperBound), gap: 3))
    }
    return Self(role: .heading, cells: cells)
  }

  /// `Low      below   529_366 HUF`
  private static func level(_ line: FormatLine, _ page: FormatPage) -> Self {
    let first = line.tokens.lowerBound
    var cells: [FormatCells.Cell] = [.init(text: page.word(first), gap: 0, column: 0)]
    var start = first + 1
    if let number = line.tokens.dropFirst().first(where: {
      page.kind($0) == .number && !page.source.isBound($0)
    }),
      number > start
    {
      let isNegative = page.kind(number - 1) == .minus && number - 1 > start
      let value = isNegative ? number - 1 : number
      cells.append(.init(text: page.text(start..<value), gap: 1, column: 1))
      cells.append(
        .init(text: page.text(value..<(number + 1)), gap: 1, column: 2, isRightAligned: true))
      start = number + 1
    }
    if start < line.tokens.upperBound {
      let isGlued = page.kind(start) != .name
      cells.append(
        .init(
          text: page.text(start..<line.tokens.upperBound),
          gap: isGlued && page.source.isGlued(start) ? 0 : 1))
    }
    return Self(role: .level, cells: cells)
  }

  /// `let average    = mean(kept.payable) over all time     missing refuse`
  private static func definition(_ line: FormatLine, _ page: FormatPage) -> Self {
    guard let equals = line.tokens.first(where: { page.kind($0) == .equal }),
      equals > line.tokens.lowerBound
    else { return Self(role: .plain, cells: [.init(text: page.text(line.tokens), gap: 0)]) }
    var cells: [FormatCells.Cell] = [
      .init(text: page.text(line.tokens.lowerBound..<equals), gap: 0, column: 0)
    ]
    var depth = 0
    var end = line.tokens.upperBound
    for index in equals..<line.tokens.upperBound {
      switch page.kind(index) {
      case .leftParenthesis, .leftBracket: depth += 1
      case .rightParenthesis, .rightBracket: depth -= 1
      default: break
      }
      let before = page.word(index - 1)
      if depth == 0, page.word(index) == "missing", !page.source.isBound(index), before != "is",
        before != "not"
      {
        end = index
        break
      }
    }
    cells.append(.init(text: page.text(equals..<end), gap: 1))
    if end < line.tokens.upperBound {
      cells.append(.init(text: page.text(end..<line.tokens.upperBound), gap: 5))
    }
    return Self(role: .definition, cells: cells)
  }
}
