import DataFields
package import DecisionTrace
import PMML

extension DecisionLibrary {
  /// Why attributions that a trace leaves to its reader cannot be worked out.
  package enum OnReadFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The library makes no traces of this schema.
    case otherRules(String)
    /// The model's score is not the one that the trace holds.
    case differs(model: String)

    package var description: String {
      switch self {
      case .otherRules(let name): "the rules do not make the decision `\(name)` of this trace"
      case .differs(let model): "the model `\(model)` scores otherwise than the trace says"
      }
    }
  }

  /// A trace with the attributions that its ruleset leaves to whoever reads it (`on read`): the very
  /// ones that would have been in its body.
  ///
  /// They are a function of the body and of the files that the schema names by digest: the values that
  /// were fed are in the body, exactly.
  /// - Throws: `OnReadFault`, also where a score does not come out as it did, bit for bit.
  package func attributedOnRead(_ trace: Trace) throws(OnReadFault) -> Trace {
    guard trace.schema.models.contains(where: \.isAttributedOnRead) else { return trace }
    guard let schema = schemas.first(where: { $0.digest == trace.schemaDigest }) else {
      throw .otherRules(trace.schema.decision)
    }
    var trace = trace
    for (place, model) in schema.models.enumerated()
    where trace.models[place].schema.isAttributedOnRead {
      var scorer = ModelScorer(models[model])
      trace.models[place] = try scorer.attributed(trace.models[place], in: trace)
    }
    return trace
  }
}

extension ModelScorer {
  /// Scores what a trace says that the model was fed, and attributes the score.
  fileprivate mutating func attributed(
    _ part: Trace.Model, in trace: Trace
  ) throws(DecisionLibrary.OnReadFault) -> Trace.Model {
    let scores = part.schema.scoreFields.map { trace.values[$0] }
    // What was supplied was not scored, and has no attributions in a trace that holds its own.
    if scores.allSatisfy({ $0.origin == .supplied }) { return part }
    loaded.model.clear(&space)
    for (feed, field) in zip(loaded.feeds, part.schema.featureFields) {
      guard let content = trace.values[field].content else { continue }
      if case .text = feed.crossing {
        if case .text(let text) = content {
          loaded.model.set(text: text, input: feed.input, in: &space)
        }
      } else if let number = feed.number(content) {
        loaded.model.set(number: number, input: feed.input, in: &space)
      }
    }
    isScored = loaded.model.score(&space)
    for ((result, _), value) in zip(loaded.results, scores) where value.origin != .supplied {
      guard isSame(result, value.content) else { throw .differs(model: part.schema.name) }
    }
    let key = DecisionKey.key(
      source: Array(trace.id.source.utf8), record: trace.id.record, index: trace.id.index)
    guard let found = attributions(key: key) else { return part }
    var part = part
    part.attributions = found.features.map { feed, value in
      Trace.Attribution(
        feature: part.schema.features[feed], value: value,
        input: trace.values[part.schema.featureFields[feed]].content)
    }
    part.rest = found.rest
    part.restCount = found.restCount
    part.baseValue = found.baseValue
    part.output = found.output
    part.check = found.check
    part.hasAttributions = true
    return part
  }

  /// Whether a result is what a trace holds: the same bits, the same text, or both missing.
  private func isSame(_ result: CompiledModel.ResolvedResult, _ content: Trace.Content?) -> Bool {
    let value = isScored ? loaded.model.value(result, in: space) : .nan
    switch content {
    case nil: return value.isNaN
    case .double(let number): return number.bitPattern == value.bitPattern
    case .text(let text): return !value.isNaN && loaded.model.text(result, in: space) == text
    default: return false
    }
  }
}

extension LoadedModel.Feed {
  /// What crosses into the model of a value that a trace holds; nil if it is not a number.
  fileprivate func number(_ content: Trace.Content) -> Double? {
    let exact: Quotient?
    switch content {
    case .double(let number): return number
    case .boolean(let flag): exact = Quotient(flag ? 1 : 0)
    case .date(let date): exact = Quotient(Int128(date.daysSinceEpoch))
    case .number(let quotient, let scale, _, _):
      exact = ExactArithmetic.scaled(quotient.denominator, byDigits: scale).flatMap {
        Quotient(quotient.numerator, over: $0)
      }
    case .text, .list: return nil
    }
    return switch crossing {
    case .double: exact?.nearestDouble
    case .float: exact.map { Double($0.nearestFloat) }
    case .score, .text: nil
    }
  }
}
