/// Rows of values for a model: columns of doubles or interned codes, with missing bits.
///
/// Shape: `rowCount` rows x `fields.count` columns, stored column by column. A text column holds
/// codes of `texts`. A missing value holds 0 and has its bit set.
package struct ModelMatrix: Sendable {
  package struct Column: Sendable {
    package let name: String
    package let kind: ModelValueKind
    /// Numbers, or codes of the matrix's texts.
    package fileprivate(set) var values: [Double] = []
    fileprivate var missing: [UInt64] = []

    fileprivate init(name: String, kind: ModelValueKind) {
      self.name = name
      self.kind = kind
    }

    @inlinable
    package var count: Int { values.count }

    package func isMissing(_ row: Int) -> Bool { missing[row >> 6] >> UInt64(row & 63) & 1 == 1 }

    fileprivate mutating func append(_ value: Double?) {
      let row = values.count
      if row & 63 == 0 { missing.append(0) }
      if value == nil { missing[row >> 6] |= 1 << UInt64(row & 63) }
      values.append(value ?? 0)
    }
  }

  package private(set) var columns: [Column]
  package private(set) var rowCount = 0
  package private(set) var texts = TextInterner()

  package init(fields: [(name: String, kind: ModelValueKind)]) {
    columns = fields.map { Column(name: $0.name, kind: $0.kind) }
  }

  /// One value of a row that is appended.
  package enum Value: Sendable, Hashable {
    case number(Double)
    case text(String)
    case missing
  }

  /// Appends a row with one value a column; a value of the wrong kind counts as missing.
  package mutating func append(_ row: [Value]) {
    precondition(row.count == columns.count, "a row has one value a column")
    for index in columns.indices {
      switch (row[index], columns[index].kind) {
      case (.number(let number), .number): columns[index].append(number)
      case (.text(let text), .text): columns[index].append(Double(texts.intern(text)))
      default: columns[index].append(nil)
      }
    }
    rowCount += 1
  }

  package func columnIndex(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }

  /// One row, without copying.
  package func row(_ index: Int) -> Row { Row(matrix: self, index: index) }

  /// A view of one row.
  package struct Row: Sendable {
    package let matrix: ModelMatrix
    package let index: Int

    package var count: Int { matrix.columns.count }

    package subscript(column: Int) -> Value {
      let source = matrix.columns[column]
      if source.isMissing(index) { return .missing }
      switch source.kind {
      case .number: return .number(source.values[index])
      case .text: return .text(matrix.texts.text(Int32(source.values[index])))
      }
    }
  }
}
