package import DataFields
internal import ReferenceData
package import RuleLanguage

// The bytes of a snapshot: `RSTATE`, a format byte, a zero, the length of the payload (8 bytes,
// little-endian), the payload, the payload's SHA-256. The payload is a sequence of base-128
// numbers and texts in the order in which they are written below.
extension StateSnapshot {
  private static let magic = Array("RSTATE".utf8)
  private static let version: UInt8 = 3
  /// Version 1 had no texts left out; version 2 no windows, and no late events.
  private static let firstVersion: UInt8 = 1
  private static let firstWithWindows: UInt8 = 3
  private static let headerSize = 16

  /// - Complexity: O(subjects).
  package func encoded() -> [UInt8] {
    var out = StateEncoder()
    out.bytes += Self.magic + [Self.version, 0]
    out.bytes += [UInt8](repeating: 0, count: 8)
    out.bytes += fingerprint.bytes
    out.count(positions.count)
    for position in positions {
      out.text(position.source)
      out.text(position.identity)
      out.count(position.record)
    }
    out.count(traceCount)
    out.count(deadLetterBytes)
    out.count(lateBytes)
    out.count(ahead.count)
    for subject in ahead {
      out.count(subject.place)
      out.count(subject.next.count)
      for number in subject.next { out.count(number) }
    }
    out.count(counters.count)
    for counter in counters { out.count(counter) }
    out.count(texts.count)
    for text in texts {
      out.byte(text == nil ? 0 : 1)
      if let text { out.text(text) }
    }
    state.encode(into: &out)
    let length = UInt64(out.bytes.count - Self.headerSize)
    for index in 0..<8 {
      out.bytes[8 + index] = UInt8(truncatingIfNeeded: length >> UInt64(8 * index))
    }
    return out.bytes + Digest(of: out.bytes[Self.headerSize...]).bytes
  }

  /// Reads a snapshot of the state of a program.
  ///
  /// - Throws: `SnapshotFault`; nothing of a damaged snapshot is used.
  package init(
    decoding bytes: [UInt8], program: Program, fingerprint expected: Digest
  ) throws(SnapshotFault) {
    guard bytes.count >= Self.headerSize + 32, bytes.prefix(6).elementsEqual(Self.magic) else {
      throw .damaged("it does not start as one")
    }
    guard (Self.firstVersion...Self.version).contains(bytes[6]) else {
      throw .unknownVersion(bytes[6])
    }
    let hasGaps = bytes[6] > Self.firstVersion
    var length: UInt64 = 0
    for index in 0..<8 { length |= UInt64(bytes[8 + index]) << UInt64(8 * index) }
    guard length == UInt64(bytes.count - Self.headerSize - 32) else {
      throw .damaged("its length is wrong")
    }
    let payload = bytes[Self.headerSize..<bytes.count - 32]
    guard Digest(of: payload).bytes.elementsEqual(bytes.suffix(32)) else {
      throw .damaged("its digest is wrong")
    }
    var input = StateDecoder(payload)
    guard let fingerprint = Digest(bytes: try input.raw(32)) else { throw .damaged("digest") }
    if fingerprint != expected { throw .otherRules }
    self.fingerprint = fingerprint
    positions = try input.list { input throws(SnapshotFault) in
      InputPosition(
        source: try input.text(), identity: try input.text(), record: try input.count())
    }
    traceCount = try input.count()
    deadLetterBytes = try input.count()
    let hasWindows = bytes[6] >= Self.firstWithWindows
    lateBytes = hasWindows ? try input.count() : 0
    if hasWindows {
      ahead = try input.list { (input) throws(SnapshotFault) in
        Ahead(
          place: try input.count(),
          next: try input.list { (input) throws(SnapshotFault) in try input.count() })
      }
    }
    counters = try input.list { input throws(SnapshotFault) in try input.count() }
    texts = try input.list { input throws(SnapshotFault) in
      if hasGaps, try input.count() == 0 { return nil }
      return try input.text()
    }
    state = try KeyedState(program, decoding: &input, hasWindows: hasWindows)
    if !input.isAtEnd { throw .damaged("bytes follow its end") }
  }
}

