import DataFields
import RuleBuilders

/// A ruleset with what the published ones do without: windows, every hit policy that runs, every
/// kind of field, every test of a table.
enum EveryConstruct {
  enum Region: String, Codable, TextChoice {
    case north, south
  }

  struct Shop: Codable, Sendable {
    var id: String
    var region: Region
    var staff: Int
    var floor: Money
    var isOpen: Bool
    var opened: CalendarDate?
    var note: String?
    var debt: Money?
  }

  struct Sale: Codable, Sendable {
    var shop: String
    var channel: String
    var net: Money
    var tax: Money
    var items: Int64
    var sold: Day
    var count: Int32
  }

  enum Level: String, RuleScale {
    case low = "Low"
    case high = "High"

    static var scaleName: String { "Height" }
  }

  static let person = RuleUnit("person")
  static let metre = RuleUnit("metre")
  static let eur = RuleUnit.currency("EUR")

  static let shop = Input("shop", of: Shop.self, from: "shops") {
    Field(\.id, "id", .text).key()
    Field(\.region, "region", .code)
    Field(\.staff, "staff", .int(person)).in(1...500).actionable(.increase, step: 5)
    Field(\.floor, "floor", .decimal(2, metre * metre)).in(1..<1_000_000)
    Field(\.isOpen, "open", .bool)
    Field(\.opened, "opened", .date).in("1990-01-01"..."2030-12-31")
      .missing(.value("2000-01-01")).actionable(.no)
    Field(\.note, "note", .text).personal().masked().missing(as: "-", "n/a")
    Field(\.debt, "debt", .decimal(2, eur)).missing(.value(eur(0)))
  }

  static let sale = Event("sale", of: Sale.self, from: "sales", by: \.shop, in: shop) {
    Field(\.shop, "shop_id", .text)
    Field(\.channel, "channel", .code)
    Field(\.net, "net", .decimal(2, eur))
    Field(\.tax, "tax", .decimal(2, eur))
    Field(\.items, "items", .int).in(0...1_000)
    Field(\.sold, "sold", .date).time()
    Field(\.count, "count", .int)
  }

  static let month = Window("month", .sliding(.days(30), by: .days(1)), late: .hours(12))
  static let week = Window("week", .tumbling(.days(7)))
  static let visit = Window("visit", .session(gap: .minutes(30)), late: .seconds(90))

  static let kept = Selection("kept", sale.where { $0.net >= 0 && $0.channel != "test" })
  static let large = Selection(
    "large", kept.where { $0.net * 2 > $0.tax || $0.items.isIn(5...10) })

  static let monthly = Let(
    "monthly", kept.net.sum(over: month), missing: .value(eur(0)), in: eur(0)...eur(1_000_000),
    actionable: .increase, step: eur(10))
  static let visits = Let("visits", kept.count(over: visit))
  static let rushes = Let(
    "rushes", large.where { $0.channel.isOne(of: "web", "shop") }.count(over: week))
  static let items = Let("items", (kept.items + kept[\.count]).sum(), missing: .value(0))
  static let least = Let("least", kept.net.min(), missing: .value(eur(0)))
  static let most = Let("most", kept.net.max(), missing: .value(eur(0)))
  static let since = Let("since", kept.sold.first(), missing: .refuse)
  static let channel = Let("last_channel", kept.channel.last(), missing: .refuse, isPersonal: true)
  static let perHead = Let("per_head", (monthly - shop.debt) / shop.staff)
  static let isQuiet = Let("is_quiet", visits < 3 && !(rushes >= 1 || items > 10))

  static let height = Rank("height", of: Level.self, by: perHead) {
    Level.low.upTo((eur / person)(.decimal("99.50")))
    Level.high.otherwise
  }

  static let standing = RuleDecision("standing", of: Level.self, hit: .unique) {
    Rule("tall", reason: "S-1", when: height == .high, then: .high)
    Rule("short", reason: "S-2", when: height < .high, then: .low)
  }

