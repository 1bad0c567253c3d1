package import DataFields
import DecisionTrace
import Decisions
package import TraceLog

/// Makes the decisions of a log again, from nothing but what the log holds, and compares the bodies
/// byte for byte.
///
/// The engine that decides makes them. Inputs, aggregates and what else was supplied are taken from a
/// body; everything that is derived is computed anew. Each set of rules is loaded once.
package struct TraceReplayer {
  private let log: TraceLogReader
  private var replays: [LibraryReplay] = []
  /// By schema, the decision of one of `replays`, or why there is none.
  private var routes: [Digest: Result<Route, ReplayFailure>] = [:]
  /// The schema of the last trace: traces of one decision follow each other.
  private var last: Route?
  /// The decisions of schemas whose rules cannot be had, and the last such schema.
  private var names: [Digest: String] = [:]
  private var named: Digest?

  /// Which decision of which library made a trace.
  struct Route: Sendable {
    var schema: Digest
    /// Names the library among those that were loaded.
    var replay: Int
    var decision: Int
  }

  package init(_ log: TraceLogReader) { self.log = log }

  /// How many schemas were met.
  package var schemaCount: Int { routes.count }

  /// The decision that the last trace is of, also if it could not be made again.
  package var decision: String? {
    if let last { return replays[last.replay].schema(of: last.decision).decision }
    return named.flatMap { names[$0] }
  }

  /// The day as of which it was made.
  package var asOf: CalendarDate? { last.flatMap { replays[$0.replay].asOf } }

  /// Makes the decision of a stored trace again; one that is not whole stays as it is.
  package mutating func replay(_ stored: StoredTrace) -> ReplayVerdict {
    guard stored.visibility == .open else {
      last = nil
      named = nil
      return .failed(.hidden(stored.visibility))
    }
    return replay(stored.body)
  }

  /// - Complexity: that of the decision, and of loading its rules the first time.
  package mutating func replay(_ body: [UInt8]) -> ReplayVerdict {
    let route: Route
    let isSame: Bool
    do throws(ReplayFailure) {
      (route, isSame) = try remake(body)
    } catch {
      return .failed(error)
    }
    let isInEffect = replays[route.replay].isInEffect(
      route.decision, on: replays[route.replay].asOf)
    return isSame && isInEffect ? .equal : difference(body, route, isInEffect: isInEffect)
  }

  /// Makes a decision again; whether the same bytes come of it.
  mutating func remake(_ body: [UInt8]) throws(ReplayFailure) -> (Route, isSame: Bool) {
    let route = try self.route(of: body)
    do throws(TraceFault) {
      return (route, try replays[route.replay].remake(route.decision, from: body))
    } catch {
      throw .unreadable(error.description)
    }
  }

  /// Lends the scratch of a decision that was just made again.
  mutating func withReplay<Value>(
    _ route: Route, _ body: (inout LibraryReplay) throws -> Value
  ) rethrows -> Value {
    try body(&replays[route.replay])
  }

  /// The trace that a body is.
  func trace(_ body: [UInt8], _ route: Route) throws(TraceFault) -> Trace {
    try Trace(
      body: body, schema: replays[route.replay].schema(of: route.decision), digest: route.schema)
  }

  private func difference(_ body: [UInt8], _ route: Route, isInEffect: Bool) -> ReplayVerdict {
    let remade = replays[route.replay].bytes
    let recorded: Trace
    let replayed: Trace
    do throws(TraceFault) {
      recorded = try trace(body, route)
    } catch {
      return .failed(.unreadable(error.description))
    }
    do throws(TraceFault) {
      replayed = try trace(remade, route)
    } catch {
      return .failed(.unreadable("what comes of it now is no body: \(error)"))
    }
    var differences = TraceDifference.between(recorded, replayed)
    if !isInEffect {
      differences.append(
        TraceDifference(
          .identity, "as of", before: recorded.asOf?.description,
          after: "none: the ruleset is not in effect on that day"))
    }
    let offset = zip(body, remade).enumerated().first { $1.0 != $1.1 }?.offset
    if differences.isEmpty {
      differences.append(
        TraceDifference(
          .bytes, "byte \(offset ?? min(body.count, remade.count))",
          before: "\(body.count) bytes", after: "\(remade.count) bytes that say the same"))
    }
    return .differs(
      ReplayDifference(
        recorded: recorded, replayed: replayed, differences: differences,
        offset: offset ?? min(body.count, remade.count)))
  }

  /// The library and the decision that made a body.
  private mutating func route(of body: [UInt8]) throws(ReplayFailure) -> Route {
    if let last, TraceBodyReader.names(last.schema, body: body) { return last }
    last = nil
    named = nil
    guard body.count > 32, body[0] == TraceBodyEncoder.version,
      let schema = Trace.schemaDigest(ofBody: body)
    else {
      throw .unreadable(
        body.isEmpty || body[0] == TraceBodyEncoder.version
          ? "it ends before its schema is named" : "trace version \(body[0]) is not known")
    }
    let found: Result<Route, ReplayFailure>
    if let known = routes[schema] {
      found = known
    } else {
      found = load(schema)
      routes[schema] = found
    }
    named = schema
    let route = try found.get()
    last = route
    return route
  }

  private mutating func load(_ schema: Digest) -> Result<Route, ReplayFailure> {
    // One load serves all decisions of the rules.
    for (place, replay) in replays.enumerated() {
      if let decision = replay.decision(ofSchema: schema) {
        return .success(Route(schema: schema, replay: place, decision: decision))
      }
    }
    let library: DecisionLibrary
    do throws(RecordedLibrary.Fault) {
      library = try RecordedLibrary.load(schema: schema, from: log)
    } catch {
      names[schema] = (try? TraceSchema(decoding: log.artefact(schema)))?.decision
      return .failure(.notLoaded(schema: schema, reason: error.description))
    }
    replays.append(LibraryReplay(library))
    guard let decision = replays[replays.count - 1].decision(ofSchema: schema) else {
      return .failure(.notLoaded(schema: schema, reason: "they make no decision of this schema"))
    }
    return .success(Route(schema: schema, replay: replays.count - 1, decision: decision))
  }
}
