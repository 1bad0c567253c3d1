internal import DecisionTrace

/// What is done about one person in a log with privacy on.
extension TraceLogWriter {
  /// Destroys the keys of a subject: nobody reads again what belongs to them, and the entries and all
  /// proofs stay. The erasure is in the log, and signed, before anything is destroyed.
  ///
  /// Done again after a crash, it goes on; without a key it writes and destroys nothing.
  ///
  /// - Parameters:
  ///   - isLogged: whether the erasure is logged also where there is no key to destroy: other files may
  ///     hold something of the subject.
  ///   - entry: makes what is logged, given the number of keys.
  /// - Returns: how many keys were destroyed; 0 where the subject has none.
  /// - Throws: `TraceLogError.held` while a legal hold is on the subject.
  /// - Complexity: O(keys in the vault).
  package mutating func erase(
    _ subject: ArraySlice<UInt8>, isLogged: Bool = false, _ entry: (Int) -> ErasureEntry
  ) throws(TraceLogError) -> Int {
    let count = try needingVault { (sealing) throws(TraceLogError) in
      try sealing.keyCount(of: subject)
    }
    if count == 0, !isLogged { return 0 }
    if let hold = try hold(on: subject), hold.isHeld { throw .held(reason: hold.reason) }
    _ = try append(entry: entry(count).bytes)
    try commit()
    try publish()
    if count > 0 {
      try needingVault { (sealing) throws(TraceLogError) in try sealing.erase(subject) }
    }
    return count
  }

  /// How many keys a subject has that were not destroyed: one, or none.
  package mutating func keyCount(of subject: ArraySlice<UInt8>) throws(TraceLogError) -> Int {
    try needingVault { (sealing) throws(TraceLogError) in try sealing.keyCount(of: subject) }
  }

  /// What was said last about holding a subject; nil where nothing was.
  package mutating func hold(
    on subject: ArraySlice<UInt8>
  ) throws(TraceLogError) -> LegalHoldEntry? {
    let keys = try needingVault { (sealing) throws(TraceLogError) in
      try sealing.existingKeys(of: subject)
    }
    guard let keys else { return nil }
    // Entries are looked for where readers look, on the disk.
    try commit()
    var found: LegalHoldEntry?
    let finder = SubjectFinder(log: path, subject: keys.locator, decision: nil)
    try finder.entries { entry in
      guard EntryKind(entry.bytes) == .legalHold, let hold = try? LegalHoldEntry(entry.bytes),
        hold.isAbout(keys)
      else { return true }
      found = hold
      return false
    }
    return found
  }

  /// Logs that a subject must not be erased, or may be again.
  ///
  /// - Returns: false, and nothing is logged, for a subject without a key.
  package mutating func setHold(
    _ isHeld: Bool, on subject: ArraySlice<UInt8>, time: Int?, by: String, reason: String
  ) throws(TraceLogError) -> Bool {
    let keys = try needingVault { (sealing) throws(TraceLogError) in
      try sealing.existingKeys(of: subject)
    }
    guard let keys else { return false }
    let hold = LegalHoldEntry(of: keys, isHeld: isHeld, time: time, by: by, reason: reason)
    _ = try append(entry: hold.bytes, subject: keys.locator)
    try commit()
    try publish()
    return true
  }

  mutating func needingVault<Value>(
    _ body: (inout TraceSealing) throws(TraceLogError) -> Value
  ) throws(TraceLogError) -> Value {
    guard var open = sealing.take() else {
      throw .vault("the log `\(path)` has no vault: its traces were stored whole")
    }
    do throws(TraceLogError) {
      let value = try body(&open)
      sealing = consume open
      return value
    } catch {
      sealing = consume open
      throw error
    }
  }
}
