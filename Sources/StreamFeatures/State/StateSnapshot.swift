package import DataFields
package import RuleLanguage

/// Where one source stood when a snapshot was taken.
package struct InputPosition: Sendable, Hashable {
  /// The source's name in the rules.
  package var source: String
  /// What names the input in decisions: its file's digest, or the name of a pipe.
  package var identity: String
  /// The number of the last record that was dealt with.
  package var record: Int

  package init(source: String, identity: String, record: Int) {
    self.source = source
    self.identity = identity
    self.record = record
  }
}

/// Everything that a run needs to go on where an earlier one stopped.
package struct StateSnapshot: Sendable {
  /// Of the rulesets whose state it is: the state of other rulesets is refused.
  package var fingerprint: Digest
  package var positions: [InputPosition]
  /// How many traces the log held: those after are of decisions that this state has not seen.
  package var traceCount: Int
  /// The length of the dead-letter file, in bytes.
  package var deadLetterBytes: Int
  /// The length of the file of late events, in bytes.
  package var lateBytes: Int
  /// Subjects whose state has seen more of the inputs than the positions say, with the numbers of the
  /// first records that each has not seen: what a lane restored from another's changelog.
  package var ahead: [Ahead] = []

  package struct Ahead: Sendable, Hashable {
    package var place: Int
    package var next: [Int]

    package init(place: Int, next: [Int]) {
      self.place = place
      self.next = next
    }
  }

  /// Counters by name, for reports.
  package var counters: [Int]
  package var state: KeyedState
  /// The texts that the engine has beyond those of its program, in the order of their codes; nil where
  /// nothing of the state refers to a code, or its text was erased.
  package var texts: [String?]

  package init(
    fingerprint: Digest, positions: [InputPosition], traceCount: Int, deadLetterBytes: Int,
    lateBytes: Int = 0, counters: [Int], state: KeyedState, texts: [String?]
  ) {
    self.fingerprint = fingerprint
    self.positions = positions
    self.traceCount = traceCount
    self.deadLetterBytes = deadLetterBytes
    self.lateBytes = lateBytes
    self.counters = counters
    self.state = state
    self.texts = texts
  }
}

extension StateSnapshot {
  /// Takes out what is known of a subject; whether there was anything.
  ///
  /// - Parameter program: of the rulesets whose state it is; its texts have the first codes.
  /// - Complexity: O(subjects).
  package mutating func erase(_ subject: String, program: Program) -> Bool {
    let first = program.texts.count
    if let code = program.texts.code(of: subject) {
      // The rules' own text stays: it is said of nobody.
      guard let found = state.place(of: code), !state.isEmpty(found) else { return false }
      state.erase(found)
    } else {
      guard let place = texts.firstIndex(of: subject) else { return false }
      texts[place] = nil
      let code = Int32(truncatingIfNeeded: first + place)
      if let found = state.place(of: code) { state.erase(found) }
    }
    let used = state.textCodes()
    for (place, text) in texts.enumerated()
    where text != nil && !used.contains(Int32(truncatingIfNeeded: first + place)) {
      texts[place] = nil
    }
    return true
  }
}

/// Why a snapshot cannot be used.
package enum SnapshotFault: Error, Sendable, Hashable {
  /// The bytes are not what was written; the text says where.
  case damaged(String)
  /// A snapshot of a format that this version does not read.
  case unknownVersion(UInt8)
  /// It was taken with other rulesets.
  case otherRules

  package var reason: String {
    switch self {
    case .damaged(let detail): "the snapshot is damaged (\(detail))"
    case .unknownVersion(let version): "the snapshot has format \(version), which is unknown"
    case .otherRules: "the snapshot was taken with other rules"
    }
  }
}
