internal import DataFields
internal import RuleLanguage

/// The records of one static input: a row for each subject, in columns by the subject's place.
struct InputTable: Sendable {
  let plan: InputPlan
  private var values: [[Int128]]
  /// State and origin of each value; ``absent`` where the subject has no record.
  private var tags: [[UInt8]]

  private static let absent: UInt8 = 0xFF

  init(_ plan: InputPlan) {
    self.plan = plan
    values = Array(repeating: [], count: plan.fields.count)
    tags = Array(repeating: [], count: plan.fields.count)
  }

  func contains(_ place: Int) -> Bool {
    place < tags[plan.key].count && tags[plan.key][place] != Self.absent
  }

  /// Takes a subject's record from the row into which its fields were read.
  mutating func set(_ place: Int, from row: RuleRow) {
    for (index, field) in plan.fields.enumerated() {
      while values[index].count <= place {
        values[index].append(0)
        tags[index].append(Self.absent)
      }
      values[index][place] = row.value(field.slot)
      tags[index][place] =
        row.state(field.slot).rawValue | row.origin(field.slot).rawValue << 2
    }
  }

  /// Forgets a subject's record.
  mutating func erase(_ place: Int) {
    for index in plan.fields.indices where place < values[index].count {
      values[index][place] = 0
      tags[index][place] = Self.absent
    }
  }

  /// Puts a subject's record into the rule row; without one its slots stay missing.
  func fill(_ row: inout RuleRow, for place: Int) {
    guard contains(place) else { return }
    for index in plan.fields.indices {
      let slot = plan.fields[index].slot
      let tag = tags[index][place]
      row.restore(slot, values[index][place], state: tag & 3, origin: tag >> 2)
    }
  }
}
