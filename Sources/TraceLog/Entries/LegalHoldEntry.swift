internal import Crypto
package import DecisionTrace

/// An entry that says that a subject must not be erased, or may be again.
///
/// Only whoever holds the subject's key, or the vault's, tells whom it is about: the mark is derived
/// from the subject's key and all other bytes. Kind · version (1) · mark (16 bytes) · hold (1) or release
/// (0) · seconds since 1970-01-01, none (0) or 1 and them · who did it · why (texts).
package struct LegalHoldEntry: Sendable, Hashable {
  package var mark: [UInt8]
  package var isHeld: Bool
  /// Seconds since 1970-01-01, as the caller's clock says.
  package var time: Int?
  package var by: String
  package var reason: String

  package init(
    of keys: SubjectKeys, isHeld: Bool, time: Int?, by: String, reason: String
  ) {
    self.isHeld = isHeld
    self.time = time
    self.by = by
    self.reason = reason
    mark = []
    mark = keys.mark(of: content)
  }

  private static let version: UInt8 = 1

  /// Everything but the mark.
  private var content: [UInt8] {
    var out = ByteEncoder()
    out.byte(isHeld ? 1 : 0)
    out.byte(time == nil ? 0 : 1)
    if let time { out.count(time) }
    out.text(by)
    out.text(reason)
    return out.bytes
  }

  package var bytes: [UInt8] {
    [EntryKind.legalHold.rawValue, Self.version] + mark + content
  }

  /// Reads an entry of this kind.
  package init(_ entry: [UInt8]) throws(TraceFault) {
    var input = ByteDecoder(entry)
    guard try input.byte() == EntryKind.legalHold.rawValue else {
      throw input.fault("it is no legal hold")
    }
    guard try input.byte() == Self.version else {
      throw input.fault("a legal hold of a version that is not known")
    }
    mark = Array(try input.raw(SubjectKeys.markSize))
    isHeld = try input.flag()
    time = try input.optional { (input) throws(TraceFault) in try input.number() }
    by = try input.text()
    reason = try input.text()
    guard input.isAtEnd else { throw input.fault("bytes follow the entry") }
  }

  /// Whether it is about the subject that the keys are of.
  package func isAbout(_ keys: SubjectKeys) -> Bool { mark == keys.mark(of: content) }
}

extension SubjectKeys {
  private static let holdMark: UInt8 = 5

  /// Names the subject in an entry with this content to those who hold the key: the mark that an
  /// entry with the digest SHA-256(5 ‖ content) has.
  func mark(of content: [UInt8]) -> [UInt8] {
    let digest = Array(SHA256.hash(data: [Self.holdMark] + content))
    var names = Self.roomForNames(items: 0)
    digest.withUnsafeBytes { derive($0, to: &names) }
    return Array(names[..<Self.markSize])
  }
}
