package import FileIO

/// Why a vault cannot be opened, written or read.
package enum VaultError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The operating system refused something.
  case file(FileError)
  /// The file holds no key of the kind.
  case badKeyFile(path: String, expected: String)
  /// The vault was made with another key.
  case otherMasterKey(vault: String)
  /// Bytes are not what was written.
  case damaged(file: String, offset: Int, reason: String)
  /// More subjects or larger records than the format can hold.
  case full(file: String, reason: String)
  /// An earlier failure left the files' ends unknown; they must be opened again.
  case failedBefore

  /// One line: lower-case start, no full stop.
  package var description: String {
    switch self {
    case .file(let error): error.description
    case .badKeyFile(let path, let expected):
      "`\(path)` holds no key: expected one line, `\(expected)` and 64 hexadecimal digits"
    case .otherMasterKey(let vault):
      "the vault `\(vault)` was made with another key; give that one with --vault-key"
    case .damaged(let file, let offset, let reason):
      "`\(file)` is damaged at byte \(offset): \(reason)"
    case .full(let file, let reason): "`\(file)` cannot hold more: \(reason)"
    case .failedBefore: "an earlier write to the vault failed; open it again to recover"
    }
  }
}
