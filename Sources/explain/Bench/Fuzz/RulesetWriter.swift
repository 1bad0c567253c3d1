/// Writes rulesets that use every construct of the language, most of them sound.
///
/// What is written fits in type and unit; once in a while it is left to chance, so that the checker
/// meets each thing in each place.
struct RulesetWriter {
  var random: FuzzRandom
  private(set) var lines: [String] = []
  var numbers: [Number] = []
  var dates: [String] = []
  var texts: [String] = []
  var flags: [String] = []
  var scales: [Scale] = []
  var ranks: [(name: String, scale: Int)] = []
  var decisions: [(name: String, isList: Bool, outcomes: [String])] = []
  /// The outcomes of the decision that is being written.
  var written: [String] = []
  private var streams: [String] = []
  private var windows: [String] = []
  private var reasons = 0
  var hasModel = false

  /// A number with its unit and the values that it is around.
  struct Number {
    var name: String
    var unit: String
    var digits: Int
    var greatest: Int
    /// Whether `explain test` and examples can give it.
    var isGiven = true
  }

  struct Scale {
    var name: String
    var levels: [String]
  }

  init(_ random: FuzzRandom) { self.random = random }

  mutating func add(_ line: String) { lines.append(line) }

  /// A whole ruleset.
  mutating func text() -> String {
    header()
    sources()
    for number in 0...random.next(below: 3) { scale(number) }
    if random.once(in: 3) { model() }
    for number in 0...random.next(below: 3) { rank(number) }
    align()
    for number in 0...random.next(below: 2) { decision(number) }
    if random.once(in: 3) { override() }
    if random.once(in: 2) { tests() }
    if random.once(in: 2) { shuffle() }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Declarations in another order; the header stays first.
  private mutating func shuffle() {
    var declarations: [[String]] = []
    for line in lines {
      if line.first == " " || line.first == "}" || declarations.isEmpty {
        if declarations.isEmpty { declarations.append([]) }
        declarations[declarations.count - 1].append(line)
      } else {
        declarations.append([line])
      }
    }
    let header = declarations.removeFirst()
    for place in declarations.indices {
      declarations.swapAt(place, random.next(in: place...(declarations.count - 1)))
    }
    lines = header + declarations.flatMap(\.self)
  }

  private mutating func header() {
    add("ruleset fuzz-\(random.next(below: 100)) version \(random.next(in: 1...9)) {")
    if random.once(in: 2) { add("  owner \"\(word())\"") }
    if random.once(in: 2) { add("  source \"\(word()) \\\"quoted\\\"\"") }
    if random.once(in: 3) {
      add(
        "  effective \(random.word("from 2020-01-01", "until 2030-01-01", "2020-01-01 ..< 2030-01-01"))"
      )
    }
    add("}")
    add("unit person, item")
    add("currency HUF")
  }

  // MARK: Sources

  private mutating func sources() {
    add("input c from \"static\" {")
    add("  id text column \"ID\" key\(random.word("", ", masked keep 4", ", personal"))")
    for number in 0...random.next(in: 1...4) { numericField(number) }
    if random.once(in: 2) {
      add("  day date \(attributes("2000-01-01 ... 2030-01-01"))")
      dates.append("c.day")
    }
    if random.once(in: 2) {
      add("  kind \(random.word("text", "code")) \(random.word("", "missing as \"\", \"none\""))")
      texts.append("c.kind")
    }
    if random.once(in: 2) {
      add("  flag bool")
      flags.append("c.flag")
    }
    add("}")
    if random.once(in: 2) { events() }
    for number in 0..<random.next(below: 3) { derived(number) }
  }

  private mutating func numericField(_ number: Int) {
    let unit = random.word("", "person", "HUF", "HUF/person")
    let isWhole = random.once(in: 2) || unit == "person"
    let digits = isWhole ? 0 : random.next(in: 1...4)
    let greatest = [9, 100, 1_000_000][random.next(below: 3)]
    let type = isWhole ? "int" : "decimal(\(digits))"
    add("  n\(number) \(type) \(unit) in 1 ... \(greatest) \(random.word("", attributes(nil)))")
    numbers.append(
      Number(name: "c.n\(number)", unit: unit, digits: digits, greatest: greatest))
  }

