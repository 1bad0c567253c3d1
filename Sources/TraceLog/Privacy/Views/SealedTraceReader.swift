internal import DataFields
internal import FileIO
internal import Synchronization

/// Opens the sealed traces of a log as far as a reader's key goes, for readers that are values and may
/// be used from several threads.
final class SealedTraceReader: Sendable {
  private struct State: ~Copyable {
    var opener: TraceOpener
    var plans: [Digest: SealingPlan] = [:]
  }

  private let log: String
  private let key: ReaderKey
  private let state: Mutex<State>
  /// More schemas than this are no log that was written by deciding, and are not remembered.
  private static let planLimit = 4_096

  /// - Returns: nil where the reader holds no key, or the log has no vault.
  init?(log: String, access: TraceAccess) throws(TraceLogError) {
    guard let key = try Self.key(log, access) else { return nil }
    self.log = log
    self.key = key
    do throws(VaultError) {
      state = Mutex(State(opener: try TraceOpener(log: log, reader: key)))
    } catch {
      throw TraceLogError(error)
    }
  }

  private static func key(
    _ log: String, _ access: TraceAccess
  ) throws(TraceLogError) -> ReaderKey? {
    do throws(VaultError) {
      switch access {
      case .auditor: return nil
      case .automatic:
        do throws(VaultError) {
          guard try exists(VaultFiles.keys(log)), try exists(VaultFiles.masterKey(log)) else {
            return nil
          }
          return .vault(try MasterKey.read(VaultFiles.masterKey(log)))
        } catch {
          // Whoever may not open the vault reads as an auditor does.
          if case .file(let error) = error, error.isPermissionDenied { return nil }
          throw error
        }
      case .operator(let path):
        guard try exists(VaultFiles.keys(log)) else { return nil }
        return .vault(try MasterKey.read(path ?? VaultFiles.masterKey(log)))
      case .subject(let path):
        guard let keys = SubjectKeys(subjectKey: try KeyFile.read(path, .subject)) else {
          throw .badKeyFile(path: path, expected: KeyFile.Kind.subject.rawValue)
        }
        return .subject(keys)
      }
    } catch {
      throw TraceLogError(error)
    }
  }

  private static func exists(_ path: String) throws(VaultError) -> Bool {
    do throws(FileError) { return try Directory.status(path) != nil } catch { throw .file(error) }
  }

  /// Reads the entry of a sealed trace.
  func trace(_ entry: SealedEntry, at index: Int) throws(TraceLogError) -> StoredTrace {
    switch try open(entry, at: index) {
    case .whole(let trace, let locator):
      StoredTrace(index: index, opened: trace, locator: locator)
    case .hidden(let visibility): StoredTrace(index: index, hidden: entry, visibility)
    }
  }

  func open(_ entry: SealedEntry, at index: Int) throws(TraceLogError) -> TraceOpener.Opened {
    let result: Result<TraceOpener.Opened, TraceLogError> = state.withLock { state in
      do throws(TraceLogError) {
        let plan = try self.plan(entry.schema, &state)
        do throws(TraceOpeningError) {
          return .success(try state.opener.open(entry, at: index, plan))
        } catch {
          throw TraceLogError(error, log: log)
        }
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func plan(
    _ schema: Digest, _ state: inout State
  ) throws(TraceLogError) -> SealingPlan {
    if let known = state.plans[schema] { return known }
    if state.plans.count >= Self.planLimit { state.plans.removeAll() }
    let plan = try SealingPlan(of: schema, in: log)
    state.plans[schema] = plan
    return plan
  }

  /// What the reader's key finds of a subject.
  func subject(_ subject: String) throws(TraceLogError) -> KeyVaultReader.Subject {
    switch key {
    case .auditor: return .unknown
    case .subject(let keys): return .known(NumberedKeys(number: 0, keys: keys))
    case .vault(let master):
      do throws(VaultError) {
        // Opened anew: a vault that is being written has keys and erasures that were not there.
        guard let vault = try KeyVaultReader(log: log, master: master) else { return .unknown }
        return try vault.subject(Array(subject.utf8)[...])
      } catch {
        throw TraceLogError(error)
      }
    }
  }
}

extension SealedTraceReader {
  /// The key to hand to a subject; nil if there is none.
  func subjectKey(of subject: String) throws(TraceLogError) -> [UInt8]? {
    guard case .vault(let master) = key else { return nil }
    do throws(VaultError) {
      guard let vault = try KeyVaultReader(log: log, master: master) else { return nil }
      return try vault.subjectKey(of: Array(subject.utf8)[...])
    } catch {
      throw TraceLogError(error)
    }
  }

  /// How many keys were destroyed; nil for who does not hold the vault's key.
  func erasedKeyCount() throws(TraceLogError) -> Int? {
    guard case .vault(let master) = key else { return nil }
    do throws(VaultError) {
      return try KeyVaultReader(log: log, master: master)?.erasedCount()
    } catch {
      throw TraceLogError(error)
    }
  }
}

extension TraceLogError {
  init(_ error: TraceOpeningError, log: String) {
    switch error {
    case .vault(let error): self.init(error)
    case .noPrivateRecord, .trace:
      self = .damaged(file: VaultFiles.directory(of: log), offset: 0, reason: error.description)
    }
  }
}
