package import DataFields

extension BlockScorer {
  /// Sets an input from text, by position in ``ModelProgram/inputs``.
  package func set(text: String, anyInput place: Int, row: Int, in space: BlockWorkspace) {
    model.set(text: text, anyInput: place, in: &space.row)
    space.inputs[place * BlockWorkspace.rowCount + row] = space.row.inputs[place]
    let bit = UInt64(1) << UInt64(row)
    if space.row.unparsable[place] {
      space.unparsable[place] |= bit
    } else {
      space.unparsable[place] &= ~bit
    }
  }

  /// Sets an input of up to 64 rows from their texts; a row without one is left as it is.
  ///
  /// No text becomes a `String` but those that ``BinaryNumberText`` leaves open.
  ///
  /// - Parameters:
  ///   - bytes: well-formed UTF-8.
  ///   - ranges: where each row's text lies in `bytes`.
  ///   - stride: how far the ranges of two rows are apart.
  package func set(
    texts bytes: UnsafeBufferPointer<UInt8>, _ ranges: UnsafeBufferPointer<TextRange>,
    stride: Int, anyInput place: Int, in space: BlockWorkspace
  ) {
    let type = model.program.inputs[place].field.dataType
    let column = space.inputs + place * BlockWorkspace.rowCount
    let settled = Self.settle(bytes, ranges, stride: stride, type, into: column, space)
    space.unparsable[place] &= ~settled
    let count = min(BlockWorkspace.rowCount, (ranges.count + stride - 1) / stride)
    let all: UInt64 = count == 64 ? .max : 1 << UInt64(count) - 1
    var open = all & ~settled
    while open != 0 {
      let row = open.trailingZeroBitCount
      open &= open - 1
      let range = ranges[row * stride]
      if range.count < 0 { continue }
      let start = Int(range.start)
      let text = UnsafeBufferPointer(rebasing: bytes[start..<start + Int(range.count)])
      set(text: String(decoding: text, as: UTF8.self), anyInput: place, row: row, in: space)
    }
  }

  /// Reads the texts that are as their column's values mostly are: a bit for each of these rows.
  private static func settle(
    _ bytes: UnsafeBufferPointer<UInt8>, _ ranges: UnsafeBufferPointer<TextRange>, stride: Int,
    _ type: ModelDataType, into column: UnsafeMutablePointer<Double>, _ space: BlockWorkspace
  ) -> UInt64 {
    switch type {
    case .double: return BinaryNumberText.doubles(bytes, ranges, stride: stride, into: column)
    case .float:
      var settled = BinaryNumberText.doubles(bytes, ranges, stride: stride, into: column)
      for row in 0..<BlockWorkspace.rowCount where settled >> UInt64(row) & 1 != 0 {
        if let single = BinaryNumberText.single(column[row]) {
          column[row] = Double(single)
        } else {
          settled &= ~(1 << UInt64(row))
        }
      }
      return settled
    case .integer:
      var settled = BinaryNumberText.doubles(bytes, ranges, stride: stride, into: column)
      for row in 0..<BlockWorkspace.rowCount where settled >> UInt64(row) & 1 != 0 {
        if column[row] != column[row].rounded() { settled &= ~(1 << UInt64(row)) }
      }
      return settled
    case .string:
      var settled: UInt64 = 0
      for row in 0..<min(BlockWorkspace.rowCount, (ranges.count + stride - 1) / stride) {
        let range = ranges[row * stride]
        if range.count <= 0 { continue }
        let start = Int(range.start)
        let text = UnsafeBufferPointer(rebasing: bytes[start..<start + Int(range.count)])
        column[row] = Double(space.row.texts.intern(text.span))
        settled |= 1 << UInt64(row)
      }
      return settled
    default: return 0
    }
  }

  /// The text of a result after scoring, as a table shows it; empty if it is missing.
  package func text(
    _ result: CompiledModel.ResolvedResult, row: Int, in space: BlockWorkspace
  ) -> String {
    ExpressionTable.text(value(result, row: row, in: space), result.dataType, space.row.texts)
  }

  /// Appends a value's text, as ``text(_:row:in:)`` gives it.
  package func appendText(
    of value: Double, _ type: ModelDataType, in space: BlockWorkspace, to bytes: inout [UInt8]
  ) {
    if ExpressionTable.appendNumber(value, type, to: &bytes) { return }
    ExpressionTable.append(value, type, space.row.texts, to: &bytes)
  }
}
