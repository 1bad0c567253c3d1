internal import Crypto
internal import DecisionTrace

/// Commitments to the items that are kept apart: an entry holds one root over them, and an item can
/// be shown alone with its salt and the commitments to the others.
///
/// Without the salt, 16 bytes that only the subject's key gives, a commitment tells nothing: not even
/// whether two values are the same.
enum ItemCommitment {
  static let saltSize = 16
  static let size = 32
  /// Stands before what an item's commitment is taken over, and before the commitments under a root.
  private static let itemMark: UInt8 = 2
  static let rootMark: UInt8 = 3

  /// What comes before salt and value: the mark, the length of the name, and the name.
  static func prefix(name: String) -> [UInt8] {
    var out = ByteEncoder()
    out.byte(itemMark)
    out.text(name)
    return out.bytes
  }

  /// SHA-256(2 ‖ length of the name ‖ name ‖ salt ‖ value).
  static func commitment(name: String, salt: [UInt8], value: [UInt8]) -> [UInt8] {
    Array(SHA256.hash(data: prefix(name: name) + salt + value))
  }

  /// SHA-256(3 ‖ all commitments in order).
  static func root(_ commitments: [[UInt8]]) -> [UInt8] {
    Array(SHA256.hash(data: [rootMark] + commitments.joined()))
  }
}
