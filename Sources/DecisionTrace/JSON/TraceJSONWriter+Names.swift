import DataFields

/// The words that the JSON form uses; they are part of its schema, whatever Swift calls the cases.
extension TraceJSONWriter {
  static func name(_ type: ValueType) -> String {
    switch type {
    case .boolean: "boolean"
    case .integer: "integer"
    case .decimal: "decimal"
    case .quotient: "quotient"
    case .date: "date"
    case .text: "text"
    case .rank: "rank"
    case .double: "double"
    }
  }

  static func name(_ state: ValueState) -> String {
    switch state {
    case .present: "present"
    case .missing: "missing"
    case .outOfRange: "out_of_range"
    case .overflow: "overflow"
    }
  }

  static func name(_ origin: ValueOrigin) -> String {
    switch origin {
    case .input: "static"
    case .events: "events"
    case .supplied: "supplied"
    case .defaulted: "default"
    case .derived: "derived"
    }
  }

  static func name(_ state: Trace.Rule.State) -> String {
    switch state {
    case .notReached: "not_reached"
    case .held: "held"
    case .failed: "failed"
    }
  }

  package static func name(_ refusal: Trace.Refusal) -> String {
    switch refusal {
    case .missing: "missing"
    case .outOfRange: "out_of_range"
    case .overflow: "overflow"
    case .conflict: "conflict"
    case .noRule: "no_rule"
    case .dependsOnRefused: "depends_on_refused"
    case .notScored: "not_scored"
    }
  }

  /// A quotient as two plain decimals: `285792976.00/230`.
  static func exact(_ quotient: Quotient, scale: Int) -> String {
    NumberText.plain(quotient.numerator, scale: scale) + "/" + String(quotient.denominator)
  }
}
