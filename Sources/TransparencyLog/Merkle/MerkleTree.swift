/// The shape of a Merkle tree over numbered entries, and the proofs in it (RFC 6962, section 2.1).
///
/// A tree of n entries is a perfect tree over the first 2^k, with 2^k < n <= 2^(k+1), beside the
/// tree over the rest. So each subtree of it is a run of *perfect* ones, and only those are stored.
package enum MerkleTree {
  /// A perfect subtree: `2^height` entries from `index * 2^height` on.
  package struct Node: Sendable, Hashable {
    package var height: Int
    package var index: Int
  }

  /// Gives the hash of a perfect subtree.
  package typealias Hashes<Failure: Error> = (Node) throws(Failure) -> TreeHash

  /// The hash of the tree over the entries `range`, which is as a tree of `range.upperBound` has it.
  ///
  /// - Complexity: O(log n) look-ups and hashes.
  package static func hash<Failure: Error>(
    of range: Range<Int>, _ hashes: Hashes<Failure>
  ) throws(Failure) -> TreeHash {
    let nodes = perfectNodes(of: range)
    guard let last = nodes.last else { return .ofEmptyTree }
    var hash = try hashes(last)
    for node in nodes.dropLast().reversed() { hash = .node(try hashes(node), hash) }
    return hash
  }

  /// The perfect subtrees that make up the entries `range`, from the left, the largest first.
  ///
  /// The range starts where a subtree of its tree does: at a multiple of the power of two that
  /// is at least its length.
  static func perfectNodes(of range: Range<Int>) -> [Node] {
    var nodes: [Node] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let height = Int.bitWidth - 1 - (range.upperBound - start).leadingZeroBitCount
      nodes.append(Node(height: height, index: start >> height))
      start += 1 << height
    }
    return nodes
  }

  /// Proves that the tree of `size` entries holds the entry `index`: the hashes beside its path, from
  /// the leaf's sibling up.
  package static func inclusionProof<Failure: Error>(
    of index: Int, size: Int, _ hashes: Hashes<Failure>
  ) throws(Failure) -> [TreeHash] {
    var range = 0..<size
    var beside: [Range<Int>] = []
    while range.count > 1 {
      let middle = range.lowerBound + split(range.count)
      if index < middle {
        beside.append(middle..<range.upperBound)
        range = range.lowerBound..<middle
      } else {
        beside.append(range.lowerBound..<middle)
        range = middle..<range.upperBound
      }
    }
    var proof: [TreeHash] = []
    for range in beside.reversed() { proof.append(try hash(of: range, hashes)) }
    return proof
  }

  /// Proves that the tree of `old` entries is the start of the tree of `new` entries.
  package static func consistencyProof<Failure: Error>(
    from old: Int, to new: Int, _ hashes: Hashes<Failure>
  ) throws(Failure) -> [TreeHash] {
    guard old > 0, old < new else { return [] }
    var range = 0..<new
    var isOldTree = true
    var beside: [Range<Int>] = []
    while old != range.upperBound {
      let middle = range.lowerBound + split(range.count)
      if old <= middle {
        beside.append(middle..<range.upperBound)
        range = range.lowerBound..<middle
      } else {
        beside.append(range.lowerBound..<middle)
        range = middle..<range.upperBound
        isOldTree = false
      }
    }
    var proof: [TreeHash] = []
    // The verifier has the old root already where the old tree is a subtree of the new one.
    if !isOldTree { proof.append(try hash(of: range, hashes)) }
    for range in beside.reversed() { proof.append(try hash(of: range, hashes)) }
    return proof
  }

  /// The largest power of two below `count`.
  private static func split(_ count: Int) -> Int {
    1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }
}

extension MerkleTree {
  /// Whether a proof leads from a leaf to the root of a tree (RFC 9162, section 2.1.3.2).
  package static func verifyInclusion(
    of leaf: TreeHash, at index: Int, size: Int, proof: [TreeHash], root: TreeHash
  ) -> Bool {
    guard index >= 0, index < size else { return false }
    var node = index
    var last = size - 1
    var hash = leaf
    for sibling in proof {
      if last == 0 { return false }
      if node & 1 == 1 || node == last {
        hash = .node(sibling, hash)
        while node & 1 == 0, node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        hash = .node(hash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }

  /// Whether a proof shows that one tree is the start of another (RFC 9162, section 2.1.4.2).
  package static func verifyConsistency(
    old: Int, new: Int, oldRoot: TreeHash, newRoot: TreeHash, proof: [TreeHash]
  ) -> Bool {
    guard old >= 0, old <= new else { return false }
    if old == new { return proof.isEmpty && oldRoot == newRoot }
    // Every tree starts with the empty one.
    if old == 0 { return proof.isEmpty && oldRoot == .ofEmptyTree }
    var path = proof[...]
    if old & (old - 1) == 0 { path = ([oldRoot] + proof)[...] }
    guard let first = path.popFirst() else { return false }
    var node = old - 1
    var last = new - 1
    while node & 1 == 1 {
      node >>= 1
      last >>= 1
    }
    var oldHash = first
    var newHash = first
    for sibling in path {
      if last == 0 { return false }
      if node & 1 == 1 || node == last {
        oldHash = .node(sibling, oldHash)
        newHash = .node(sibling, newHash)
        while node & 1 == 0, node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        newHash = .node(newHash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && oldHash == oldRoot && newHash == newRoot
  }
}
