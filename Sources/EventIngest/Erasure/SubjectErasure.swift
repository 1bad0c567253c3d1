internal import DataFields
package import Decisions
internal import FileIO
internal import StreamFeatures
package import TraceLog

/// Erases a person from a log: the keys to what belongs to them, what the saved state remembers of
/// them, and what dead letters quote.
///
/// The entries of the log stay, and with them every proof; they are about nobody from then on. The
/// erasure is logged before it is done, and doing it again after a crash finishes it.
package struct SubjectErasure {
  /// What is written down of an erasure, about nobody.
  package struct Occasion: Sendable {
    /// Seconds since 1970-01-01.
    package var time: Int?
    package var by: String
    package var reason: String

    package init(time: Int?, by: String, reason: String) {
      self.time = time
      self.by = by
      self.reason = reason
    }
  }

  /// What was found, and is gone unless it was only looked for.
  package struct Report: Sendable, Hashable {
    package var keys = 0
    package var deadLetters = 0
    package var snapshots = 0
    /// Snapshots that no rules of the log are the rules of, so that they could not be read.
    package var unreadableSnapshots: [String] = []
    /// Traces about the subject that were stored whole, which nothing erases.
    package var wholeTraces = 0
    /// Under what the subject's traces were found.
    package var subjectKeys: [SubjectKey] = []

    package var isEmpty: Bool { keys == 0 && deadLetters == 0 && snapshots == 0 }
  }

  private let log: String
  private let keys: LogKeyFiles
  private let deadLetters: String
  private let libraries: [DecisionLibrary]

  /// - Parameters:
  ///   - deadLetters: nil is `LOG/dead-letters.jsonl`.
  ///   - libraries: the rules that decided, for reading the states that they saved.
  package init(
    log: String, keys: LogKeyFiles, deadLetters: String?, libraries: [DecisionLibrary]
  ) {
    self.log = log
    self.keys = keys
    self.deadLetters = deadLetters ?? LaneStore.deadLetterPath(log)
    self.libraries = libraries
  }

  /// - Parameter occasion: nil only looks.
  /// - Throws: `IngestError.log` with `held` while a legal hold is on the subject.
  package func run(_ subject: String, _ occasion: Occasion?) throws(IngestError) -> Report {
    var report = Report()
    let text = Array(subject.utf8)[...]
    let reader = try wrappingLog { () throws(TraceLogError) in
      try TraceLogReader(
        path: log, access: keys.access)
    }
    report.subjectKeys = try wrappingLog { () throws(TraceLogError) in
      try reader.subjectKeys(of: subject)
    }
    report.wholeTraces = try Self.wholeTraces(of: subject, in: log)
    let letters = try DeadLetterErasure(path: deadLetters, subject: subject)
    report.deadLetters = letters.count
    var options = TraceLogWriter.Options()
    options.signingKey = keys.signing
    options.privacy = PrivacyOptions(vaultKey: keys.vault)
    // Whoever only looks makes no vault.
    guard try wrappingLog({ () throws(TraceLogError) in try TraceLogReader.hasVault(at: log) })
    else {
      throw .log(.vault("the log `\(log)` has no vault: its traces were stored whole"))
    }
    var writer = try wrappingLog { () throws(TraceLogError) in
      try TraceLogWriter(path: log, options: options)
    }
    report.keys = try wrappingLog { () throws(TraceLogError) in try writer.keyCount(of: text) }
    let snapshots = try self.snapshots(without: subject, &report)
    report.snapshots = snapshots.count
    if let occasion, !report.isEmpty {
      let stretches = try letters.changed(Self.stretches(of: reader))
      _ = try wrappingLog { () throws(TraceLogError) in
        try writer.erase(text, isLogged: true) { count in
          ErasureEntry(
            keyCount: count, time: occasion.time, by: occasion.by, reason: occasion.reason,
            deadLetters: stretches)
        }
      }
      try letters.run()
      try DeadLetterErasure(path: LaneStore.latePath(log), subject: subject).run()
      for (path, bytes) in snapshots {
        try wrappingFile { () throws(FileError) in try WholeFile.replace(path, with: bytes) }
      }
    }
    try wrappingLog { () throws(TraceLogError) in try writer.close() }
    return report
  }

  private static func wholeTraces(
    of subject: String, in log: String
  ) throws(IngestError) -> Int {
    var count = 0
    try wrappingLog { () throws(TraceLogError) in
      try TraceLogReader(path: log, access: .auditor).traces(ofSubject: subject) { _ in
        count += 1
        return true
      }
    }
    return count
  }

  static func stretches(
    of reader: TraceLogReader
  ) throws(IngestError) -> [AccountingEntry.DeadLetterStretch] {
    var found: [AccountingEntry.DeadLetterStretch] = []
    try wrappingLog { () throws(TraceLogError) in
      try reader.scanOtherEntries { entry in
        if EntryKind(entry.bytes) == .accounting,
          let stretch = (try? AccountingEntry(entry.bytes))?.deadLetters
        {
          found.append(stretch)
        }
        return true
      }
    }
    return found
  }

  /// The saved states that know the subject, as they will be without.
  private func snapshots(
    without subject: String, _ report: inout Report
  ) throws(IngestError) -> [(path: String, bytes: [UInt8])] {
    var changed: [(path: String, bytes: [UInt8])] = []
    let folder = log + "/state"
    let names = try wrappingFile { () throws(FileError) in
      try Directory.status(folder) == nil ? [] : try Directory.names(in: folder)
    }
    for name in names.sorted() where name.hasSuffix(".snapshot") {
      let path = folder + "/" + name
      let owner = libraries.first {
        LaneStore.snapshotPath(log, LaneStore.fingerprint($0.program)) == path
      }
      guard let owner else {
        report.unreadableSnapshots.append(path)
        continue
      }
      let bytes = try wrappingFile { () throws(FileError) in try WholeFile.read(path) }
      do throws(SnapshotFault) {
        var snapshot = try StateSnapshot(
          decoding: bytes, program: owner.program,
          fingerprint: LaneStore.fingerprint(owner.program))
        if snapshot.erase(subject, program: owner.program) {
          changed.append((path, snapshot.encoded()))
        }
      } catch {
        throw .damagedState(path: path, reason: error.reason)
      }
    }
    return changed
  }
}
