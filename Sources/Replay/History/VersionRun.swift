import DataFields
import DecisionTrace
import Decisions
import Explanations
import ReferenceData
import RuleLanguage

/// Decides by one set of rules on facts that traces of others hold: the scratch of one version.
struct VersionRun: Sendable {
  let library: DecisionLibrary
  private var engine: DecisionEngine
  private var encoder = TraceBodyEncoder()
  private let ownTexts: Int
  private let needs: [DecisionNeeds]
  private let given: GivenFacts
  /// By the place of a recorded library, how its facts go over.
  private var transfers: [Int: FactTransfer] = [:]
  private var printed: [OutcomeWord: String] = [:]

  /// What the row in hand was filled with: recorded decisions, and columns that were supplied.
  private var source = Source()
  /// Facts of which only the mark is left that they were out of range.
  private var lost: [Int] = []
  private var routes: [Source: Routes] = [:]
  private var route: Routes

  private struct Source: Hashable, Sendable {
    var places: [Int] = []
    var decisions: [Int] = []
    var supplied: [Int] = []
  }

  private struct OutcomeWord: Hashable, Sendable {
    var decision: Int
    var value: Int128
    var denominator: Int128
  }

  /// How decisions are made of what is known.
  private struct Routes: Sendable {
    /// Of all decisions that are made.
    var steps: [Int] = []
    /// The facts that each rests on.
    var facts: [Set<Int>] = []
    /// The names of those for want of which each is not made; empty where it is.
    var unknown: [[String]] = []
  }

  init(_ library: DecisionLibrary) {
    self.library = library
    engine = DecisionEngine(library)
    ownTexts = library.program.texts.count
    needs = DecisionNeeds.all(of: library.program)
    given = GivenFacts(
      library.program, slots: Array(library.program.code.layout.slots.indices), outcomes: [])
    route = Routes()
  }

  // MARK: Facts

  mutating func begin() {
    engine.texts.forget(after: ownTexts)
    engine.workspace.clear()
    source.places.removeAll(keepingCapacity: true)
    source.decisions.removeAll(keepingCapacity: true)
    source.supplied.removeAll(keepingCapacity: true)
    lost.removeAll(keepingCapacity: true)
  }

  /// Takes the facts of a decision that was just made again.
  ///
  /// - Parameter place: names the library of `replay` among those of the log.
  mutating func take(_ decision: Int, from replay: inout LibraryReplay, at place: Int) {
    let transfer: FactTransfer
    if let known = transfers[place] {
      transfer = known
    } else {
      transfer = FactTransfer(from: replay.library, to: library)
      transfers[place] = transfer
    }
    source.places.append(place)
    source.decisions.append(decision)
    for move in transfer.moves[decision] {
      guard replay.copy(move, to: &engine) else { continue }
      // Which columns were supplied differs from row to row.
      if move.isForSupplied { source.supplied.append(move.to) }
      if !move.hasSameRange, engine.workspace.row.state(move.to) == .outOfRange,
        !lost.contains(move.to)
      {
        lost.append(move.to)
      }
    }
  }

  // MARK: Deciding

  /// Makes every decision for which enough is known.
  mutating func decide(asOf day: CalendarDate?) {
    if let known = routes[source] {
      route = known
    } else {
      route = findRoutes()
      if routes.count < Self.routeLimit { routes[source] = route }
    }
    given.settle(&engine.workspace.row)
    engine.run(route.steps, asOf: day, keepSupplied: true)
  }

  /// How many ways are remembered: rows supply columns in few combinations, unless somebody tries.
  private static let routeLimit = 4096

