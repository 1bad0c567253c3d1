internal import DataFields
internal import FileIO
internal import TransparencyLog

/// The keys of a log: `LOG/log.vkey` has the public ones, one a line, the first that signed it
/// first; the private one is in a file that only its owner may read.
struct LogKeys {
  /// The log's name in its checkpoints.
  let origin: String
  /// Who signs now.
  let signer: NoteSigner

  static func publicPath(_ log: String) -> String { log + "/log.vkey" }
  static func privatePath(_ log: String) -> String { log + "/signing.key" }

  /// The public keys that the log itself names, oldest first.
  static func verifiers(of log: String) throws(TraceLogError) -> [NoteVerifier] {
    let path = publicPath(log)
    let bytes: [UInt8]
    do throws(FileError) { bytes = try WholeFile.read(path, limit: 1 << 16) } catch {
      if error.isNoSuchFile { return [] }
      throw .file(error)
    }
    var keys: [NoteVerifier] = []
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      guard let key = NoteVerifier(String(line)) else {
        throw .damaged(file: path, offset: 0, reason: "`\(line.prefix(60))` is no public key")
      }
      keys.append(key)
    }
    return keys
  }

  /// Opens the keys of a log, or makes them for a new one.
  ///
  /// - Parameters:
  ///   - origin: the name of a new log; nil makes one of its key.
  ///   - signingKey: the file of the private key; nil is the log's own.
  ///   - newSeed: 32 bytes that nobody can guess, for a new key.
  init(
    log: String, origin: String?, signingKey: String?, newSeed: () -> [UInt8]
  ) throws(TraceLogError) {
    let known = try Self.verifiers(of: log)
    let path = signingKey ?? Self.privatePath(log)
    if let read = try Self.readSigner(path) {
      if let last = known.last, last != read.verifier {
        throw .otherKey(path: path, key: read.verifier.description, expected: last.description)
      }
      signer = read
    } else if let last = known.last {
      throw .noSigningKey(path: path, key: last.description)
    } else {
      signer = try Self.makeSigner(path, name: origin, seed: newSeed())
    }
    self.origin = known.first?.key.name ?? signer.verifier.key.name
    if known.isEmpty { try Self.write([signer.verifier], log) }
  }

  static func write(_ keys: [NoteVerifier], _ log: String) throws(TraceLogError) {
    let text = keys.map { "\($0)\n" }.joined()
    do throws(FileError) {
      try WholeFile.replace(publicPath(log), with: Array(text.utf8))
    } catch {
      throw .file(error)
    }
  }

  /// The key in a file; nil if there is no such file.
  static func readSigner(_ path: String) throws(TraceLogError) -> NoteSigner? {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try WholeFile.read(path, limit: 4_096) } catch {
      if error.isNoSuchFile { return nil }
      throw .file(error)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let signer = NoteSigner(text.hasSuffix("\n") ? String(text.dropLast()) : text) else {
      // The text may be the secret: it is not shown.
      throw .damaged(
        file: path, offset: 0,
        reason: "it is no signing key; expected `PRIVATE+KEY+NAME+NUMBER+BASE64`")
    }
    return signer
  }

  /// Makes a key and stores it where nobody else can read it.
  static func makeSigner(
    _ path: String, name: String?, seed: [UInt8]
  ) throws(TraceLogError) -> NoteSigner {
    guard let unnamed = NoteSigner(name: "new", seed: seed) else {
      throw .damaged(file: path, offset: 0, reason: "a key has 32 bytes")
    }
    let fingerprint = Digest(of: unnamed.verifier.publicKey).hexadecimal.prefix(16)
    let name = name ?? "rationale/\(fingerprint)"
    guard let signer = NoteSigner(name: name, seed: seed) else { throw .notAName(name) }
    do throws(FileError) {
      if try Directory.status(path) != nil {
        throw FileError(.create, path: path, reason: "it exists already")
      }
      // Whole or not there: a crash leaves no half of a key.
      let scratch = path + ".new"
      try Directory.remove(scratch)
      var file = try OpenFile(path: scratch, mode: .createPrivate)
      try file.write(Array((signer.secretText + "\n").utf8))
      try file.syncData()
      try file.close()
      try Directory.rename(scratch, to: path)
      try Directory.sync(FilePath.parent(path))
    } catch {
      throw .file(error)
    }
    return signer
  }
}
