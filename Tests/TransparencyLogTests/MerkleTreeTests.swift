import DataFields
import RationaleTestSupport
import Testing

@testable import TransparencyLog

/// RFC 6962's own definitions, written down as they stand: what the code is compared with.
enum Definition {
  static func root(_ leaves: ArraySlice<TreeHash>) -> TreeHash {
    if leaves.isEmpty { return .ofEmptyTree }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    let middle = leaves.startIndex + split(leaves.count)
    return .node(root(leaves[..<middle]), root(leaves[middle...]))
  }

  static func path(_ index: Int, _ leaves: ArraySlice<TreeHash>) -> [TreeHash] {
    if leaves.count <= 1 { return [] }
    let count = split(leaves.count)
    let middle = leaves.startIndex + count
    if index < count { return path(index, leaves[..<middle]) + [root(leaves[middle...])] }
    return path(index - count, leaves[middle...]) + [root(leaves[..<middle])]
  }

  static func proof(_ old: Int, _ leaves: ArraySlice<TreeHash>, _ isWhole: Bool = true)
    -> [TreeHash]
  {
    if old == leaves.count { return isWhole ? [] : [root(leaves)] }
    let count = split(leaves.count)
    let middle = leaves.startIndex + count
    if old <= count { return proof(old, leaves[..<middle], isWhole) + [root(leaves[middle...])] }
    return proof(old - count, leaves[middle...], false) + [root(leaves[..<middle])]
  }

  static func split(_ count: Int) -> Int {
    var power = 1
    while power * 2 < count { power *= 2 }
    return power
  }
}

@Suite struct MerkleTreeTests {
  /// The entries and roots of the test vectors of Certificate Transparency's reference code.
  private static let entries: [[UInt8]] = [
    [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
    Array(0x50...0x57), Array(0x60...0x6F),
  ]
  private static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test func publishedRoots() {
    var edge = TreeEdge()
    for (size, root) in Self.roots.enumerated() {
      #expect(edge.size == size)
      #expect(edge.root.hexadecimal == root)
      if size < Self.entries.count { edge.append(.leaf(Self.entries[size])) { _, _ in } }
    }
  }

  static func leaves(_ count: Int) -> [TreeHash] {
    (0..<count).map { .leaf(Array("entry \($0)".utf8)) }
  }

  /// The hash of a perfect subtree, by the definition.
  static func hashes(_ leaves: [TreeHash]) -> (MerkleTree.Node) -> TreeHash {
    { Definition.root(leaves[($0.index << $0.height)..<(($0.index + 1) << $0.height)]) }
  }

  @Test func everyInclusionProofIsThatOfTheDefinition() {
    let all = Self.leaves(70)
    for size in 1...70 {
      let leaves = Array(all[..<size])
      let root = Definition.root(leaves[...])
      for index in 0..<size {
        let proof = MerkleTree.inclusionProof(of: index, size: size, Self.hashes(leaves))
        #expect(proof == Definition.path(index, leaves[...]))
        #expect(
          MerkleTree.verifyInclusion(
            of: leaves[index], at: index, size: size, proof: proof, root: root))
        // Another place, another leaf, another size, a hash more or less: none of them holds.
        let other = (index + 1) % size
        if other != index {
          #expect(
            !MerkleTree.verifyInclusion(
              of: leaves[index], at: other, size: size, proof: proof, root: root))
          #expect(
            !MerkleTree.verifyInclusion(
              of: leaves[other], at: index, size: size, proof: proof, root: root))
        }
        #expect(
          !MerkleTree.verifyInclusion(
            of: leaves[index], at: index, size: size, proof: proof + [root], root: root))
        #expect(
          size == 1
            || !MerkleTree.verifyInclusion(
              of: leaves[index], at: index, size: size, proof: Array(proof.dropLast()), root: root)
        )
      }
    }
  }

  @Test func everyConsistencyProofIsThatOfTheDefinition() {
    let all = Self.leaves(70)
    for new in 1...70 {
      let leaves = Array(all[..<new])
      let newRoot = Definition.root(leaves[...])
      for old in 1...new {
        let oldRoot = Definition.root(leaves[..<old])
        let proof = MerkleTree.consistencyProof(from: old, to: new, Self.hashes(leaves))
        #expect(proof == Definition.proof(old, leaves[...]))
        func holds(_ old: Int, _ oldRoot: TreeHash, _ newRoot: TreeHash, _ proof: [TreeHash])
          -> Bool
        {
          MerkleTree.verifyConsistency(
            old: old, new: new, oldRoot: oldRoot, newRoot: newRoot, proof: proof)
        }
        #expect(holds(old, oldRoot, newRoot, proof))
        let other = TreeHash.leaf([1])
        #expect(!holds(old, other, newRoot, proof))
        #expect(!holds(old, oldRoot, other, proof))
        if !proof.isEmpty {
          #expect(!holds(old, oldRoot, newRoot, Array(proof.dropLast())))
          var changed = proof
          changed[proof.count / 2] = other
          #expect(!holds(old, oldRoot, newRoot, changed))
        }
        #expect(!holds(old, oldRoot, newRoot, proof + [other]))
      }
    }
  }

  @Test func verifiersRefuseSizesThatMakeNoSense() {
    let leaf = TreeHash.leaf([1])
    #expect(!MerkleTree.verifyInclusion(of: leaf, at: 1, size: 1, proof: [], root: leaf))
    #expect(!MerkleTree.verifyInclusion(of: leaf, at: -1, size: 1, proof: [], root: leaf))
    #expect(!MerkleTree.verifyInclusion(of: leaf, at: 0, size: 0, proof: [], root: leaf))
    #expect(
      !MerkleTree.verifyConsistency(old: 3, new: 2, oldRoot: leaf, newRoot: leaf, proof: []))
    #expect(
      !MerkleTree.verifyConsistency(old: -1, new: 2, oldRoot: leaf, newRoot: leaf, proof: []))
  }
}
