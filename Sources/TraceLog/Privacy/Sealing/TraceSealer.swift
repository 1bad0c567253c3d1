internal import Crypto
internal import DataFields
package import DecisionTrace

/// Cuts bodies of one schema into the entry that anybody may read and the private record that only
/// the subject's key opens. Entry and private record are the body, byte for byte.
///
/// The same body under the same key gives the same bytes on every run: salts follow from the key and
/// the decision's identity, and the nonce of the encryption from the root, which commits to all that
/// is encrypted. Other values have another root, so that no nonce serves two private records.
package struct TraceSealer: Sendable {
  package let plan: SealingPlan
  /// What the log stores.
  package private(set) var entry: [UInt8] = []
  /// What the vault stores.
  package private(set) var privateRecord: [UInt8] = []

  private var cuts: [Int] = []
  private var head = [UInt8](repeating: 0, count: 32)
  /// The mark, and the salts.
  private var names: [UInt8]
  private var commitments = CommitmentWriter()

  package init(_ plan: SealingPlan) {
    self.plan = plan
    names = SubjectKeys.roomForNames(items: plan.itemNames.count)
  }

  /// Seals a body; ``entry`` and ``privateRecord`` are then its.
  ///
  /// - Throws: `TraceFault` if it is not a body of the plan's schema.
  /// - Complexity: O(bytes); two hashes of one block for each item, and one encryption.
  package mutating func seal(_ body: [UInt8], _ keys: SubjectKeys) throws(TraceFault) {
    var memory: [Int] = []
    swap(&memory, &cuts)
    var found = BodyCuts(body, reusing: memory)
    memory = []
    try found.find(plan)
    guard plan.isNamed(by: body) else {
      throw TraceFault(offset: 1, reason: "the body names another schema")
    }
    cuts = found.offsets
    let items = cut(body)
    body.withUnsafeBytes {
      SealedEntry.digestHead(
        UnsafeRawBufferPointer(rebasing: $0[..<found.headLength]), to: &head)
    }
    head.withUnsafeBytes { keys.derive($0, to: &names) }
    names.withUnsafeBytes { names in
      entry.withUnsafeMutableBytes { entry in
        entry[0] = SealedEntry.kind
        entry.write(names[..<SubjectKeys.markSize], at: SealedEntry.markOffset)
        commitments.writeRoot(
          plan.commitmentPrefixes, items: items, cuts: cuts,
          salts: names[KeyDerivation.blockSize...],
          to: UnsafeMutableRawBufferPointer(
            rebasing: entry[SealedEntry.rootOffset..<SealedEntry.publicOffset]))
      }
    }
    privateRecord.removeAll(keepingCapacity: true)
    entry.withUnsafeBytes { bytes in
      keys.encrypt(
        items, nonce: UnsafeRawBufferPointer(rebasing: bytes[SealedEntry.rootOffset...]),
        authenticating: entry, to: &privateRecord)
    }
  }

  /// Copies what stays to ``entry``, after room for mark and root; returns the form byte and the
  /// items, one after the other.
  private mutating func cut(_ body: [UInt8]) -> [UInt8] {
    let cuts = cuts
    let itemLength = stride(from: 0, to: cuts.count, by: 2).reduce(0) {
      $0 + cuts[$1 + 1] - cuts[$1]
    }
    return body.withUnsafeBytes { body in
      [UInt8](unsafeUninitializedCapacity: itemLength + 1) { items, itemCount in
        entry = [UInt8](
          unsafeUninitializedCapacity: SealedEntry.publicOffset + body.count - itemLength
        ) { entry, entryCount in
          let entry = UnsafeMutableRawBufferPointer(entry)
          let items = UnsafeMutableRawBufferPointer(items)
          items[0] = SealedTrace.plainForm
          itemCount = 1
          entryCount = SealedEntry.publicOffset
          var start = 0
          for place in stride(from: 0, to: cuts.count, by: 2) {
            let (begin, end) = (cuts[place], cuts[place + 1])
            entry.write(body[start..<begin], at: entryCount)
            entryCount += begin - start
            items.write(body[begin..<end], at: itemCount)
            itemCount += end - begin
            start = end
          }
          entry.write(body[start...], at: entryCount)
          entryCount += body.count - start
          entry[..<SealedEntry.publicOffset].initializeMemory(as: UInt8.self, repeating: 0)
        }
      }
    }
  }
}

/// Computes the root over items that lie one after the other, as ``ItemCommitment`` does it for one
/// at a time: in memory of its own, since this is done for every trace.
private struct CommitmentWriter: Sendable {
  private var scratch: [UInt8] = []
  private var commitments: [UInt8] = []

  /// - Parameters:
  ///   - prefixes: what each commitment is taken over before salt and value.
  ///   - items: the form byte, and the items.
  ///   - cuts: where each item started and ended in the body.
  ///   - salts: of each item, one after the other.
  ///   - root: 32 bytes.
  mutating func writeRoot(
    _ prefixes: [[UInt8]], items: [UInt8], cuts: [Int], salts: Slice<UnsafeRawBufferPointer>,
    to root: UnsafeMutableRawBufferPointer
  ) {
    let longest = prefixes.reduce(0) { max($0, $1.count) } + ItemCommitment.saltSize + items.count
    if scratch.count < longest {
      scratch = Array(repeating: 0, count: longest)
    }
    let needed = 1 + prefixes.count * ItemCommitment.size
    if commitments.count != needed {
      commitments = Array(repeating: ItemCommitment.rootMark, count: needed)
    }
    let salts = UnsafeRawBufferPointer(rebasing: salts)
    items.withUnsafeBytes { items in
      scratch.withUnsafeMutableBytes { scratch in
        commitments.withUnsafeMutableBytes { commitments in
          var begin = 1
          for (place, prefix) in prefixes.enumerated() {
            let length = cuts[2 * place + 1] - cuts[2 * place]
            prefix.withUnsafeBytes { scratch.write($0[...], at: 0) }
            let salt = place * ItemCommitment.saltSize
            var end = prefix.count
            scratch.write(salts[salt..<salt + ItemCommitment.saltSize], at: end)
            end += ItemCommitment.saltSize
            scratch.write(items[begin..<begin + length], at: end)
            end += length
            begin += length
            let commitment = 1 + place * ItemCommitment.size
            SHA256.hash(
              UnsafeRawBufferPointer(rebasing: scratch[..<end]),
              to: UnsafeMutableRawBufferPointer(
                rebasing: commitments[commitment..<commitment + ItemCommitment.size]))
          }
          SHA256.hash(UnsafeRawBufferPointer(commitments), to: root)
        }
      }
    }
  }
}
