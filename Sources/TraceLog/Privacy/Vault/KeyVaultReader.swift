internal import FileIO

/// The keys of a log's subjects, for those who hold the master key and only read.
package struct KeyVaultReader: ~Copyable {
  /// What the vault knows of a subject.
  package enum Subject: Sendable {
    case known(NumberedKeys)
    /// The subject's keys were destroyed.
    case erased
    case unknown
  }

  private let master: MasterKey
  private let slots: KeySlots
  private let table: KeyTable?
  private let erasures: ErasureList

  /// Nil if the log has no vault.
  package init?(log: String, master: MasterKey) throws(VaultError) {
    guard let slots = try KeySlots(reading: VaultFiles.keys(log), check: master.check) else {
      return nil
    }
    let table = try KeyTable(reading: VaultFiles.table(log))
    let erasures = try ErasureList(path: VaultFiles.erasures(log))
    self.master = master
    self.slots = slots
    self.table = table
    self.erasures = erasures
  }

  /// The keys with a number; nil if they were erased.
  package func keys(_ number: Int) throws(VaultError) -> SubjectKeys? {
    guard let slot = try slots.slot(number) else {
      throw .damaged(file: slots.path, offset: 0, reason: "there is no key \(number)")
    }
    return slot.subjectKeys(master)
  }

  /// - Complexity: O(1) reads; without a table, O(keys).
  package func subject(_ subject: ArraySlice<UInt8>) throws(VaultError) -> Subject {
    let tag = master.tag(of: subject)
    if let number = try number(of: tag), let keys = try keys(number) {
      return .known(NumberedKeys(number: number, keys: keys))
    }
    return erasures.tags.contains(tag) ? .erased : .unknown
  }

  /// The key to hand to a subject, so that they can find and read what is theirs; nil if there is
  /// none.
  package func subjectKey(of subject: ArraySlice<UInt8>) throws(VaultError) -> [UInt8]? {
    guard let number = try number(of: master.tag(of: subject)) else { return nil }
    return try slots.slot(number)?.subjectKey(master)
  }

  /// How many keys were destroyed.
  ///
  /// - Complexity: O(keys).
  func erasedCount() throws(VaultError) -> Int {
    var count = 0
    try slots.scan(0..<slots.count) { (_, slot) in if slot.tag.isErased { count += 1 } }
    return count
  }

  private func number(of tag: SubjectTag) throws(VaultError) -> Int? {
    if table != nil { return try table?.number(of: tag, slots) ?? nil }
    var found: Int?
    try slots.scan(0..<slots.count) { (number, slot) in if slot.tag == tag { found = number } }
    return found
  }
}