  private func findRoutes() -> Routes {
    var known = Set(source.supplied)
    var recorded: Set<Int> = []
    for (place, decision) in zip(source.places, source.decisions) {
      for move in transfers[place]?.moves[decision] ?? [] {
        if move.outcomeOf >= 0 {
          recorded.insert(move.outcomeOf)
        } else if !move.isForSupplied {
          known.insert(move.to)
        }
      }
    }
    var routes = Routes()
    var steps: Set<Int> = []
    let slots = library.program.code.layout.slots
    for decision in needs.indices {
      let route = DecisionRoute(to: decision, needs: needs, known: known, recorded: recorded)
      let facts = facts(of: decision, but: route?.recorded ?? [])
      routes.facts.append(facts)
      routes.unknown.append(
        route == nil ? facts.subtracting(known).sorted().map { slots[$0].name } : [])
      steps.formUnion(route?.steps ?? [])
    }
    routes.steps = steps.sorted()
    return routes
  }

  /// The facts of a decision and of those that are made on the way.
  private func facts(of decision: Int, but recorded: Set<Int>) -> Set<Int> {
    var facts: Set<Int> = []
    var pending = [decision]
    var seen = recorded
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      facts.formUnion(needs[next].facts)
      pending += needs[next].decisions
    }
    return facts
  }

  /// The decision of a name: of several versions one that is in effect, then the newest.
  func decision(named name: String, on day: CalendarDate?) -> Int? {
    let program = library.program
    func age(_ decision: Int) -> (Int, Int32, Int) {
      let ruleset = program.rulesets[program.decisions[decision].ruleset]
      return (
        ruleset.period.contains(day) ? 1 : 0, ruleset.effectiveFrom?.daysSinceEpoch ?? .min,
        ruleset.version
      )
    }
    return program.decisions.indices.filter { program.decisions[$0].name == name }
      .max { age($0) < age($1) }
  }

  // MARK: What came of it

  /// The names of facts for want of which a decision was not made; empty if it was.
  func unknown(_ decision: Int) -> [String] {
    if !route.unknown[decision].isEmpty || lost.isEmpty { return route.unknown[decision] }
    let slots = library.program.code.layout.slots
    return lost.filter { route.facts[decision].contains($0) }.map { slots[$0].name }
  }

  /// The outcome as it is printed; nil if the decision was refused.
  mutating func outcome(of decision: Int) -> String? {
    guard engine.workspace.results[decision].status == .decided else { return nil }
    let plan = library.schemas[decision]
    if plan.isList { return engine.listedOutcomes(of: decision).joined(separator: ", ") }
    let slot = plan.outcomeSlot
    let word = OutcomeWord(
      decision: decision, value: engine.workspace.row.value(slot),
      denominator: engine.workspace.row.denominator(slot))
    if let known = printed[word] { return known }
    let words = ValueWords(scales: library.program.scales, texts: engine.texts)
    let text = Quotient(word.value, over: word.denominator).map {
      words.content($0, library.program.code.layout.slots[slot].type).plainText
    }
    // Outcomes are few; what is summed up may be anything.
    if printed.count < Self.routeLimit { printed[word] = text }
    return text
  }

  /// The trace of a decision that was just made; what stands beside the row is taken from another.
  mutating func trace(of decision: Int, like recorded: Trace) throws(TraceFault) -> Trace {
    var conversions: [AppliedConversion] = []
    for conversion in recorded.conversions {
      let currency = engine.texts.intern(conversion.currency)
      for table in library.schemas[decision].rateTables {
        guard
          case .found(let rate) = library.program.rateTables[table].rate(
            of: currency, on: conversion.date)
        else { continue }
        conversions.append(
          AppliedConversion(
            table: table, currency: currency, target: engine.texts.intern(conversion.target),
            rate: rate.value, digits: library.program.rateTables[table].digits, date: rate.date))
        break
      }
    }
    let context = TraceContext(
      source: Array(recorded.id.source.utf8), record: recorded.id.record, index: recorded.id.index,
      subject: engine.texts.intern(recorded.subject), asOf: recorded.asOf,
      previousOutcome: recorded.previousOutcome.map { engine.texts.intern($0) },
      lineageLength: recorded.lineageLength, lineageHead: recorded.lineageHead,
      conversions: conversions)
    engine.encodeTrace(of: decision, context, into: &encoder)
    let schema = library.schemas[decision]
    return try Trace(body: encoder.bytes, schema: schema.schema, digest: schema.digest)
  }
}
