internal import Crypto
internal import FileIO

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The key of a log's vault. Subjects are looked up by a keyed hash, and their keys follow from it
/// and from what the vault keeps for each subject: neither is of use without the other.
package struct MasterKey: Sendable {
  private static let info = Array("rationale vault 1".utf8)

  private let tagging: HMAC<SHA256>
  private let deriving: HMAC<SHA256>

  /// - Returns: nil unless there are 32 bytes.
  package init?(_ key: [UInt8]) {
    guard key.count == KeyFile.keySize else { return nil }
    let expanded = HKDF<SHA256>.expand(
      pseudoRandomKey: SymmetricKey(data: key), info: Self.info, outputByteCount: 64)
    (tagging, deriving) = expanded.withUnsafeBytes { bytes in
      let part = { (place: Int) in
        HMAC<SHA256>(
          key: SymmetricKey(
            data: UnsafeRawBufferPointer(rebasing: bytes[32 * place..<32 * place + 32])))
      }
      return (part(0), part(1))
    }
  }

  /// Reads the key from a file; with no path from `LOG/vault/master.key`, which is created if there
  /// is no vault yet.
  package static func load(
    _ path: String?, log: String, random: inout some RandomNumberGenerator
  ) throws(VaultError) -> MasterKey {
    let file = path ?? VaultFiles.masterKey(log)
    do throws(FileError) {
      if path == nil, try Directory.status(file) == nil,
        try Directory.status(VaultFiles.keys(log)) == nil
      {
        try Directory.create(VaultFiles.directory(of: log))
        let key = (0..<KeyFile.keySize).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        try KeyFile.create(file, key, .vault)
      }
    } catch {
      throw .file(error)
    }
    return try read(file)
  }

  /// Reads the key from a file.
  package static func read(_ path: String) throws(VaultError) -> MasterKey {
    guard let key = MasterKey(try KeyFile.read(path, .vault)) else {
      throw .badKeyFile(path: path, expected: KeyFile.Kind.vault.rawValue)
    }
    return key
  }

  /// What the vault's first bytes tell a wrong key by.
  var check: [UInt8] { Array(code(tagging, [Array("check".utf8)]).prefix(16)) }

  /// Under what a subject is looked up.
  func tag(of subject: ArraySlice<UInt8>) -> SubjectTag {
    let code = code(tagging, [Array("subject".utf8) + subject])
    return SubjectTag(Array(code.prefix(SubjectTag.size)))
  }

  /// HMAC-SHA256(derivation key, tag ‖ factor).
  func subjectKey(_ tag: SubjectTag, factor: [UInt8]) -> [UInt8] {
    code(deriving, [tag.bytes, factor])
  }

  /// The code with the key in it is made once: making it takes longer than using it.
  private func code(_ key: HMAC<SHA256>, _ parts: [[UInt8]]) -> [UInt8] {
    var code = key
    for part in parts { code.update(data: part) }
    return Array(code.finalize())
  }
}

/// A keyed hash of a subject's text: without the master key it says nothing of the subject.
struct SubjectTag: Sendable, Hashable {
  static let size = 12
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The first 8 bytes, big-endian: evenly spread.
  var hash: UInt64 { bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
  var isErased: Bool { bytes.allSatisfy { $0 == 0 } }
}

/// Where the files of a vault are.
package enum VaultFiles {
  package static func directory(of log: String) -> String { log + "/vault" }
  package static func masterKey(_ log: String) -> String { directory(of: log) + "/master.key" }
  package static func keys(_ log: String) -> String { directory(of: log) + "/keys" }
  static func table(_ log: String) -> String { directory(of: log) + "/keys.table" }
  static func erasures(_ log: String) -> String { directory(of: log) + "/erasures" }
}
