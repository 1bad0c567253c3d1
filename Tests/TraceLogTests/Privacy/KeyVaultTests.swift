import DecisionTrace
import FileIO
import RationaleTestSupport
import Testing

@testable import TraceLog

/// Keys are made once, found again, durable when they must be, and gone when they were erased.
@Suite struct KeyVaultTests {
  private let directory: TemporaryDirectory
  private let log: String

  init() throws {
    directory = try TemporaryDirectory()
    log = directory.file("log")
  }

  private func open(
    _ log: String? = nil, master: UInt8 = 1, seed: UInt64 = 1,
    options: KeyVault.Options = KeyVault.Options()
  ) throws -> KeyVault {
    try KeyVault(
      log: log ?? self.log, master: masterKey(master), options: options,
      random: SeededGenerator(seed: seed))
  }

  private func subject(_ number: Int) -> ArraySlice<UInt8> { ArraySlice("subject \(number)".utf8) }

  /// Marks one entry with keys: the same mark, the same keys.
  private func mark(_ keys: SubjectKeys) throws -> [UInt8] {
    Array(try PersonalProfile.seal(keys).entry.mark)
  }

  private func marks(_ vault: inout KeyVault, _ range: Range<Int>) throws -> [[UInt8]] {
    try range.map { try mark(try vault.keys(of: subject($0)).keys) }
  }

  @Test func `a subject keeps its keys, and no two have the same`() throws {
    var vault = try open()
    let first = try marks(&vault, 0..<50)
    #expect(Set(first).count == 50)
    try vault.close()
    var again = try open(seed: 2)
    let second = try marks(&again, 0..<50)
    #expect(first == second)
    let count = again.count
    #expect(count == 50)
    let number = try again.keys(of: subject(7)).number
    let byNumber = try again.keys(number)
    #expect(try byNumber.map(mark) == first[7])
  }

  @Test func `a key counts once it is committed`() throws {
    var vault = try open()
    let first = try marks(&vault, 0..<3)
    try vault.commit()
    let second = try marks(&vault, 3..<6)
    // The process is killed here.
    try TemporaryDirectory.copy(log, to: directory.file("copy"))
    var again = try open(directory.file("copy"), seed: 9)
    let kept = try marks(&again, 0..<3)
    #expect(kept == first)
    let remade = try marks(&again, 3..<6)
    #expect(Set(remade).isDisjoint(with: second))
    _ = vault.count
  }