  private mutating func attributes(_ range: String?) -> String {
    var parts: [String] = []
    if let range, random.once(in: 2) { parts.append("in \(range)") }
    if random.once(in: 3) { parts.append("missing refuse") }
    if random.once(in: 3) {
      parts.append("actionable \(random.word("no", "yes", "increase", "decrease"))")
    }
    if random.once(in: 4) { parts.append("personal") }
    return parts.joined(separator: random.word("   ", ", "))
  }

  private mutating func events() {
    let hasRates = random.once(in: 2)
    if hasRates {
      add("rates huf from \(FuzzFiles.rates) {")
      add("  date column \"date\"")
      add("  currency column \"currency\"")
      add("  rate column \"huf\" decimal(4)")
      add("  previous within \(random.next(in: 1...40)) d")
      add("}")
    }
    add("event e from \"events\" by party = c.id {")
    add("  party text")
    add("  currency code")
    add("  amount decimal(2) \(hasRates ? "in currency" : "HUF")")
    add("  at date time")
    add("  count int in 0 ... 100")
    let hasList = random.once(in: 3)
    if hasList {
      add("  items list of {")
      add("    price decimal(2) HUF in 0 ... 1_000_000")
      add("    sort text")
      add("  }")
    }
    add("}")
    streams = ["e"]
    if random.once(in: 2) {
      add(
        "let kept = e where \(random.word("count >= 3", "count * 2 > 7 and count < 50", "currency != \"HUF\""))"
      )
      streams.append("kept")
    }
    if random.once(in: 2) {
      add(
        "window w = \(random.word("30 d sliding by 1 d, late up to 1 d", "7 d tumbling", "7 d", "session gap 30 min"))"
      )
      windows.append("w")
    }
    let amount = hasRates ? "amount to HUF by huf at at" : "amount"
    for number in 0...random.next(below: 3) {
      let stream = random.pick(streams) ?? "e"
      let over = random.pick(windows + ["all time"]) ?? "all time"
      let name = "a\(number)"
      switch random.next(below: 4) {
      case 0:
        add("let \(name) = count(\(stream)) over \(over)")
        numbers.append(Number(name: name, unit: "", digits: 0, greatest: 50))
      case 1:
        add("let \(name) = count distinct(\(stream).currency) over \(over)")
        numbers.append(Number(name: name, unit: "", digits: 0, greatest: 9))
      case 2:
        let function = random.word("max", "min", "first", "last")
        add("let \(name) = \(function)(\(stream).count) over \(over) missing 0")
        numbers.append(Number(name: name, unit: "", digits: 0, greatest: 100))
      default:
        let function = random.word("sum", "mean")
        add(
          "let \(name) = \(function)(\(stream).\(amount)) over \(over) "
            + random.word("missing refuse", "missing 0 HUF"))
        numbers.append(Number(name: name, unit: "HUF", digits: 2, greatest: 100_000))
      }
    }
    if hasList {
      add("let bought = each e.items\(random.word("", " where price > 5 HUF"))")
      add("let prices = sum(bought.price) over all time missing 0 HUF")
      numbers.append(Number(name: "prices", unit: "HUF", digits: 2, greatest: 100_000))
    }
  }

  /// Arithmetic over what there is: a sum of two of one unit, a quotient, a condition.
  private mutating func derived(_ number: Int) {
    let name = "v\(number)"
    guard let one = random.pick(numbers), let two = random.pick(numbers) else { return }
    switch random.next(below: 5) {
    case 0 where one.unit == two.unit:
      add("let \(name) = \(one.name) \(random.word("+", "-")) \(two.name)")
      numbers.append(
        Number(
          name: name, unit: one.unit, digits: max(one.digits, two.digits), greatest: one.greatest))
    case 1 where two.name.hasPrefix("c."):
      add("let \(name) = \(one.name) / \(two.name)")
      let unit =
        one.unit == two.unit ? "" : two.unit.isEmpty ? one.unit : one.unit + "/" + two.unit
      numbers.append(
        Number(name: name, unit: unit.first == "/" ? "?" : unit, digits: 2, greatest: 100))
    case 2:
      add("let \(name) = -\(one.name) * \(random.next(in: 1...9))")
      numbers.append(
        Number(name: name, unit: one.unit, digits: one.digits, greatest: one.greatest))
    case 3:
      add("let \(name) = \(condition(1))")
      flags.append(name)
    default:
      add("let \(name) = (\(one.name) + \(quantity(one))) / 2")
      numbers.append(
        Number(name: name, unit: one.unit, digits: one.digits, greatest: one.greatest))
    }
  }

  // MARK: Scales, ranks, models

  private mutating func scale(_ number: Int) {
    let names = ["A", "B", "C", "D", "E"].map { $0 + (random.once(in: 4) ? "\(number)" : "") }
    let levels = Array(names.prefix(random.next(in: 2...4)))
    let texts =
      random.once(in: 2)
      ? " { " + levels.map { "\($0) \"\(word())\"" }.joined(separator: "  ") + " }" : ""
    add("scale S\(number): \(levels.joined(separator: " < "))\(texts)")
    scales.append(Scale(name: "S\(number)", levels: levels))
  }

  private mutating func rank(_ number: Int) {
    let scale = random.next(below: scales.count)
    let levels = scales[scale].levels
    let falls = random.once(in: 4)
    let ordered = falls ? Array(levels.reversed()) : levels
    if let date = random.pick(dates), random.once(in: 3) {
      add("rank r\(number): \(scales[scale].name) by \(date) {")
      for (place, level) in ordered.dropLast().enumerated() {
        add(
          "  \(level) before \(2001 + 5 * place + random.next(below: 5))-0\(random.next(in: 1...9))-11"
        )
      }
    } else if let source = random.pick(numbers) {
      add("rank r\(number): \(scales[scale].name) by \(source.name) {")
      var cut = 0
      let step = max(1, source.greatest / levels.count)
      for level in ordered.dropLast() {
        cut += 1 + random.next(below: step)
        add("  \(level) \(random.word("below", "below", "up to")) \(cut) \(source.unit)")
      }
    } else {
      return
    }
    add("  \(ordered.last ?? "A") otherwise")
    add("}")
    ranks.append((name: "r\(number)", scale: scale))
  }

  /// Scales of one length, once in a while of two.
  private mutating func align() {
    guard let other = random.pick(Array(scales.dropFirst())) else { return }
    if other.levels.count == scales[0].levels.count || random.once(in: 20) {
      add("align S0 with \(other.name)")
    }
  }

  private mutating func model() {
    guard let one = random.pick(numbers) else { return }
    add("model m from \(FuzzFiles.model) {")
    add("  feed INVOICE_COUNT = \(one.name) as float, SIZE = \(one.name) as float")
    add("  feed CURRENCIES = \(one.name) as float")
    add("  score p = probability(\"1\") in 0 ... 1")
    if random.once(in: 2) {
      let against = random.word(
        "", ", against background \(FuzzFiles.background)", ", against covers \(FuzzFiles.covers)",
        ", against record counts", ", against uniform branches")
      let onRead = random.word("", ", on read")
      add(
        "  explain by \(random.word("tree shap", "shapley")), top \(random.next(in: 1...5))\(against)\(onRead)"
      )
    }
    add("}")
    hasModel = true
    numbers.append(Number(name: "m.p", unit: "", digits: 2, greatest: 1))
  }

  // MARK: Small things

  mutating func word() -> String {
    random.word("one", "two", "three", "a text", "é", "{r0}", "", "x\\n", "\u{4E2D}\u{6587}")
  }

  mutating func reason() -> String {
    reasons += 1
    let text = random.word("", " \"A text.\"", " \"Rank {r0}.\"", " \"{c.n0} of {c.n1}\"")
    return "reason R-\(reasons)\(text)"
  }

  /// A number that fits, about as large as the values of what it is compared with.
  mutating func quantity(_ number: Number) -> String {
    var text = "\(random.next(below: number.greatest + 1))"
    if number.digits > 0, random.once(in: 3) { text += ".\(random.next(in: 1...9))" }
    return number.unit.isEmpty || random.once(in: 40) ? text : "\(text) \(number.unit)"
  }
}
