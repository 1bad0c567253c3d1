/// How one trace lies in a segment: 24 bytes of header, then the body.
///
/// | offset | bytes | what, little-endian |
/// | --- | --- | --- |
/// | 0 | 4 | CRC-32C of all that follows, body included |
/// | 4 | 4 | length of the body |
/// | 8 | 4 | offset in the segment up to which all was durable when the frame was written |
/// | 12 | 4 | hash of the decision's name |
/// | 16 | 8 | hash of the subject |
///
/// The third word tells a torn tail from damage: what lies before it had been acknowledged.
struct TraceFrame {
  static let headerSize = 24
  /// A longer body is refused; it also bounds what a damaged length can make a reader allocate.
  static let bodyLimit = 1 << 24

  var bodyLength: Int
  var durableOffset: Int
  var decision: DecisionKey
  var subject: SubjectKey
  var checksum: UInt32

  var totalLength: Int { Self.headerSize + bodyLength }

  /// Reads a header; nil if its length cannot be one.
  init?(header: UnsafeRawBufferPointer) {
    guard header.count >= Self.headerSize else { return nil }
    checksum = Self.word(header, 0)
    bodyLength = Int(Self.word(header, 4))
    durableOffset = Int(Self.word(header, 8))
    decision = DecisionKey(hash: Self.word(header, 12))
    let low = UInt64(Self.word(header, 16))
    subject = SubjectKey(hash: UInt64(Self.word(header, 20)) << 32 | low)
    guard bodyLength > 0, bodyLength <= Self.bodyLimit else { return nil }
  }

  /// The frame at the start of `bytes`, if it is whole and its checksum holds.
  static func whole(at bytes: UnsafeRawBufferPointer) -> TraceFrame? {
    guard let frame = TraceFrame(header: bytes), bytes.count >= frame.totalLength else {
      return nil
    }
    let covered = UnsafeRawBufferPointer(rebasing: bytes[4..<frame.totalLength])
    return CRC32C.checksum(covered) == frame.checksum ? frame : nil
  }

  /// Appends a frame to a buffer.
  static func append(
    _ body: [UInt8], subject: SubjectKey, decision: DecisionKey, durableOffset: Int,
    to buffer: inout [UInt8]
  ) {
    let start = buffer.count
    append(UInt32(0), to: &buffer)
    append(UInt32(truncatingIfNeeded: body.count), to: &buffer)
    append(UInt32(truncatingIfNeeded: durableOffset), to: &buffer)
    append(decision.hash, to: &buffer)
    append(UInt32(truncatingIfNeeded: subject.hash), to: &buffer)
    append(UInt32(truncatingIfNeeded: subject.hash >> 32), to: &buffer)
    buffer.append(contentsOf: body)
    let checksum = buffer.withUnsafeBytes {
      CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[(start + 4)...]))
    }
    for index in 0..<4 {
      buffer[start + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index))
    }
  }

  static func append(_ word: UInt32, to buffer: inout [UInt8]) {
    for index in 0..<4 { buffer.append(UInt8(truncatingIfNeeded: word >> UInt32(8 * index))) }
  }

  static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}
