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
    for row in 0..<min(BlockWorkspace.rowCount, (ranges.count + stride - 1) / stride) {
      let range = ranges[row * stride]
      if range.count < 0 { continue }
      let start = Int(range.start)
      let text = UnsafeBufferPointer(rebasing: bytes[start..<start + Int(range.count)])
      if text.isEmpty {
        set(text: "", anyInput: place, row: row, in: space)
      } else if type == .string {
        column[row] = Double(space.row.texts.intern(text.span))
        space.unparsable[place] &= ~(1 << UInt64(row))
      } else if let number = Self.number(text.span, type) {
        column[row] = number
        space.unparsable[place] &= ~(1 << UInt64(row))
      } else {
        set(
          text: String(decoding: text, as: UTF8.self), anyInput: place, row: row, in: space)
      }
    }
  }

  /// The value of a text as ``ModelValueText/parse(_:as:)`` has it; nil where that has to look.
  private static func number(_ text: Span<UInt8>, _ type: ModelDataType) -> Double? {
    switch type {
    case .double: return BinaryNumberText.double(text)
    case .float: return BinaryNumberText.float(text).map { Double($0) }
    case .integer: return BinaryNumberText.double(text).flatMap { $0 == $0.rounded() ? $0 : nil }
    default: return nil
    }
  }

  /// The text of a result after scoring, as a table shows it; empty if it is missing.
  package func text(
    _ result: CompiledModel.ResolvedResult, row: Int, in space: BlockWorkspace
  ) -> String {
    ExpressionTable.text(value(result, row: row, in: space), result.dataType, space.row.texts)
  }

  /// Appends what ``text(_:row:in:)`` gives.
  package func appendText(
    of result: CompiledModel.ResolvedResult, row: Int, in space: BlockWorkspace,
    to bytes: inout [UInt8]
  ) {
    ExpressionTable.append(
      value(result, row: row, in: space), result.dataType, space.row.texts, to: &bytes)
  }
}
