internal import FileIO

/// The keys of a log's subjects, for the one process that writes the log.
///
/// A subject's key is a keyed hash, under the master key, of a random factor that the vault holds for
/// the subject. So the file of factors needs no encryption, for it is of no use without the master
/// key; and erasing a subject is writing zeros over one factor, after which the master key is of no
/// use either. `docs/privacy.md` has the layouts and what is promised.
package struct KeyVault: ~Copyable {
  package struct Options: Sendable {
    /// So many subjects' keys are held in memory, of about 400 bytes each.
    package var cachedSubjects = 32_768
    /// The table of keys is made durable when so many were added, so that recovery has less to do.
    package var storeInterval = 1 << 20

    package init() {}
  }

  private let master: MasterKey
  private let options: Options
  private var slots: KeySlots
  private var table: KeyTable
  private var erasures: ErasureList
  private var cache: SubjectKeyCache
  private var random: any RandomNumberGenerator & Sendable
  private var hasFailed = false

  /// Opens the vault of a log, or creates one, and finishes what a crash cut short. The caller holds
  /// the log's lock.
  ///
  /// - Throws: `VaultError.otherMasterKey` if it was made with another master key.
  package init(
    log: String, master: MasterKey, options: Options = Options(),
    random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) throws(VaultError) {
    do throws(FileError) {
      try Directory.create(VaultFiles.directory(of: log))
    } catch {
      throw .file(error)
    }
    var slots = try KeySlots(path: VaultFiles.keys(log), check: master.check)
    var table = try KeyTable(path: VaultFiles.table(log))
    var erasures = try ErasureList(path: VaultFiles.erasures(log))
    // What was being erased may be half written: first finish that, then look what is whole.
    try Self.finish(&erasures, slots, &table)
    try slots.recover(durable: table.storedCount)
    try Self.complete(&table, slots)
    self.master = master
    self.options = options
    self.random = random
    self.slots = slots
    self.table = table
    self.erasures = erasures
    cache = SubjectKeyCache(capacity: options.cachedSubjects)
  }

  /// How many keys were made, those that were erased included.
  package var count: Int { slots.count }

  /// The keys of a subject, which are made if there are none. New ones are on the disk after
  /// ``commit()``, which must return before an entry that needs them is acknowledged.
  package mutating func keys(of subject: ArraySlice<UInt8>) throws(VaultError) -> NumberedKeys {
    if hasFailed { throw .failedBefore }
    let text = Array(subject)
    if let cached = cache.keys(of: text) { return cached }
    let tag = master.tag(of: subject)
    let found: NumberedKeys
    if let number = try number(of: tag), let keys = try keys(number) {
      found = NumberedKeys(number: number, keys: keys)
    } else {
      found = try makeKeys(tag)
    }
    cache.insert(found, text)
    return found
  }

  /// The keys that a subject has; nil if there are none.
  package func existingKeys(
    of subject: ArraySlice<UInt8>
  ) throws(VaultError) -> NumberedKeys? {
    guard let number = try number(of: master.tag(of: subject)) else { return nil }
    return try keys(number).map { NumberedKeys(number: number, keys: $0) }
  }

  /// How many keys a subject has that were not destroyed: one, or none.
  ///
  /// - Complexity: O(keys in the vault), as of ``erase(_:)``.
  package func keyCount(of subject: ArraySlice<UInt8>) throws(VaultError) -> Int {
    let tag = master.tag(of: subject)
    var count = 0
    try slots.scan(0..<slots.count) { (_, slot) in if slot.tag == tag { count += 1 } }
    return count
  }

  /// The keys with a number; nil if they were erased.
  package func keys(_ number: Int) throws(VaultError) -> SubjectKeys? {
    guard let slot = try slots.slot(number) else {
      throw .damaged(file: slots.path, offset: 0, reason: "there is no key \(number)")
    }
    return slot.subjectKeys(master)
  }

  /// Returns once every key that was handed out is on the disk.
  package mutating func commit() throws(VaultError) {
    if hasFailed { throw .failedBefore }
    do throws(VaultError) {
      try slots.commit()
      if slots.count - table.storedCount >= options.storeInterval {
        try table.store(count: slots.count)
      }
    } catch {
      hasFailed = true
      throw error
    }
  }

  /// Commits, and spares the next opening the search for keys that its table lacks.
  package mutating func close() throws(VaultError) {
    try commit()
    if table.storedCount != slots.count { try table.store(count: slots.count) }
    hasFailed = true
  }

  /// Destroys all keys that a subject ever had; they are gone from the disk when this returns.
  ///
  /// - Returns: how many keys were destroyed: 0 for a subject without any.
  /// - Complexity: O(keys in the vault): it does not trust the table.
  package mutating func erase(_ subject: ArraySlice<UInt8>) throws(VaultError) -> Int {
    try commit()
    let tag = master.tag(of: subject)
    var numbers: [Int] = []
    try slots.scan(0..<slots.count) { (number, slot) in
      if slot.tag == tag { numbers.append(number) }
    }
    if numbers.isEmpty { return 0 }
    do throws(VaultError) {
      cache.remove(Array(subject))
      try erasures.begin(tag, slots: numbers)
      try Self.finish(&erasures, slots, &table)
    } catch {
      hasFailed = true
      throw error
    }
    return numbers.count
  }

  /// Whether a subject was erased and has no key since.
  package func isErased(_ subject: ArraySlice<UInt8>) throws(VaultError) -> Bool {
    let tag = master.tag(of: subject)
    return erasures.tags.contains(tag) ? try number(of: tag) == nil : false
  }

  private func number(of tag: SubjectTag) throws(VaultError) -> Int? {
    try table.number(of: tag, slots)
  }

  private mutating func makeKeys(_ tag: SubjectTag) throws(VaultError) -> NumberedKeys {
    let factor = (0..<KeySlots.factorSize).map { _ in
      UInt8.random(in: .min ... .max, using: &random)
    }
    let slot = KeySlots.Slot(tag: tag, factor: factor)
    guard let keys = slot.subjectKeys(master) else {
      preconditionFailure("a key that is being made is not erased")
    }
    do throws(VaultError) {
      let number = try slots.append(slot)
      try table.insert(tag, slot: number)
      return NumberedKeys(number: number, keys: keys)
    } catch {
      hasFailed = true
      throw error
    }
  }

  /// Erases the slots that the list of erasures names still, and then their numbers in the list.
  private static func finish(
    _ erasures: inout ErasureList, _ slots: borrowing KeySlots, _ table: inout KeyTable
  ) throws(VaultError) {
    if erasures.pending.isEmpty { return }
    for pending in erasures.pending where pending.slot < slots.count {
      try slots.erase(pending.slot)
      try table.remove(pending.tag, slot: pending.slot)
    }
    try slots.sync()
    // The table tells which slot a subject had, too.
    try table.store(count: table.storedCount)
    try erasures.finish()
  }

  /// Puts slots into the table that it may lack since a crash.
  private static func complete(
    _ table: inout KeyTable, _ slots: borrowing KeySlots
  ) throws(VaultError) {
    if table.storedCount == slots.count { return }
    var next = table.storedCount
    while next < slots.count {
      var missing: [(SubjectTag, Int)] = []
      let end = min(next + 65_536, slots.count)
      try slots.scan(next..<end) { (number, slot) in
        if !slot.tag.isErased { missing.append((slot.tag, number)) }
      }
      for (tag, number) in missing { try table.insert(tag, slot: number) }
      next = end
    }
    try table.store(count: slots.count)
  }
}

extension KeySlots.Slot {
  /// Nil of an erased slot.
  func subjectKey(_ master: MasterKey) -> [UInt8]? {
    tag.isErased ? nil : master.subjectKey(tag, factor: factor)
  }

  func subjectKeys(_ master: MasterKey) -> SubjectKeys? {
    subjectKey(master).flatMap { SubjectKeys(subjectKey: $0) }
  }
}

extension KeyTable {
  /// The number of the slot with this tag; nil if there is none.
  func number(of tag: SubjectTag, _ slots: borrowing KeySlots) throws(VaultError) -> Int? {
    var number: Int?
    _ = try find(tag) { (candidate) throws(VaultError) in
      guard try slots.slot(candidate)?.tag == tag else { return false }
      number = candidate
      return true
    }
    return number
  }
}
