import DecisionTrace
import FileIO
import RationaleTestSupport
import Testing

@testable import TraceLog

/// An erased subject's key is gone for everybody, and nothing else is.
@Suite struct ErasureTests {
  private let directory: TemporaryDirectory
  private let log: String
  private let subject = ArraySlice("334628087".utf8)

  init() throws {
    directory = try TemporaryDirectory()
    log = directory.file("log")
  }

  private func open(_ log: String? = nil, seed: UInt64 = 1) throws -> KeyVault {
    try KeyVault(log: log ?? self.log, master: masterKey(1), random: SeededGenerator(seed: seed))
  }

  private func vaultBytes(_ log: String) throws -> [UInt8] {
    try Directory.names(in: VaultFiles.directory(of: log)).flatMap {
      try WholeFile.read(VaultFiles.directory(of: log) + "/" + $0)
    }
  }

  @Test func `an erased key is nowhere in the vault, and the others stay`() throws {
    var vault = try open()
    let made = try vault.keys(of: subject)
    let other = try vault.keys(of: ArraySlice("other".utf8))
    try vault.commit()
    let before = try WholeFile.read(VaultFiles.keys(log))
    let slot = KeySlots.slotSize * (made.number + 1)
    let factor = before[slot + SubjectTag.size..<slot + SubjectTag.size + KeySlots.factorSize]
    let tag = before[slot..<slot + SubjectTag.size]
    #expect(try vaultBytes(log).holds(factor))

    let erased = try vault.erase(subject)
    #expect(erased == 1)
    #expect(try !vaultBytes(log).holds(factor))
    // Nothing connects the tag with the slot: it is in the list of the erased, without a number.
    #expect(try !WholeFile.read(VaultFiles.keys(log)).holds(tag))
    #expect(try !WholeFile.read(VaultFiles.table(log)).holds(tag.prefix(4).reversed()))
    let list = try WholeFile.read(VaultFiles.erasures(log))
    #expect(list.holds(tag) && list.suffix(8) == Array(repeating: 0xFF, count: 8)[...])

    #expect(try vault.isErased(subject))
    let gone = try vault.keys(made.number)
    #expect(gone == nil)
    let kept = try vault.keys(other.number)
    #expect(
      try kept.map { try PersonalProfile.seal($0).entry } == PersonalProfile.seal(other.keys).entry)
    try vault.close()
    let reader = try KeyVaultReader(log: log, master: masterKey(1))
    guard case .erased = try reader?.subject(subject) else {
      Issue.record("the subject was erased")
      return
    }
    let exported = try reader?.subjectKey(of: subject) ?? nil
    #expect(exported == nil)
  }

  @Test func `with all keys an erased record opens no more, and its entry still proves`() throws {
    var vault = try open()
    let made = try vault.keys(of: subject)
    let sealed = try PersonalProfile.seal(made.keys)
    let shown = try #require(
      Disclosure("value enterprise.employees", of: try sealed.open(made.keys)))
    _ = try vault.erase(subject)
    // All that is left, and any key that it gives.
    for number in 0..<vault.count {
      let keys = try vault.keys(number)
      #expect(keys == nil)
    }
    let again = try vault.keys(of: subject)
    #expect(throws: SealedTraceError.otherSubject) { try sealed.open(again.keys) }
    // What was shown before stays shown, and proved.
    _ = try shown.verify(entry: sealed.entry.bytes)
  }

  @Test func `somebody who comes back has another key, and can be erased again`() throws {
    var vault = try open()
    let first = try vault.keys(of: subject)
    _ = try vault.erase(subject)
    let second = try vault.keys(of: subject)
    #expect(second.number == first.number + 1)
    #expect(try !vault.isErased(subject))
    let old = try vault.keys(first.number)
    #expect(old == nil)
    let count = try vault.erase(subject)
    #expect(count == 1)
    #expect(try vault.isErased(subject))
    let none = try vault.erase(ArraySlice("nobody".utf8))
    #expect(none == 0)
  }

  @Test func `an erasure that a crash cut short is finished`() throws {
    var vault = try open()
    let made = try vault.keys(of: subject)
    let other = try vault.keys(of: ArraySlice("other".utf8))
    try vault.close()
    let before = try WholeFile.read(VaultFiles.keys(log))
    let slot = KeySlots.slotSize * (made.number + 1)
    let tag = SubjectTag(Array(before[slot..<slot + SubjectTag.size]))
    // It was begun, and so many bytes of the slot were written over.
    for written in [0, 1, 11, 12, 30, 44, 47, 48] {
      let copy = directory.file("copy\(written)")
      try TemporaryDirectory.copy(log, to: copy)
      var list = try ErasureList(path: VaultFiles.erasures(copy))
      try list.begin(tag, slots: [made.number])
      var keys = before
      for byte in 0..<written { keys[slot + byte] = 0 }
      try WholeFile.replace(VaultFiles.keys(copy), with: keys)
      let again = try open(copy, seed: 2)
      let gone = try again.keys(made.number)
      #expect(gone == nil)
      #expect(try again.isErased(subject))
      let kept = try again.keys(other.number)
      #expect(kept != nil)
      #expect(try ErasureList(path: VaultFiles.erasures(copy)).pending.isEmpty)
    }
  }

  @Test func `keys that the table does not know of are erased with the others`() throws {
    var vault = try open()
    _ = try vault.keys(of: subject)
    try vault.close()
    // The table was damaged without a trace, so that the subject got a second key.
    var table = try WholeFile.read(VaultFiles.table(log))
    for byte in 64..<table.count { table[byte] = 0 }
    try WholeFile.replace(VaultFiles.table(log), with: table)
    var again = try open(seed: 2)
    let second = try again.keys(of: subject)
    #expect(second.number == 1)
    let count = try again.erase(subject)
    #expect(count == 2)
    for number in 0..<2 {
      let keys = try again.keys(number)
      #expect(keys == nil)
    }
  }
}