extension KeyedState {
  func encode(into out: inout StateEncoder) {
    out.count(codes.count)
    for code in codes { out.count(Int(code)) }
    out.count(decisionCount)
    for outcome in outcomes { out.signed(Int128(outcome)) }
    for length in lineageLengths { out.count(Int(length)) }
    out.bytes += lineageHeads
    out.count(columns.count)
    for column in columns { column.encode(into: &out) }
    out.byte(latest == nil ? 0 : 1)
    if let latest { out.signed(Int128(latest)) }
    out.count(windows.count)
    for window in windows {
      for subject in codes.indices { window.encode(subject, into: &out) }
    }
  }

  init(
    _ program: Program, decoding input: inout StateDecoder, hasWindows: Bool
  ) throws(SnapshotFault) {
    self.init(program)
    let count = try input.count()
    for _ in 0..<count {
      guard let code = Int32(exactly: try input.count()), place(of: code) == nil, code >= 0,
        // A damaged code must not make the table of places huge.
        Int(code) < 1 << 30
      else { throw .damaged("a subject") }
      _ = addSubject(code)
    }
    guard try input.count() == decisionCount else { throw .damaged("the number of decisions") }
    for index in outcomes.indices {
      guard let code = Int32(exactly: try input.signed()) else { throw .damaged("an outcome") }
      outcomes[index] = code
    }
    for index in lineageLengths.indices { lineageLengths[index] = Int64(try input.count()) }
    lineageHeads = try input.raw(count * 32)
    guard hasWindows else {
      // Windows had columns then, in which nothing ever was.
      guard try input.count() == program.aggregates.count else {
        throw .damaged("the number of aggregates")
      }
      var next = 0
      for plan in program.aggregates {
        if plan.window == nil {
          try columns[next].decode(&input, subjects: count)
          next += 1
        } else {
          var empty = AggregateColumn(plan)
          for _ in 0..<count { empty.addSubject() }
          try empty.decode(&input, subjects: count)
        }
      }
      return
    }
    guard try input.count() == columns.count else { throw .damaged("the number of aggregates") }
    for index in columns.indices { try columns[index].decode(&input, subjects: count) }
    if try input.count() != 0 { latest = try input.time() }
    guard try input.count() == windows.count else { throw .damaged("the number of windows") }
    for index in windows.indices {
      for subject in 0..<count { try windows[index].decode(subject, &input) }
    }
  }
}

extension AggregateColumn {
  func encode(into out: inout StateEncoder) {
    for count in counts { out.count(Int(count)) }
    for value in values { out.signed(value) }
    for value in denominators { out.signed(value) }
    for time in times { out.signed(Int128(time)) }
    out.count(overflowed.count)
    for subject in overflowed.sorted() { out.count(Int(subject)) }
    guard plan.function == .countDistinct else { return }
    for subject in counts.indices {
      let held = distinct.values(subject)
      out.count(held.count)
      for value in held { out.signed(Int128(value)) }
    }
  }

  mutating func decode(
    _ input: inout StateDecoder, subjects: Int
  ) throws(SnapshotFault) {
    for index in counts.indices { counts[index] = Int64(try input.count()) }
    for index in values.indices { values[index] = try input.signed() }
    for index in denominators.indices {
      denominators[index] = try input.signed()
      if denominators[index] <= 0 { throw .damaged("a denominator") }
    }
    for index in times.indices {
      guard let time = Int32(exactly: try input.signed()) else { throw .damaged("a time") }
      times[index] = time
    }
    for _ in 0..<(try input.count()) {
      guard let subject = Int32(exactly: try input.count()), Int(subject) < subjects else {
        throw .damaged("a subject")
      }
      overflowed.insert(subject)
    }
    guard plan.function == .countDistinct else { return }
    for subject in counts.indices {
      for _ in 0..<(try input.count()) {
        guard let value = Int64(exactly: try input.signed()),
          distinct.insert(value, for: subject) == .isNew
        else { throw .damaged("a distinct value") }
      }
    }
  }
}
