/// A table of labels with a bar and some numbers each, fitted to a page.
///
///     label      ████████████      1,204   41.2 %
///
/// Bars get what labels and numbers leave; where that is next to nothing they are left out.
package struct BarTable: Sendable {
  package struct Row: Sendable {
    package var label: StyledText
    /// The magnitude as a share of the longest bar, 0 to 1.
    package var share: Double
    package var style: TextStyle
    /// What stands at the right, one text a column.
    package var cells: [StyledText]

    package init(
      label: StyledText, share: Double, style: TextStyle = .plain, cells: [StyledText]
    ) {
      self.label = label
      self.share = share
      self.style = style
      self.cells = cells
    }
  }

  private let heads: [StyledText]
  private var rows: [Row] = []
  private static let longestBar = 24
  private static let shortestBar = 4
  private static let shortestLabel = 12

  /// - Parameter heads: the titles of the columns of numbers; empty ones for none.
  package init(heads: [StyledText]) { self.heads = heads }

  package mutating func add(_ row: Row) { rows.append(row) }

  package var isEmpty: Bool { rows.isEmpty }

  /// Writes the rows, and the heads above them if there are any.
  package func write(on page: inout ReportPage) {
    var widths = heads.map(\.width)
    for row in rows {
      for (column, cell) in row.cells.enumerated() where column < widths.count {
        widths[column] = max(widths[column], cell.width)
      }
    }
    let numbers = widths.reduce(0) { $0 + $1 + 2 }
    let room = max(Self.shortestLabel, page.width - 2 - numbers)
    let longest = rows.map(\.label.width).max() ?? 0
    let labelWidth = min(longest, max(Self.shortestLabel, room - 2 - Self.shortestBar))
    var barWidth = min(Self.longestBar, room - labelWidth - 2)
    if barWidth < Self.shortestBar { barWidth = 0 }
    let numberColumn = 2 + labelWidth + (barWidth > 0 ? 2 + barWidth : 0)
    func line(_ label: StyledText, _ bar: StyledText, _ cells: [StyledText]) -> StyledText {
      var line =
        StyledText("  ") + label.truncated(to: labelWidth, ellipsis: page.charset.fitted("…"))
      if barWidth > 0 { line = line.padded(to: 2 + labelWidth + 2) + bar }
      var end = numberColumn
      for (width, cell) in zip(widths, cells) {
        end += 2 + width
        line = line.padded(to: end - cell.width) + cell
      }
      return line
    }
    if heads.contains(where: { !$0.isEmpty }) {
      page.line(line(StyledText(), StyledText(), heads))
    }
    for row in rows {
      let bar = page.text(
        Bar.text(share: row.share, isNegative: false, width: barWidth), row.style)
      page.line(line(row.label, bar, row.cells))
    }
  }
}
