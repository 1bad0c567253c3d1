internal import DataFields
internal import RuleLanguage

/// What the rulesets read from one source: columns, and which inputs and events they fill.
struct SourcePlan: Sendable {
  /// An input or event, and for each of its fields the column that it reads.
  struct Reading: Sendable {
    var index: Int
    var columns: [Int]
    /// The columns of an event's lists.
    var listColumns: [Int] = []
  }

  let name: String
  private(set) var columns: [String] = []
  private(set) var inputs: [Reading] = []
  private(set) var events: [Reading] = []

  init(_ name: String, _ program: Program) {
    self.name = name
    for (index, input) in program.inputs.enumerated() where input.source == name {
      inputs.append(Reading(index: index, columns: input.fields.map { column($0.column) }))
    }
    for (index, event) in program.events.enumerated() where event.source == name {
      events.append(
        Reading(
          index: index, columns: event.fields.map { column($0.column) },
          listColumns: event.lists.map { column($0.column) }))
    }
  }

  private mutating func column(_ name: String) -> Int {
    if let known = columns.firstIndex(of: name) { return known }
    columns.append(name)
    return columns.count - 1
  }

  /// The names of the sources of a program, static ones first, in the order of the files.
  static func names(in program: Program) -> [String] {
    var names: [String] = []
    for source in program.inputs.map(\.source) + program.events.map(\.source)
    where !names.contains(source) {
      names.append(source)
    }
    return names
  }
}
