import DataFields
import Decisions
import RuleBuilders
import SourceDiagnostics
import Testing

/// Mistakes show at the printed text, with the line of Swift that built it.
@Suite struct BuiltDiagnosticTests {
  private static let person = RuleUnit("person")

  private struct Shop: Sendable {
    var id: String
    var staff: Int
    var city: String
  }

  private static let shop = Input("shop", of: Shop.self, from: "shops") {
    Field(\.id, "id", .text).key()
    Field(\.staff, "staff", .int(person)).in(1...1_000)
  }

  private static func ruleset(
    _ extra: () -> [Declaration], when condition: Condition = shop.staff > person(5)
  ) -> Ruleset {
    Ruleset("mistakes", version: 1) {
      person
      shop
      for declaration in extra() { Listed(declarations: [declaration]) }
      RuleDecision("d", hit: .first) {
        Rule("large", reason: "M-1", when: condition, then: "large")
        Otherwise(reason: "M-2", then: "small")
      }
    }
  }

  private struct Listed: RulesetComponent {
    var declarations: [Declaration]
  }

  private static func note(_ line: Int) -> String {
    "built at RuleBuildersTests/BuiltDiagnosticTests.swift:\(line)"
  }

  /// The text under the first mark.
  private static func marked(_ diagnostic: Diagnostic) -> String? {
    guard let place = diagnostic.position,
      let excerpt = diagnostic.excerpts.first(where: { $0.line == place.line }),
      let mark = excerpt.marks.first(where: { $0.column == place.column })
    else { return nil }
    return String(excerpt.text.dropFirst(mark.column - 1).prefix(mark.length))
  }

  @Test func `a sound ruleset has no finding`() {
    #expect(findings(Self.ruleset { [] }).map(\.code) == ["S1"])
  }

  @Test func `a unit that is left out is found at the level`() throws {
    let size = Rank("size", of: Size.self, by: Self.shop.staff) {
      Size.small.below(Self.person(5))
      Size.medium.below(50)
      Size.large.otherwise
    }
    let line = #line - 3
    let found = findings(
      Self.ruleset { Scale(Size.self).declarations + size.declarations })
    #expect(found.map(\.code) == ["Y2"])
    #expect(found.first.flatMap(Self.marked) == "50")
    #expect(found.first?.file == "mistakes.rules")
    #expect(found.first?.notes.last == Self.note(line))
  }

  @Test func `a property without a field is found where it is used`() throws {
    let other = Let("other", Self.shop.city)
    let line = #line - 1
    let found = findings(Self.ruleset { other.declarations })
    #expect(found.map(\.code) == ["N1"])
    #expect(found.first.flatMap(Self.marked) == "city")
    #expect(found.first?.notes.last == Self.note(line))
  }

  @Test func `no name becomes more than one token`() throws {
    let found = findings(
      Self.ruleset { Let("a = 1\nlet b", Self.shop.staff).declarations })
    #expect(found.map(\.code) == ["X5"])
    #expect(found.first.flatMap(Self.marked) == #""a = 1\nlet b""#)
    #expect(found.first?.notes.last?.hasPrefix("built at RuleBuildersTests/") == true)
    for text in ["1986-6-1", "soon", "1986-06-01 or true"] {
      let opened = Value<CalendarDate>(stringLiteral: text)
      #expect(findings(Self.ruleset({ [] }, when: opened > "2000-01-01")).map(\.code) == ["Y1"])
    }
    #expect(
      findings(Self.ruleset({ [] }, when: Self.shop.staff > .decimal("5 or true"))).map(\.code)
        == ["Y1"])
  }

  @Test func `a day that does not exist is found in a literal`() {
    let found = findings(
      Self.ruleset({ [] }, when: Value<CalendarDate>("2021-02-30") > "2000-01-01"))
    #expect(found.map(\.code) == ["X4"])
  }

  @Test func `a rule's mistake names the rule's line`() throws {
    var line = 0
    let ruleset = Ruleset("mistakes", version: 1) {
      Self.person
      Self.shop
      RuleDecision("d", hit: .first) {
        Rule("large", reason: "M-1", when: Self.shop.staff > Self.person(5), then: "large")
        Rule("again", reason: "M-1", when: Self.shop.staff > Self.person(2), then: "middling")
        Otherwise(reason: "M-2", then: "small")
      }
    }
    line = #line - 4
    let found = findings(ruleset)
    #expect(found.map(\.code) == ["M1"])
    #expect(found.first?.notes.last == Self.note(line))
  }

  @Test func `a test of what is no column of the table is found at its row`() throws {
    let size = Rank("size", of: Size.self, by: Self.shop.staff) {
      Size.small.below(Self.person(5))
      Size.medium.below(Self.person(50))
      Size.large.otherwise
    }
    let ruleset = Ruleset("mistakes", version: 1) {
      Self.person
      Self.shop
      Scale(Size.self)
      size
      RuleDecision("d", hit: .first) {
        Table(size) {
          Row(size.is(.small), then: "small", reason: "M-1")
          Row(Self.shop.id.is("x"), then: "other", reason: "M-2")
        }
      }
    }
    let line = #line - 4
    let found = findings(ruleset)
    #expect(found.map(\.code) == ["X5"])
    #expect(found.first?.notes.last == Self.note(line))
  }

  @Test func `an expression without a name is no declaration`() throws {
    let ruleset = Ruleset("mistakes", version: 1) {
      Self.person
      Self.shop
      Self.shop.staff + Self.person(1)
    }
    let line = #line - 2
    let found = findings(ruleset)
    #expect(found.map(\.code) == ["X5"])
    #expect(found.first?.notes.last == Self.note(line))
  }

  @Test func `findings of the analysis name the decision's line`() throws {
    let ruleset = Ruleset("mistakes", version: 1) {
      Self.person
      Self.shop
      RuleDecision("d", hit: .unique) {
        Rule("large", reason: "M-1", when: Self.shop.staff > Self.person(5), then: "large")
      }
    }
    let line = #line - 4
    let found = findings(ruleset).filter { $0.severity == .error }
    #expect(found.map(\.code) == ["G1"])
    #expect(found.first?.notes.last == Self.note(line))
  }

  @Test func `levels and scales that fit no other are reported, not run`() throws {
    let life = Rank("life", of: Life.self, by: Self.shop.staff) {
      Life.new.below(Self.person(5))
      Life.moderate.below(Self.person(50))
      Life.mature.otherwise
    }
    let rate = Rank("rate", of: Rate.self, by: Self.shop.staff) {
      Rate.low.below(Self.person(5))
      Rate.moderate.below(Self.person(50))
      Rate.high.otherwise
    }
    // The types say that the scales are aligned, but no `Align` declares it.
    let found = findings(
      Self.ruleset(
        {
          Scale(Life.self).declarations + Scale(Rate.self).declarations + life.declarations
            + rate.declarations
        }, when: life > rate))
    #expect(found.map(\.code) == ["Y3"])
  }
}
