internal import DataFields
internal import DecisionTrace
internal import Replay
internal import TraceLog

/// What `explain replay` prints for people.
enum ReplayPage {
  static func text(_ entry: ReplayEntry) -> String {
    let number = "#\(grouped(entry.number))"
    let subject = entry.head?.subject
    let what = [subject == "" ? nil : subject, entry.decision, entry.asOf.map { "as of \($0)" }]
      .compactMap(\.self)
    let place = entry.log.map { "\($0) \(number)" } ?? number
    let title = ([place] + what).joined(separator: " · ")
    switch entry.verdict {
    case .equal:
      return entry.isByOtherRules
        ? "\(title): the same\n" : "\(title): equal, \(entry.byteCount) bytes\n"
    case .failed(.hidden(.erased)): return "\(title): erased\n"
    case .failed(let failure): return "\(title): not replayed, \(failure)\n"
    case .differs(let difference):
      let label =
        difference.isRounding ? "differs in the last places" : "differs"
      let lines = lines(difference.differences)
      let start = difference.offset.map { ", from byte \($0) of \(entry.byteCount)" } ?? ""
      return "\(title): \(label)\(start)\n"
        + lines.map { "  \($0)\n" }.joined()
    }
  }

  /// Beyond this many doubles two are just different numbers.
  private static let near: UInt64 = 1_000_000

  /// Differences below each other: the part, the name, what it was and what it is.
  static func lines(_ differences: [TraceDifference]) -> [String] {
    let parts = differences.map { $0.part.rawValue }
    let names = differences.map(\.name)
    let partWidth = parts.map(\.count).max() ?? 0
    let nameWidth = min(40, names.map(\.count).max() ?? 0)
    return differences.indices.map { index in
      let difference = differences[index]
      var line = padded(parts[index], partWidth) + "  " + padded(names[index], nameWidth) + "  "
      line += "\(difference.before ?? "none") -> \(difference.after ?? "none")"
      var notes: [String] = []
      if let ulps = difference.ulps, ulps > 0, ulps <= Self.near {
        notes.append(ulps == 1 ? "1 double apart" : "\(grouped(ulps)) doubles apart")
      }
      if difference.isKnifeEdge { notes.append("knife-edge") }
      return notes.isEmpty ? line : line + "  (\(notes.joined(separator: ", ")))"
    }
  }

  private static func grouped(_ count: some BinaryInteger) -> String {
    NumberText.grouped(Int128(count), scale: 0)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  static func text(_ tally: ReplayTally) -> String {
    var parts: [String] = []
    func add(_ count: Int, _ text: String) {
      if count > 0 { parts.append("\(grouped(count)) \(text)") }
    }
    add(tally.equal, tally.isByOtherRules ? "the same" : "equal")
    func verb(_ count: Int) -> String { count == 1 ? "differs" : "differ" }
    add(tally.rounding, "\(verb(tally.rounding)) in the last places")
    add(tally.differing, verb(tally.differing))
    add(tally.erased, "erased")
    add(tally.failed, "not replayed")
    let traces = tally.traces == 1 ? "1 trace" : "\(grouped(tally.traces)) traces"
    let ends = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
    let rules = tally.isByOtherRules ? " by other rules" : ""
    return "replayed \(traces)\(rules)\(ends)\n"
  }
}
