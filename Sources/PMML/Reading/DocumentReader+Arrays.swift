internal import SourceDiagnostics

/// Sparse arrays and matrices.
extension DocumentReader {
  /// No matrix or sparse array has more entries than this.
  private static let entryLimit = 1 << 24

  /// The entries of a `REAL-SparseArray`, the absent ones too.
  ///
  /// - Parameter count: how many entries it has where it does not say.
  func readSparseArray(
    _ element: Element, count: Int
  ) throws(DiagnosticsError) -> [Double] {
    let length = integer(.n, of: element) ?? count
    let absent = number(.defaultValue, of: element) ?? 0
    guard (0...Self.entryLimit).contains(length) else {
      report("P13", "a sparse array of \(length) entries is too large", at: element)
      return []
    }
    var indices: [Double] = []
    var values: [Double] = []
    while let child = try nextChild(of: element) {
      switch child.name {
      case .indices: indices = try readNumberArray(child)
      case .realEntries: values = try readNumberArray(child)
      default: unexpected(child, in: element)
      }
    }
    if indices.count != values.count {
      report(
        "P13", "the sparse array has \(indices.count) indices for \(values.count) entries",
        at: element)
    }
    var entries = Array(repeating: absent, count: length)
    for (index, value) in zip(indices, values) {
      guard let place = Int(exactly: index), (1...max(1, length)).contains(place), length > 0 else {
        report("P13", "index \(index) is not between 1 and \(length)", at: element)
        continue
      }
      entries[place - 1] = value
    }
    return entries
  }

  /// The rows of a `Matrix`.
  func readMatrix(_ element: Element) throws(DiagnosticsError) -> [[Double]] {
    enum Kind: String, CaseIterable { case diagonal, symmetric, any }
    let kind: Kind = choice(.kind, of: element) ?? .any
    let rowCount = integer(.nbRows, of: element)
    let columnCount = integer(.nbCols, of: element)
    let diagonal = number(.diagDefault, of: element) ?? 0
    let others = number(.offDiagDefault, of: element) ?? 0
    var arrays: [[Double]] = []
    var cells: [(row: Int, column: Int, value: Double)] = []
    while let child = try nextChild(of: element) {
      switch child.name {
      case .array: arrays.append(try readNumberArray(child))
      case .matCell:
        let row = integer(.row, of: child) ?? 0
        let column = integer(.col, of: child) ?? 0
        let text = try text(of: child)
        guard let value = XMLNumber.double(text), !value.isNaN else {
          report("P4", "`\(text)` in `MatCell` is not a number", at: child)
          continue
        }
        cells.append((row, column, value))
      default: unexpected(child, in: element)
      }
    }
    if kind == .any, !arrays.isEmpty { return arrays }
    let size = kind == .diagonal ? arrays.first?.count ?? 0 : arrays.count
    let height = rowCount ?? max(size, cells.map(\.row).max() ?? 0)
    let width = columnCount ?? max(size, cells.map(\.column).max() ?? 0)
    guard height >= 0, width >= 0, width <= Self.entryLimit, height <= Self.entryLimit,
      height * width <= Self.entryLimit
    else {
      report("P13", "a matrix of \(height) by \(width) is too large", at: element)
      return []
    }
    var rows = (0..<height).map { row in
      (0..<width).map { $0 == row ? diagonal : others }
    }
    func set(_ row: Int, _ column: Int, _ value: Double) {
      guard rows.indices.contains(row), rows[row].indices.contains(column) else {
        report("P13", "the matrix has no cell \(row + 1), \(column + 1)", at: element)
        return
      }
      rows[row][column] = value
    }
    for (row, array) in arrays.enumerated() {
      for (column, value) in array.enumerated() {
        switch kind {
        case .diagonal: set(column, column, value)
        case .symmetric:
          set(row, column, value)
          if row != column { set(column, row, value) }
        case .any: set(row, column, value)
        }
      }
    }
    for cell in cells {
      set(cell.row - 1, cell.column - 1, cell.value)
      if kind == .symmetric, cell.row != cell.column {
        set(cell.column - 1, cell.row - 1, cell.value)
      }
    }
    return rows
  }
}
