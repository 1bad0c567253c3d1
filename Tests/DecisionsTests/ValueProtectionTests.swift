import DecisionTrace
import Decisions
import RuleLanguage
import Testing

@Suite struct ValueProtectionTests {
  /// Fields of the trace of a decision that looks at `let value = ...`, beside the masked `secret`.
  func field(_ definition: String) throws -> (isPersonal: Bool, maskKeeps: Int?) {
    let rules = """
      ruleset protection version 1 {
        owner "Test"
        effective from 2021-01-01
      }
      input client from "clients" {
        id      text  key
        secret  int   in 0 ... 1_000  personal masked keep 2
        open    int   in 0 ... 1_000
      }
      let value = \(definition)
      decision answer: text hit first {
        rule much reason P-1 "Much." when value > 5 then "much"
        otherwise reason P-2 "Little." then "little"
      }
      """
    let library = try DecisionLibrary(
      rules: ["p.rules"], files: RuleFilesInMemory(texts: ["p.rules": rules]))
    let fields = library.schemas[0].schema.fields
    let found = try #require(fields.first { $0.name == "value" })
    return (found.isPersonal, found.maskKeeps)
  }

  @Test(arguments: ["client.secret + 1", "client.open - client.secret", "1_000 - client.secret"])
  func `nothing is shown of what is computed from a masked value`(_ definition: String) throws {
    let field = try field(definition)
    #expect(field.isPersonal)
    #expect(field.maskKeeps == 0)
  }

  @Test func `a copy keeps its mask`() throws {
    let field = try field("client.secret")
    #expect(field.isPersonal)
    #expect(field.maskKeeps == 2)
  }

  @Test func `other values are open, unless the ruleset says so`() throws {
    let open = try field("client.open + 1")
    #expect(!open.isPersonal)
    #expect(open.maskKeeps == nil)
    #expect(try field("client.open + 1 personal").isPersonal)
  }
}