  @Test func `another master key is refused, and so is a file that is no key`() throws {
    var vault = try open()
    _ = try vault.keys(of: subject(1))
    try vault.close()
    #expect(throws: VaultError.otherMasterKey(vault: log + "/vault")) {
      _ = try open(master: 2).count
    }
    #expect(throws: VaultError.otherMasterKey(vault: log + "/vault")) {
      _ = try KeyVaultReader(log: log, master: masterKey(2)) == nil
    }
    var random = SystemRandomNumberGenerator()
    let noKey = try directory.write("no.key", "rationale-subject-key-1 00\n")
    #expect(throws: VaultError.badKeyFile(path: noKey, expected: "rationale-vault-key-1")) {
      _ = try MasterKey.load(noKey, log: log, random: &random)
    }
  }

  @Test func `the default key file is made once, for its owner only`() throws {
    var random = SeededGenerator(seed: 3)
    let made = try MasterKey.load(nil, log: log, random: &random)
    let path = VaultFiles.masterKey(log)
    let mode = try OpenFile(path: path, mode: .read).status().permissions
    #expect(mode == 0o600)
    let read = try MasterKey.load(nil, log: log, random: &random)
    #expect(read.check == made.check)
    let text = try directory.read("log/vault/master.key")
    #expect(text.hasPrefix("rationale-vault-key-1 ") && text.hasSuffix("\n"))
    #expect(text.count == 22 + 64 + 1)
    // A vault without its key does not get another one.
    var vault = try KeyVault(log: log, master: made)
    _ = try vault.keys(of: subject(1))
    try vault.close()
    try Directory.remove(path)
    #expect(throws: VaultError.self) { _ = try MasterKey.load(nil, log: log, random: &random) }
  }

  @Test func `a torn last group is cut wherever it ends, and what was durable stays`() throws {
    var vault = try open()
    let first = try marks(&vault, 0..<4)
    try vault.commit()
    let durable = try WholeFile.read(VaultFiles.keys(log)).count
    _ = try marks(&vault, 4..<7)
    try vault.commit()
    let whole = try WholeFile.read(VaultFiles.keys(log))
    for length in Set(stride(from: durable, through: whole.count, by: 7)).union([whole.count - 1]) {
      let copy = directory.file("copy\(length)")
      try TemporaryDirectory.copy(log, to: copy)
      try WholeFile.replace(VaultFiles.keys(copy), with: Array(whole[..<length]))
      var again = try open(copy, seed: 5)
      let count = again.count
      #expect(count == 4 + (length - durable) / KeySlots.slotSize)
      let kept = try marks(&again, 0..<4)
      #expect(kept == first)
    }
  }

  @Test func `keys that had been stored and are not there are damage`() throws {
    var vault = try open()
    _ = try marks(&vault, 0..<4)
    try vault.close()
    let whole = try WholeFile.read(VaultFiles.keys(log))
    try WholeFile.replace(VaultFiles.keys(log), with: Array(whole.dropLast(1)))
    #expect {
      _ = try open().count
    } throws: { error in
      if case VaultError.damaged = error { true } else { false }
    }
    var changed = whole
    changed[KeySlots.slotSize * 2 + 20] ^= 1
    try WholeFile.replace(VaultFiles.keys(log), with: changed)
    var again = try open()
    #expect(throws: VaultError.self) { try again.keys(of: subject(1)) }
  }

  @Test func `the table grows, and can be lost or damaged`() throws {
    // More than the smallest table holds, so that it grows twice.
    let total = 6_000
    var vault = try open(options: Self.small)
    var numbers: [Int] = []
    for index in 0..<total { numbers.append(try vault.keys(of: subject(index)).number) }
    #expect(numbers == Array(0..<total))
    try vault.close()
    let whole = try WholeFile.read(VaultFiles.table(log))
    var generator = SeededGenerator(seed: 8)
    for round in 0..<4 {
      switch round {
      case 0: break
      case 1: try Directory.remove(VaultFiles.table(log))
      case 2: try WholeFile.replace(VaultFiles.table(log), with: Array(whole.prefix(9000)))
      default:
        // Whole and too old: as if the system had crashed before the last buckets were stored.
        var table = whole
        for _ in 0..<2000 {
          let bucket = Int.random(in: 0..<(table.count - 64) / 8, using: &generator)
          for byte in 0..<8 { table[64 + 8 * bucket + byte] = 0 }
        }
        for byte in 16..<24 { table[byte] = 0 }
        let checksum = CRC32C.checksum(Array(table[..<24]))
        for byte in 0..<4 {
          table[24 + byte] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * byte))
        }
        try WholeFile.replace(VaultFiles.table(log), with: table)
      }
      var again = try open(options: Self.small)
      var found: [Int] = []
      for index in 0..<total { found.append(try again.keys(of: subject(index)).number) }
      #expect(found == numbers, "round \(round)")
      try again.close()
    }
  }

  private static var small: KeyVault.Options {
    var options = KeyVault.Options()
    options.cachedSubjects = 64
    options.storeInterval = 1000
    return options
  }

  @Test func `a reader finds keys by subject and by number`() throws {
    var vault = try open()
    let marks = try marks(&vault, 0..<20)
    try vault.commit()
    for hasTable in [true, false] {
      if !hasTable { try Directory.remove(VaultFiles.table(log)) }
      let reader = try KeyVaultReader(log: log, master: masterKey(1))
      guard let reader else {
        Issue.record("there is a vault")
        return
      }
      guard case .known(let found) = try reader.subject(subject(7)) else {
        Issue.record("the subject has a key")
        return
      }
      #expect(try mark(found.keys) == marks[7])
      let keys = try reader.keys(7)
      #expect(try keys.map(mark) == marks[7])
      let exported = try reader.subjectKey(of: subject(7))
      #expect(try exported.flatMap { SubjectKeys(subjectKey: $0) }.map(mark) == marks[7])
      guard case .unknown = try reader.subject(subject(99)) else {
        Issue.record("the subject has no key")
        return
      }
    }
    let none = try KeyVaultReader(log: directory.file("none"), master: masterKey(1)) == nil
    #expect(none)
  }
}
