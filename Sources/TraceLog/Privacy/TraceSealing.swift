package import DataFields
internal import DecisionTrace
internal import FileIO

/// What a writer needs to keep what belongs to persons apart from its log.
package struct PrivacyOptions: Sendable {
  /// The file of the vault's key; nil is `LOG/vault/master.key`, which is made with the vault.
  package var vaultKey: String?
  package var vault = KeyVault.Options()
  package var records = PrivateRecords.Options()
  /// 32 bytes that nobody can guess, for the key of a new vault; and factors for new subjects.
  package var random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()

  package init(vaultKey: String? = nil) { self.vaultKey = vaultKey }
}

/// Seals the traces of a log as they are appended, and keeps in the vault what is cut out of them.
///
/// Keys and private records are on the disk before the entries that need them are handed to the
/// system: whoever writes entries calls ``commit()`` first.
struct TraceSealing: ~Copyable {
  private let log: String
  private var vault: KeyVault
  private var records: PrivateRecords
  /// By schema; rules make few, and mostly the last one is wanted again.
  private var sealers: [TraceSealer] = []
  private var lastSealer = 0

  /// Opens the vault of a log, or creates one. The caller holds the log's lock.
  ///
  /// - Parameter nextIndex: how many entries the log holds.
  init(
    log: String, _ options: PrivacyOptions, nextIndex: Int
  ) throws(TraceLogError) {
    let lastSealed = try Self.lastSealed(log, before: nextIndex)
    let vault = try Self.vault(log, options)
    let records = try Self.records(log, options, lastSealed)
    self.vault = vault
    self.records = records
    self.log = log
  }

  private static func vault(
    _ log: String, _ options: PrivacyOptions
  ) throws(TraceLogError) -> KeyVault {
    do throws(VaultError) {
      var random: any RandomNumberGenerator & Sendable = options.random
      let master = try MasterKey.load(options.vaultKey, log: log, random: &random)
      return try KeyVault(log: log, master: master, options: options.vault, random: random)
    } catch {
      throw TraceLogError(error)
    }
  }

  private static func records(
    _ log: String, _ options: PrivacyOptions, _ lastSealed: Int?
  ) throws(TraceLogError) -> PrivateRecords {
    do throws(VaultError) {
      return try PrivateRecords(log: log, lastSealed: lastSealed, options: options.records)
    } catch {
      throw TraceLogError(error)
    }
  }

  /// The last entry of a sealed trace that a log holds; nil if there is none.
  ///
  /// Mostly only what lies behind the last private record is looked at. That record may be of an entry
  /// that a crash kept from the log, and in whose place a run without privacy has put another: then
  /// what lies before it is looked at, a segment of the vault at a time.
  private static func lastSealed(_ log: String, before end: Int) throws(TraceLogError) -> Int? {
    let starts: [Int]
    do throws(VaultError) {
      starts = try PrivateRecovery.starts(log, before: end)
    } catch {
      throw TraceLogError(error)
    }
    if starts.isEmpty { return nil }
    let reader = try TraceLogReader(path: log, access: .auditor)
    var upper = end
    for start in starts {
      if let last = try lastSealed(reader, in: start..<max(start, upper)) { return last }
      upper = min(upper, start)
    }
    return nil
  }

  private static func lastSealed(
    _ reader: TraceLogReader, in range: Range<Int>
  ) throws(TraceLogError) -> Int? {
    var last: Int?
    // Long bodies are kept apart: only the reader can tell whether they are sealed.
    try reader.scan(from: range.lowerBound) { trace in
      guard trace.index < range.upperBound else { return false }
      if trace.visibility == .sealed { last = trace.index }
      return true
    }
    return last
  }

  /// What recovery did, for people.
  var recoveryNotice: String? { records.recoveryNotice }

  /// Seals a body, which is to become the entry with this index.
  ///
  /// - Returns: the entry, and under what its subject is found.
  /// - Throws: `TraceLogError.damaged` if it is not a body of a schema that the log keeps.
  mutating func seal(
    _ body: [UInt8], subject: ArraySlice<UInt8>, index: Int
  ) throws(TraceLogError) -> (entry: [UInt8], locator: SubjectKey) {
    let place = try sealer(of: body)
    do throws(VaultError) {
      let made = try vault.keys(of: subject)
      do throws(TraceFault) {
        try sealers[place].seal(body, made.keys)
      } catch {
        throw VaultError.damaged(file: "a trace", offset: error.offset, reason: error.reason)
      }
      try records.append(sealers[place].privateRecord, entry: index, key: made.number)
      return (sealers[place].entry, made.keys.locator)
    } catch {
      throw TraceLogError(error)
    }
  }

