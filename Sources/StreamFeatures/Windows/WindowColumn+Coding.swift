internal import DataFields
internal import RuleLanguage

// The panes or sessions of a subject: their number, and of each its start, its end, the count, whether it
// is unknown, and, where there are any, the value, the denominator, the time and the distinct values.
extension WindowColumn {
  private var keepsValue: Bool { plan.function != .count && plan.function != .countDistinct }
  private var keepsTime: Bool { plan.function == .first || plan.function == .last }
  private var holdsTexts: Bool { plan.valueType == .text }

  /// In a snapshot, where texts are codes.
  func encode(_ subject: Int, into out: inout StateEncoder) {
    encode(subject, into: &out) { value, out in out.signed(value) }
  }

  /// Standing alone, where texts are texts.
  func encode(_ subject: Int, text: (Int32) -> String, into out: inout StateEncoder) {
    encode(subject, into: &out) { value, out in
      if holdsTexts { out.text(text(Int32(truncatingIfNeeded: value))) } else { out.signed(value) }
    }
  }

  private func encode(
    _ subject: Int, into out: inout StateEncoder, _ value: (Int128, inout StateEncoder) -> Void
  ) {
    out.count(pieces[subject].count)
    for piece in pieces[subject] {
      out.signed(Int128(piece.start))
      out.signed(Int128(piece.end))
      out.count(Int(piece.part.count))
      out.byte(piece.part.isUnknown ? 1 : 0)
      if keepsValue {
        value(piece.part.value, &out)
        out.signed(piece.part.denominator)
        if keepsTime { out.signed(Int128(piece.part.time)) }
      } else if plan.function == .countDistinct {
        out.count(piece.part.distinct.count)
        for word in piece.part.distinct { value(Int128(word), &out) }
      }
    }
  }

  mutating func decode(_ subject: Int, _ input: inout StateDecoder) throws(SnapshotFault) {
    setPieces(
      try pieces(&input) { (input) throws(SnapshotFault) in try input.signed() }, of: subject)
  }

  func pieces(
    _ input: inout StateDecoder, code: (String) -> Int32
  ) throws(SnapshotFault) -> [WindowPiece] {
    try pieces(&input) { (input) throws(SnapshotFault) in
      holdsTexts ? Int128(code(try input.text())) : try input.signed()
    }
  }

  private func pieces(
    _ input: inout StateDecoder, _ value: (inout StateDecoder) throws(SnapshotFault) -> Int128
  ) throws(SnapshotFault) -> [WindowPiece] {
    var found: [WindowPiece] = []
    for _ in 0..<(try input.count()) {
      var piece = WindowPiece(start: try input.time(), end: try input.time())
      guard piece.start <= piece.end, found.last.map({ $0.start < piece.start }) ?? true else {
        throw .damaged("a pane")
      }
      guard let count = Int64(exactly: try input.count()), count > 0 else {
        throw .damaged("a pane")
      }
      piece.part.count = count
      piece.part.isUnknown = try input.count() != 0
      if keepsValue {
        piece.part.value = try value(&input)
        piece.part.denominator = try input.signed()
        if piece.part.denominator <= 0 { throw .damaged("a denominator") }
        if keepsTime { piece.part.time = try input.time() }
      } else if plan.function == .countDistinct {
        piece.part.distinct = try distinct(&input, value)
      }
      found.append(piece)
    }
    return found
  }

  private func distinct(
    _ input: inout StateDecoder, _ value: (inout StateDecoder) throws(SnapshotFault) -> Int128
  ) throws(SnapshotFault) -> [Int64] {
    var words: [Int64] = []
    for _ in 0..<(try input.count()) {
      guard let word = Int64(exactly: try value(&input)) else {
        throw .damaged("a distinct value")
      }
      words.append(word)
    }
    // Codes of another engine come in another order.
    words.sort()
    if zip(words, words.dropFirst()).contains(where: { $0 == $1 }) {
      throw .damaged("a distinct value")
    }
    return words
  }
}
