import DecisionTrace
import FileIO
import RationaleTestSupport
import Testing

@testable import TraceLog

/// The bytes of one sealed trace, as they were first written: what logs hold must read for good. A
/// computation in Python that shares nothing with this one checks the same files, from
/// `docs/privacy.md` alone.
@Suite struct PrivacyVectorTests {
  private static let folder = ProjectFiles.path("Tests/Independent/privacy")

  @Test func `a trace is sealed as it always was`() throws {
    let vaultKey = (0..<32).map { UInt8($0) }
    let factor = (0..<32).map { UInt8(0xA0 + $0) }
    let subject = "334628087"
    let master = try #require(MasterKey(vaultKey))
    let tag = master.tag(of: ArraySlice(subject.utf8))
    let subjectKey = master.subjectKey(tag, factor: factor)
    let keys = try #require(SubjectKeys(subjectKey: subjectKey))
    let sealed = try PersonalProfile.seal(keys)
    let opened = try sealed.open(keys)

    var json = JSONBytes()
    json.object { json in
      json.member("vault_key", HexadecimalText.text(vaultKey))
      json.member("subject", subject)
      json.member("factor", HexadecimalText.text(factor))
      json.member("tag", HexadecimalText.text(tag.bytes))
      json.member("subject_key", HexadecimalText.text(subjectKey))
      json.member("body", HexadecimalText.text(sealed.body))
      json.member("entry", HexadecimalText.text(sealed.entry.bytes))
      json.member("private_record", HexadecimalText.text(sealed.record))
    }
    let disclosures = opened.items.flatMap { Disclosure($0.name, of: opened)?.json ?? [] }
    for (name, bytes) in [("vector.json", json.bytes + [0x0A]), ("disclosures.jsonl", disclosures)]
    {
      let made = String(decoding: bytes, as: UTF8.self)
      let kept = String(decoding: try WholeFile.read(Self.folder + "/" + name), as: UTF8.self)
      #expect(made == kept, "\(name)")
    }
  }
}
