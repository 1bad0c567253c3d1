internal import DataFields
internal import DecisionTrace
internal import PopulationViews

/// Rows on their way into a table of cohorts: a column for each field, a group for each row.
struct CohortRows {
  /// A column that grows.
  fileprivate enum Column {
    case exact([Quotient?], scale: Int, unit: MeasurementUnit)
    case dates([CalendarDate?])
    case binary([Double])
    case categories([Int32], names: [String], codes: [String: Int32])
    case levels([Int32], TraceSchema.Rank, ValueType, value: String)
  }

  /// What a row says in one column.
  enum Cell {
    case missing
    case content(Trace.Content)
    case number(Double)
    case text(String)
    case level(Int)
  }

  private var names: [String] = []
  private var columns: [Column] = []
  private var groups: [String] = []
  private var groupCodes: [String: Int32] = [:]
  private(set) var groupOfRow: [Int32] = []
  /// One sum a group, where a column is summed up.
  private(set) var sums: [DecimalSum] = []

  /// How many groups are told apart.
  static let groupLimit = 50

  mutating func addField(_ name: String, _ type: ValueType) {
    names.append(name)
    switch type {
    case .integer, .decimal, .quotient:
      columns.append(.exact([], scale: type.scale, unit: type.unit))
    case .date: columns.append(.dates([]))
    case .double: columns.append(.binary([]))
    case .boolean, .text, .rank: columns.append(.categories([], names: [], codes: [:]))
    }
  }

  mutating func addRank(_ rank: TraceSchema.Rank, of field: TraceSchema.Field) {
    names.append(rank.name)
    columns.append(.levels([], rank, field.type, value: field.name))
  }

  /// Adds a row with a cell for each column.
  ///
  /// - Parameter group: nil for a row that belongs to none, and is left out.
  /// - Returns: false if there are more than ``groupLimit`` groups.
  mutating func add(_ cells: [Cell], group: String?) -> Bool {
    precondition(cells.count == columns.count, "a row has a cell a column")
    for (place, cell) in cells.enumerated() { columns[place].append(cell) }
    guard let group else {
      groupOfRow.append(-1)
      return true
    }
    if let code = groupCodes[group] {
      groupOfRow.append(code)
      return true
    }
    let code = Int32(groups.count)
    groupCodes[group] = code
    groups.append(group)
    sums.append(DecimalSum())
    groupOfRow.append(code)
    return groups.count <= Self.groupLimit
  }

  /// Adds the number of a row's text to the sum of its group.
  mutating func sum(_ text: Span<UInt8>, row: Int) {
    if groupOfRow[row] >= 0 { sums[Int(groupOfRow[row])].add(text) }
  }

  func table() -> CohortTable {
    CohortTable(
      columns: zip(names, columns).map { name, column in
        let values: CohortColumn.Values =
          switch column {
          case .exact(let values, let scale, let unit): .exact(values, scale: scale, unit: unit)
          case .dates(let values): .dates(values)
          case .binary(let values): .binary(values)
          case .categories(let codes, let names, _): .categories(codes, names: names)
          case .levels(let levels, let rank, let type, let value):
            .levels(levels, rank, type, value: value)
          }
        return CohortColumn(name: name, values)
      }, groups: groups, groupOfRow: groupOfRow)
  }
}

extension CohortRows.Column {
  /// What does not fit the column is missing.
  fileprivate mutating func append(_ cell: CohortRows.Cell) {
    switch self {
    case .exact(var values, let scale, let unit):
      // Taken out for the call, so that the array is not copied.
      self = .dates([])
      if case .content(.number(let number, _, _, _)) = cell {
        values.append(number)
      } else {
        values.append(nil)
      }
      self = .exact(values, scale: scale, unit: unit)
    case .dates(var values):
      self = .binary([])
      if case .content(.date(let date)) = cell { values.append(date) } else { values.append(nil) }
      self = .dates(values)
    case .binary(var values):
      self = .dates([])
      switch cell {
      case .number(let number), .content(.double(let number)): values.append(number)
      default: values.append(.nan)
      }
      self = .binary(values)
    case .categories(var list, var names, var codes):
      self = .dates([])
      var text: String?
      switch cell {
      case .text(let word): text = word
      case .content(let content): text = content.plainText
      default: break
      }
      if let text {
        let code = codes[text] ?? Int32(names.count)
        if code == names.count {
          names.append(text)
          codes[text] = code
        }
        list.append(code)
      } else {
        list.append(-1)
      }
      self = .categories(list, names: names, codes: codes)
    case .levels(var levels, let rank, let type, let value):
      self = .dates([])
      if case .level(let level) = cell { levels.append(Int32(level)) } else { levels.append(-1) }
      self = .levels(levels, rank, type, value: value)
    }
  }
}
