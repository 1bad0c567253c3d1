internal import DataFields
internal import RuleLanguage

/// What is remembered of one subject, as bytes that stand alone: texts in place of their codes, so that
/// another lane can go on from them.
///
/// A version · the number of decisions, of each outcome whether there is one (1) and its text · the
/// length and the 32 bytes of the lineage · the number of aggregates over all time · each of them · the
/// number of aggregates over windows · each of them.
extension KeyedState {
  private static let subjectVersion: UInt8 = 1

  /// - Parameter text: of a code of the engine.
  package func subjectBytes(_ place: Int, text: (Int32) -> String) -> [UInt8] {
    var out = StateEncoder()
    out.byte(Self.subjectVersion)
    out.count(decisionCount)
    for index in place * decisionCount..<(place + 1) * decisionCount {
      out.byte(outcomes[index] < 0 ? 0 : 1)
      if outcomes[index] >= 0 { out.text(text(outcomes[index])) }
    }
    out.count(Int(lineageLengths[place]))
    out.bytes += lineageHeads[place * 32..<place * 32 + 32]
    out.count(columns.count)
    for column in columns { column.encode(place, text: text, into: &out) }
    out.count(windows.count)
    for window in windows { window.encode(place, text: text, into: &out) }
    return out.bytes
  }

  /// Puts what ``subjectBytes(_:text:)`` wrote in place of what is remembered of a subject.
  ///
  /// - Parameter code: the engine's code of a text.
  package mutating func setSubject(
    _ place: Int, bytes: ArraySlice<UInt8>, code: (String) -> Int32
  ) throws(SnapshotFault) {
    var input = StateDecoder(bytes)
    guard try input.count() == Int(Self.subjectVersion) else { throw .damaged("its version") }
    guard try input.count() == decisionCount else { throw .damaged("the number of decisions") }
    var read: [Int32] = []
    for _ in 0..<decisionCount {
      read.append(try input.count() == 0 ? -1 : code(try input.text()))
    }
    let length = try input.count()
    let head = try input.raw(32)
    guard try input.count() == columns.count else { throw .damaged("the number of aggregates") }
    // Decoded aside first: a subject is set whole or stays as it was.
    var fresh = columns.map { AggregateColumn($0.plan) }
    for index in fresh.indices {
      fresh[index].addSubject()
      try fresh[index].decode(0, &input, code: code)
    }
    guard try input.count() == windows.count else { throw .damaged("the number of windows") }
    var pieces: [[WindowPiece]] = []
    for window in windows { pieces.append(try window.pieces(&input, code: code)) }
    guard input.isAtEnd else { throw .damaged("bytes follow its end") }
    for index in windows.indices { windows[index].setPieces(pieces[index], of: place) }
    for index in columns.indices {
      columns[index].erase(place)
      columns[index].copy(0, of: fresh[index], to: place)
    }
    for (index, outcome) in read.enumerated() { outcomes[place * decisionCount + index] = outcome }
    lineageLengths[place] = Int64(length)
    for (index, byte) in head.enumerated() { lineageHeads[place * 32 + index] = byte }
  }
}

extension AggregateColumn {
  private var holdsTexts: Bool { plan.valueType == .text }

  /// Count · whether it overflowed · value, denominator and time where the column has them · distinct
  /// values.
  func encode(_ subject: Int, text: (Int32) -> String, into out: inout StateEncoder) {
    out.count(Int(counts[subject]))
    out.byte(overflowed.contains(Int32(truncatingIfNeeded: subject)) ? 1 : 0)
    if counts[subject] > 0 {
      if !values.isEmpty {
        encode(values[subject], text, &out)
        if !denominators.isEmpty { out.signed(denominators[subject]) }
        if !times.isEmpty { out.signed(Int128(times[subject])) }
      }
    }
    guard plan.function == .countDistinct else { return }
    let held = distinct.values(subject)
    out.count(held.count)
    for value in held { encode(Int128(value), text, &out) }
  }

  private func encode(
    _ value: Int128, _ text: (Int32) -> String, _ out: inout StateEncoder
  ) {
    if holdsTexts { out.text(text(Int32(truncatingIfNeeded: value))) } else { out.signed(value) }
  }

  mutating func decode(
    _ subject: Int, _ input: inout StateDecoder, code: (String) -> Int32
  ) throws(SnapshotFault) {
    counts[subject] = Int64(try input.count())
    if try input.count() != 0 { fail(subject) }
    if counts[subject] > 0, !values.isEmpty {
      values[subject] = try value(&input, code)
      if !denominators.isEmpty {
        denominators[subject] = try input.signed()
        if denominators[subject] <= 0 { throw .damaged("a denominator") }
      }
      if !times.isEmpty {
        guard let time = Int32(exactly: try input.signed()) else { throw .damaged("a time") }
        times[subject] = time
      }
    }
    guard plan.function == .countDistinct else { return }
    for _ in 0..<(try input.count()) {
      guard let word = Int64(exactly: try value(&input, code)),
        distinct.insert(word, for: subject) == .isNew
      else { throw .damaged("a distinct value") }
    }
  }

  private func value(
    _ input: inout StateDecoder, _ code: (String) -> Int32
  ) throws(SnapshotFault) -> Int128 {
    holdsTexts ? Int128(code(try input.text())) : try input.signed()
  }

  /// Takes over what another column of the same aggregate has of a subject.
  mutating func copy(_ subject: Int, of other: AggregateColumn, to place: Int) {
    counts[place] = other.counts[subject]
    if !values.isEmpty { values[place] = other.values[subject] }
    if !denominators.isEmpty { denominators[place] = other.denominators[subject] }
    if !times.isEmpty { times[place] = other.times[subject] }
    if other.overflowed.contains(Int32(truncatingIfNeeded: subject)) { fail(place) }
    guard plan.function == .countDistinct else { return }
    for value in other.distinct.values(subject) { _ = distinct.insert(value, for: place) }
  }
}