  private mutating func sealer(of body: [UInt8]) throws(TraceLogError) -> Int {
    if sealers.indices.contains(lastSealer), sealers[lastSealer].plan.isNamed(by: body) {
      return lastSealer
    }
    if let place = sealers.firstIndex(where: { $0.plan.isNamed(by: body) }) {
      lastSealer = place
      return place
    }
    guard let digest = Trace.schemaDigest(ofBody: body) else {
      throw .damaged(file: "a trace", offset: 0, reason: "it names no schema")
    }
    sealers.append(TraceSealer(try SealingPlan(of: digest, in: log)))
    lastSealer = sealers.count - 1
    return lastSealer
  }

  /// Returns once everything that was sealed is on the disk.
  mutating func commit() throws(TraceLogError) {
    do throws(VaultError) {
      try vault.commit()
      try records.commit()
    } catch {
      throw TraceLogError(error)
    }
  }

  mutating func close() throws(TraceLogError) {
    do throws(VaultError) {
      try vault.close()
      try records.close()
    } catch {
      throw TraceLogError(error)
    }
  }

  // MARK: Subjects

  /// How many keys a subject has that were not destroyed.
  func keyCount(of subject: ArraySlice<UInt8>) throws(TraceLogError) -> Int {
    do throws(VaultError) { return try vault.keyCount(of: subject) } catch {
      throw TraceLogError(error)
    }
  }

  /// The keys of a subject; nil if there are none.
  mutating func existingKeys(
    of subject: ArraySlice<UInt8>
  ) throws(TraceLogError) -> SubjectKeys? {
    do throws(VaultError) { return try vault.existingKeys(of: subject)?.keys } catch {
      throw TraceLogError(error)
    }
  }

  /// The subjects on whom holds are in force, with the last that was said of each.
  ///
  /// - Parameter holds: all that the log has, in its order.
  func held(
    _ holds: [LegalHoldEntry]
  ) throws(TraceLogError) -> [(keys: SubjectKeys, hold: LegalHoldEntry)] {
    var found: [(keys: SubjectKeys, hold: LegalHoldEntry)] = []
    do throws(VaultError) {
      for number in 0..<vault.count {
        guard let keys = try vault.keys(number) else { continue }
        if let last = holds.last(where: { $0.isAbout(keys) }), last.isHeld {
          found.append((keys, last))
        }
      }
    } catch {
      throw TraceLogError(error)
    }
    return found
  }

  mutating func erase(_ subject: ArraySlice<UInt8>) throws(TraceLogError) {
    do throws(VaultError) { _ = try vault.erase(subject) } catch { throw TraceLogError(error) }
  }
}

extension SealingPlan {
  /// Whether a body names the plan's schema.
  func isNamed(by body: [UInt8]) -> Bool {
    body.first == TraceBodyEncoder.version && body.holds(digestBytes, at: 1)
  }

  /// Of a schema that a log keeps.
  package init(of digest: Digest, in log: String) throws(TraceLogError) {
    let path = log + "/artefacts/" + digest.hexadecimal
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read(path)
    } catch {
      throw error.isNoSuchFile ? .noArtefact(digest.hexadecimal) : .file(error)
    }
    guard Digest(of: bytes) == digest else {
      throw .damaged(file: path, offset: 0, reason: "it is not the schema that traces name")
    }
    do throws(TraceFault) {
      self.init(try TraceSchema(decoding: bytes), digest: digest)
    } catch {
      throw .damaged(file: path, offset: error.offset, reason: error.reason)
    }
  }
}

extension TraceLogError {
  init(_ error: VaultError) {
    switch error {
    case .file(let error): self = .file(error)
    case .damaged(let file, let offset, let reason):
      self = .damaged(file: file, offset: offset, reason: reason)
    default: self = .vault(error.description)
    }
  }
}
