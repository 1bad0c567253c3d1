internal import DecisionTrace

/// Whether the vault holds what the sealed traces of a log commit to, for whoever has its key.
package struct VaultCheck {
  package struct Report: Sendable, Hashable {
    /// Sealed traces that were opened, and found to be what their entries commit to.
    package var opened = 0
    /// Sealed traces whose keys were destroyed.
    package var erased = 0
    /// Sealed traces that the reader's key does not open.
    package var sealed = 0
    /// Keys that the log's erasures speak of, and those that are gone from the vault.
    package var erasedKeysLogged = 0
    package var erasedKeys = 0
  }

  package private(set) var report = Report()
  private let reader: TraceLogReader
  private let access: TraceAccess

  init(_ reader: TraceLogReader, _ access: TraceAccess) {
    self.reader = reader
    self.access = access
  }

  /// The body of a sealed trace; nil where it cannot be read, of which the findings tell if it
  /// should be.
  mutating func body(
    _ entry: [UInt8], at index: Int, _ findings: inout [LogFinding]
  ) -> [UInt8]? {
    do throws(TraceLogError) {
      guard let trace = try reader.trace(LogEntry(index: index, bytes: entry)) else { return nil }
      switch trace.visibility {
      case .open:
        report.opened += 1
        return trace.body
      case .erased: report.erased += 1
      case .sealed: report.sealed += 1
      }
    } catch {
      findings.append(LogFinding(.vault, "entry \(index)", error.description))
    }
    return nil
  }

  mutating func takeErasure(_ entry: [UInt8]) {
    report.erasedKeysLogged += (try? ErasureEntry(entry))?.keyCount ?? 0
  }

  mutating func finish() throws(TraceLogError) -> [LogFinding] {
    do throws(TraceLogError) {
      guard let erased = try reader.erasedKeyCount() else { return [] }
      report.erasedKeys = erased
    } catch {
      return [LogFinding(.vault, "vault", error.description)]
    }
    guard report.erasedKeys > report.erasedKeysLogged else { return [] }
    return [
      LogFinding(
        .vault, "vault/keys",
        "\(report.erasedKeys) keys are gone, and the log's erasures speak of "
          + "\(report.erasedKeysLogged)")
    ]
  }
}
