import Testing

@testable import TransparencyLog

@Suite struct NoteTests {
  // The example of Go's note package.
  private static let secret =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
  private static let verifier =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
  private static let text =
    "If you think cryptography is the answer to your problem,\n"
    + "then you don't know what your problem is.\n"
  private static let signature =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

  @Test func theExampleOfAnotherImplementation() throws {
    let signer = try #require(NoteSigner(Self.secret))
    let verifier = try #require(NoteVerifier(Self.verifier))
    #expect(signer.verifier == verifier)
    #expect(signer.secretText == Self.secret)
    #expect(verifier.description == Self.verifier)
    let note = try SignedNote(Array((Self.text + "\n" + Self.signature).utf8))
    #expect(note.text == Self.text)
    #expect(try note.verify([verifier]) == [verifier])
    // Ed25519 is deterministic by RFC 8032; the library may add randomness, which verifies as well.
    let own = try SignedNote(text: Self.text, signers: [signer])
    #expect(try own.verify([verifier]) == [verifier])
  }

  @Test func anyChangedByteIsNoticed() throws {
    let verifier = try #require(NoteVerifier(Self.verifier))
    let bytes = Array((Self.text + "\n" + Self.signature).utf8)
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1
      #expect(throws: SignedNote.Fault.self) { try SignedNote(changed).verify([verifier]) }
    }
    for length in 0..<bytes.count {
      #expect(throws: SignedNote.Fault.self) {
        try SignedNote(Array(bytes[..<length])).verify([verifier])
      }
    }
  }

  @Test func keysThatAreNone() {
    for text in [
      "", "PeterNeumann", "PeterNeumann+c74f20a3",
      "PeterNeumann+c74f20a4+" + Self.verifier.suffix(44),
      "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+c74f20a3+AhpcxQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] { #expect(NoteVerifier(text) == nil) }
    #expect(NoteSigner(Self.verifier) == nil)
    #expect(NoteSigner(name: "a b", seed: [UInt8](repeating: 0, count: 32)) == nil)
    #expect(NoteSigner(name: "a", seed: [UInt8](repeating: 0, count: 31)) == nil)
  }

  @Test func signaturesOfOthersAreNoHelp() throws {
    let known = try #require(NoteSigner(name: "a", seed: [UInt8](repeating: 1, count: 32)))
    let other = try #require(NoteSigner(name: "b", seed: [UInt8](repeating: 2, count: 32)))
    let note = try SignedNote(text: "x\n", signers: [other])
    #expect(throws: SignedNote.Fault.self) { try note.verify([known.verifier]) }
    let both = try SignedNote(text: "x\n", signers: [other, known])
    #expect(try SignedNote(both.bytes).verify([known.verifier]) == [known.verifier])
  }

  @Test func checkpointsHaveOneSpelling() throws {
    let root = TreeHash.leaf([1])
    let checkpoint = Checkpoint(origin: "example.org/log", size: 20, root: root)
    #expect(Checkpoint(checkpoint.text) == checkpoint)
    for text in [
      "", "a\n", "a\n1\n", "a\n01\n\(root.base64)\n", "a\n-1\n\(root.base64)\n",
      "\n1\n\(root.base64)\n", "a\n1\n\(root.base64)", "a\n1\n\(root.base64.dropLast())\n",
      "a\n1\n\(root.base64)\n\n", "a\n99999999999999999999\n\(root.base64)\n",
    ] { #expect(Checkpoint(text) == nil, "\(text)") }
    #expect(Checkpoint("a\n1\n\(root.base64)\nmore\n")?.extensions == ["more"])
  }

  @Test(arguments: [
    "", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nindex 5\n",
    "c2sp.org/tlog-proof@v1\nindex 05\n\n", "c2sp.org/tlog-proof@v2\nindex 5\n\na\n1\n",
    "c2sp.org/tlog-proof@v1\nindex 5\nAAAA\n\na\n",
    "c2sp.org/tlog-proof@v1\nextra !\nindex 5\n\na\n",
  ])
  func proofsThatAreNone(_ text: String) {
    #expect(throws: SignedNote.Fault.self) { try ProofFile(Array(text.utf8)) }
  }
}
