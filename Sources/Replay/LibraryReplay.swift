import DataFields
package import DecisionTrace
package import Decisions
import ReferenceData
import RuleLanguage

/// Makes decisions of one library again from the bodies of their traces, by the engine that makes
/// them, one at a time: the scratch of one replay.
package struct LibraryReplay: Sendable {
  let library: DecisionLibrary
  fileprivate var engine: DecisionEngine
  private var encoder = TraceBodyEncoder()
  private let decisions: [DecisionReplay]
  /// How many texts the program itself has.
  private let ownTexts: Int
  private var context = TraceContext(
    source: [], record: 0, index: 0, subject: 0, asOf: nil, previousOutcome: nil,
    lineageLength: 0, lineageHead: nil)

  package init(_ library: DecisionLibrary) {
    self.library = library
    engine = DecisionEngine(library)
    ownTexts = library.program.texts.count
    let needs = DecisionNeeds.all(of: library.program)
    let roles = SlotRoles(library.program)
    decisions = library.program.decisions.indices.map {
      DecisionReplay(library, decision: $0, needs: needs, roles: roles)
    }
  }

  /// The decision whose traces have a schema.
  func decision(ofSchema digest: Digest) -> Int? {
    decisions.firstIndex { $0.schema.digest == digest }
  }

  func schema(of decision: Int) -> TraceSchema { decisions[decision].schema.schema }

  /// Whether the rules made a decision as of a day.
  func isInEffect(_ decision: Int, on day: CalendarDate?) -> Bool {
    decisions[decision].period.contains(day)
  }

  /// The body as the decision that was made last writes it.
  var bytes: [UInt8] { encoder.bytes }

  /// The day as of which it was made.
  var asOf: CalendarDate? { context.asOf }

  /// Makes a decision again of what a body holds of it; whether the same bytes come of it.
  ///
  /// Memory stays as it is, however many texts bodies hold.
  /// - Throws: `TraceFault` if the bytes are no such body.
  package mutating func remake(
    _ decision: Int, from body: [UInt8]
  ) throws(TraceFault) -> Bool {
    engine.texts.forget(after: ownTexts)
    engine.workspace.clear()
    let plan = decisions[decision]
    var reader = TraceBodyReader(body)
    let identity = try reader.identity()
    try reader.values(
      plan.fields, of: body, into: &engine.workspace.row, texts: &engine.texts)
    try reader.passConclusions(
      ranks: plan.schema.rankSlots.count, rules: plan.schema.rules.count,
      models: plan.schema.models.count, outcome: plan.schema.outcomeForm,
      isList: plan.schema.isList)
    let previous = try reader.previousOutcome()
    let lineage = try reader.lineage()
    let conversions = try reader.conversions()

    let source = body.span.extracting(identity.source)
    if !source.isSame(as: context.source.span) { context.source = Array(body[identity.source]) }
    context.record = identity.record
    context.index = identity.index
    context.subject = engine.texts.intern(body.span.extracting(identity.subject))
    context.asOf = identity.asOf
    context.previousOutcome = previous.map { engine.texts.intern(body.span.extracting($0)) }
    context.lineageLength = lineage.length
    context.lineageHead = lineage.head
    context.conversions.removeAll(keepingCapacity: true)
    for conversion in conversions { add(conversion, of: body, plan) }

    plan.given.settle(&engine.workspace.row)
    engine.run(plan.steps, asOf: identity.asOf, keepSupplied: true)
    engine.encodeTrace(of: decision, context, into: &encoder)
    return encoder.bytes.span.isSame(as: body.span)
  }

  /// Takes the rate of the day from the table that the library holds.
  private mutating func add(
    _ conversion: TraceBodyReader.Conversion, of body: [UInt8], _ plan: DecisionReplay
  ) {
    let currency = engine.texts.intern(body.span.extracting(conversion.currency))
    let target = engine.texts.intern(body.span.extracting(conversion.target))
    for index in plan.schema.rateTables {
      let table = library.program.rateTables[index]
      if case .found(let rate) = table.rate(of: currency, on: conversion.date) {
        context.conversions.append(
          AppliedConversion(
            table: index, currency: currency, target: target, rate: rate.value,
            digits: table.digits, date: rate.date))
        return
      }
    }
  }
}

extension LibraryReplay {
  /// Copies a value of the row into that of another engine; false if it is none that goes over.
  mutating func copy(_ move: FactTransfer.Move, to other: inout DecisionEngine) -> Bool {
    let row = engine.workspace.row
    let origin = row.origin(move.from)
    if move.isForSupplied, origin != .supplied { return false }
    guard row.isPresent(move.from) else {
      other.workspace.row.mark(move.to, row.state(move.from), origin: origin)
      return true
    }
    if move.isText {
      let code = engine.texts.withUTF8(Int32(truncatingIfNeeded: row.value(move.from))) {
        other.texts.intern($0)
      }
      other.workspace.row.set(move.to, to: Int128(code), origin: origin)
    } else {
      other.workspace.row.set(
        move.to, to: row.value(move.from), over: row.denominator(move.from), origin: origin)
    }
    return true
  }
}

extension Span<UInt8> {
  /// Whether both hold the same bytes.
  func isSame(as other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    return withUnsafeBytes { mine in
      other.withUnsafeBytes { theirs in
        var index = 0
        // Eight at a time, within both.
        while index + 8 <= mine.count {
          if mine.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            != theirs.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          {
            return false
          }
          index += 8
        }
        while index < mine.count {
          if mine[index] != theirs[index] { return false }
          index += 1
        }
        return true
      }
    }
  }
}