  static let bonus = RuleDecision("bonus", of: Number.self, hit: .any) {
    Rule("quiet", reason: "B-1", "Only \(visits) visits.", when: isQuiet, then: 1)
    Rule("small", reason: "B-2", when: shop.staff <= person(3) && isQuiet, then: 1)
    Otherwise(reason: "B-3", then: 0)
  }

  static let notices = RuleDecision("notices", collecting: String.self) {
    Rule("tall", reason: "N-1", when: height == .high, then: "tall")
    Rule("open", reason: "N-2", when: shop.isOpen == true, then: "open")
    Otherwise(reason: "N-3", then: "nothing")
  }

  static let score = RuleDecision("score", of: Number.self, hit: .collect(.sum)) {
    Rule("tall", reason: "C-1", when: notices.contains("tall"), then: 5)
    Rule("north", reason: "C-2", when: shop.region == .north, then: 2)
    Otherwise(reason: "C-3", then: 0)
  }

  static let regions = RuleDecision("regions", counting: Region.self) {
    Rule("north", reason: "R-1", when: shop.region == .north, then: .north)
    Otherwise(reason: "R-2", then: 0)
  }

  static let plan = RuleDecision("plan", hit: .first) {
    Reason("P-1", "Sells at height \(height) in the \(shop.region).")
    Table(height, shop.staff, shop.region, shop.opened, shop.isOpen) {
      Row(height.is(.high), shop.region.is(.north, .south), then: "grow", reason: "P-1")
      Row(
        shop.staff.is(in: 5...10), shop.opened.is(below: "2010-01-01"), then: "keep",
        reason: "P-2")
      Row(shop.staff.is(above: 100), shop.staff.is(atMost: 2), then: "watch", reason: "P-3")
      Row(
        shop.isOpen.is(false), shop.opened.is(atLeast: "2010-01-01"), then: "close", reason: "P-4")
      Row(height.is(not: .high), then: "wait", reason: "P-5")
    }
    Otherwise(reason: "P-6", then: "look")
  }

  static let ruleset = Ruleset(
    "every-construct", version: 3, owner: "Tests", approved: "Nobody \"else\"",
    effective: .days(
      CalendarDate(daysSinceEpoch: 18_628)..<CalendarDate(daysSinceEpoch: 20_000)),
    source: "None"
  ) {
    person
    metre
    eur
    shop
    sale
    month
    week
    visit
    kept
    large
    monthly
    visits
    rushes
    items
    least
    most
    since
    channel
    perHead
    isQuiet
    Scale(Level.self)
    height
    standing
    bonus
    notices
    score
    regions
    plan
    Override(
      "strike", of: plan, reason: "P-9", "By order, at \(height).", by: "the works council",
      when: shop.region == .north && shop.note.isPresent && channel != "web", set: "close")
    RuleDecision("watched", of: Bool.self, hit: .first) {
      Rule(
        "odd", reason: "W-1", when: least < most && since > "2021-01-01", then: true)
      Otherwise(reason: "W-2", then: false)
    }

    TestCase("a quiet shop") {
      Given(visits.is(1), rushes.is(0), items.is(0), shop.staff.is(4))
      Expect(bonus.is(1, by: "quiet"))
    }
    TestCase("notices are collected") {
      Given(height.is(.high), shop.isOpen.is(true), shop.region.is(.north))
      Expect(notices.is("tall", "open"), score.is(7), regions.is(1))
    }
    TestTable("heights") {
      TestRow(perHead.is((eur / person)(.decimal("99.50"))), expect: height.is(.low))
      TestRow(
        perHead.is((eur / person)(100)), expect: height.is(.high), standing.is(.high, by: "tall"))
      TestRow(perHead.missing, expect: standing.refused)
    }
    Property("heights follow sales") {
      height.rises(with: monthly)
      height.falls(with: shop.debt)
    }
  }
}
