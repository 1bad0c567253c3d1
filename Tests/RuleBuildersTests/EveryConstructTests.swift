import DataFields
import Decisions
import RuleBuilders
import SourceDiagnostics
import Testing

@Suite struct EveryConstructTests {
  @Test func `every construct is printed as the language writes it`() {
    #expect(EveryConstruct.ruleset.text == Self.text)
  }

  @Test func `the ruleset checks, and its tests pass`() throws {
    let found = findings(EveryConstruct.ruleset)
    #expect(found.filter { $0.severity == .error }.isEmpty, "\(DiagnosticsError(found))")
    let (outcomes, _) = RulesetTests(try DecisionLibrary(EveryConstruct.ruleset)).run()
    #expect(outcomes.count == 7)
    #expect(outcomes.flatMap(\.failures).isEmpty)
  }

  @Test func `components may be listed by conditions and loops`() {
    func ruleset(_ count: Int, _ hasCurrency: Bool) -> String {
      Ruleset("loops", version: 1) {
        if hasCurrency { EveryConstruct.eur } else { EveryConstruct.person }
        for number in 0..<count { RuleUnit("unit\(number)") }
        RuleText("unit written")
        Comment("one\ntwo")
        if count > 1 { Use(file: "other.rules") }
        Examples(from: FileReference("cases.csv", sha256: "ab"))
      }.text
    }
    #expect(
      ruleset(2, true) == """
        ruleset loops version 1 {
        }

        currency EUR
        unit unit0
        unit unit1

        unit written

        // one
        // two
        use "other.rules"

        examples from "cases.csv" sha256 "ab"

        """)
    #expect(!ruleset(1, false).contains("use"))
    #expect(ruleset(1, false).contains("unit person"))
  }

  @Test func `what attributions are set against, and when, is spelled as the language writes it`() {
    let file = FileReference("a.csv", sha256: "cd")
    let lines = [
      ModelExplanation(by: "tree shap", top: 2, against: file, onRead: true),
      .againstModelStats(by: "linear", onRead: true),
      .against(covers: file, by: "tree shap", top: 5),
      .againstRecordCounts(by: "tree shap"),
      .againstUniformBranches(by: "tree shap", top: 1, onRead: true),
    ].map { explanation in
      Ruleset("r", version: 1) {
        Model("m", from: FileReference("a.pmml", sha256: "ab")) { explanation }
      }.text.split(separator: "\n").first { $0.contains("explain") }.map(String.init)
    }
    #expect(
      lines == [
        "  explain  by tree shap, top 2, against background \"a.csv\" sha256 \"cd\", on read",
        "  explain  by linear, against background ModelStats, on read",
        "  explain  by tree shap, top 5, against covers \"a.csv\" sha256 \"cd\"",
        "  explain  by tree shap, against record counts",
        "  explain  by tree shap, top 1, against uniform branches, on read",
      ])
  }

  @Test func `models, units and ranges are spelled as the language writes them`() {
    let model = Model("clusters", from: FileReference("a.pmml", sha256: "ab")) {
      Feed("SIZE", EveryConstruct.visits + 1)
      ModelExplanation.againstModelStats(by: "linear", top: 3)
      Feed("REGION", EveryConstruct.channel)
      ModelLabel("c", .cluster)
      ModelScore("near", .affinity)
      ModelScore("sure", .confidence("x"), in: 0..<1)
      ModelScore("raw", .output("RAW"))
      ModelLabel("id", .entityID)
      ModelScore("value", .predictedValue)
    }
    let text = Ruleset("m", version: 1) {
      model
      Let("a", model[label: "c"])
      Let("b", model["near"] < 0.5 && model["sure"] >= .decimal("0.50"))
      Let("c", EveryConstruct.shop.floor / (EveryConstruct.person / EveryConstruct.metre)(2))
    }.text
    #expect(
      text == """
        ruleset m version 1 {
        }

        model clusters from "a.pmml" sha256 "ab" {
          feed     SIZE = (visits + 1) as float
          explain  by linear, top 3, against background ModelStats
          feed     REGION = last_channel
          label    c = cluster
          score    near = affinity
          score    sure = confidence("x") in 0 ..< 1
          score    raw = output("RAW")
          label    id = entityId
          score    value = predictedValue
        }

        let a = clusters.c
        let b = clusters.near < 0.5 and clusters.sure >= 0.50
        let c = shop.floor / 2 person/metre

        """)
  }

  private static let text = """
    ruleset every-construct version 3 {
      owner      "Tests"
      approved   "Nobody \\"else\\""
      effective  2021-01-01 ..< 2024-10-04
      source     "None"
    }

    unit person
    unit metre
    currency EUR

    input shop from "shops" {
      id      text                    key
      region  code
      staff   int person              in 1 ... 500   actionable increase step 5
      floor   decimal(2) metre*metre  in 1 ..< 1_000_000
      open    bool
      opened  date                    in 1990-01-01 ... 2030-12-31   missing 2000-01-01   actionable no
      note    text                    personal, masked   missing as "-", "n/a"
      debt    decimal(2) EUR          missing 0 EUR
    }

    event sale from "sales" by shop_id = shop.id {
      shop_id  text
      channel  code
      net      decimal(2) EUR
      tax      decimal(2) EUR
      items    int   in 0 ... 1_000
      sold     date  time
      count    int
    }

    window month = 30 d sliding by 1 d, late up to 12 h
    window week  = 7 d tumbling
    window visit = session gap 30 min, late up to 90 s

    let kept         = sale where net >= 0 and channel != "test"
    let large        = kept where net * 2 > tax or items in 5 ... 10
    let monthly      = sum(kept.net) over month     missing 0 EUR in 0 EUR ... 1_000_000 EUR actionable increase step 10 EUR
    let visits       = count(kept) over visit
    let rushes       = count(large where channel in ("web", "shop")) over week
    let items        = sum(kept.items + kept.count) over all time     missing 0
    let least        = min(kept.net) over all time     missing 0 EUR
    let most         = max(kept.net) over all time     missing 0 EUR
    let since        = first(kept.sold) over all time     missing refuse
    let last_channel = last(kept.channel) over all time     missing refuse personal
    let per_head     = (monthly - shop.debt) / shop.staff
    let is_quiet     = visits < 3 and not (rushes >= 1 or items > 10)

    scale Height: Low < High

    rank height: Height by per_head {
      Low  up to 99.50 EUR/person
      High otherwise
    }

    decision standing: Height hit unique {
      rule tall reason S-1 when height == High then High
      rule short reason S-2 when height < High then Low
    }

    decision bonus: int hit any {
      rule quiet reason B-1 "Only {visits} visits." when is_quiet then 1
      rule small reason B-2 when shop.staff <= 3 person and is_quiet then 1
      otherwise reason B-3 then 0
    }

    decision notices: text hit collect {
      rule tall reason N-1 when height == High then "tall"
      rule open reason N-2 when shop.open == true then "open"
      otherwise reason N-3 then "nothing"
    }

    decision score: int hit collect sum {
      rule tall reason C-1 when "tall" in notices then 5
      rule north reason C-2 when shop.region == "north" then 2
      otherwise reason C-3 then 0
    }

    decision regions: text hit collect count {
      rule north reason R-1 when shop.region == "north" then "north"
      otherwise reason R-2 then 0
    }

    decision plan: text hit first {
      reason P-1 "Sells at height {height} in the {shop.region}."
      table
        height  | shop.staff  | shop.region      | shop.opened   | shop.open || then    | reason
        High    | *           | "north", "south" | *             | *         || "grow"  | P-1
        *       | 5 ... 10    | *                | < 2010-01-01  | *         || "keep"  | P-2
        *       | > 100, <= 2 | *                | *             | *         || "watch" | P-3
        *       | *           | *                | >= 2010-01-01 | false     || "close" | P-4
        != High | *           | *                | *             | *         || "wait"  | P-5
      otherwise reason P-6 then "look"
    }

    override strike reason P-9 "By order, at {height}." by "the works council" {
      when  shop.region == "north" and shop.note is present and last_channel != "web"
      set   plan = "close"
    }

    decision watched: bool hit first {
      rule odd reason W-1 when least < most and since > 2021-01-01 then true
      otherwise reason W-2 then false
    }

    test "a quiet shop" {
      given  visits = 1, rushes = 0, items = 0, shop.staff = 4
      expect bonus = 1 by quiet
    }
    test "notices are collected" {
      given  height = High, shop.open = true, shop.region = "north"
      expect notices = ("tall", "open"), score = 7, regions = 1
    }
    test table "heights" {
      per_head         || height | standing | by
      99.50 EUR/person || Low    | *        | *
        100 EUR/person || High   | High     | tall
      missing          || *      | refused  | *
    }
    property "heights follow sales" {
      height rises with monthly
      height falls with shop.debt
    }

    """
}
