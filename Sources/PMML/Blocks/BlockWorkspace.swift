internal import DataFields
internal import TreeEnsembles

/// The memory that scoring a block of rows needs: what ``ScoringWorkspace`` holds of a row, for each
/// row, column by column.
///
/// It belongs to one model and to one task at a time.
package final class BlockWorkspace {
  /// How many rows a block has.
  package static let rowCount = 64

  // Columns of 64: `place * 64 + row`.
  var inputs: [Double]
  var slots: [Double]
  var predicted: [Double]
  var entity: [Int32]
  var region: [Double]
  var confidences: [Double]
  // A bit a row.
  var unparsable: [UInt64]
  var hasRegion: [UInt64]
  /// Rows that cannot be scored, each with the position of the input for whose sake.
  package internal(set) var invalid: UInt64 = 0
  package internal(set) var invalidInput: [Int]
  /// A row by itself, for what is not done in columns; the texts of all rows are here.
  var row: ScoringWorkspace
  var rooms: [QuantisedRoom?]
  var columns: [Double] = []
  var scratch: [Double] = []

  init(_ program: ModelProgram, forests: [QuantisedForest?]) {
    let rows = Self.rowCount
    inputs = Array(repeating: .nan, count: program.inputs.count * rows)
    slots = Array(repeating: .nan, count: program.slotCount * rows)
    predicted = Array(repeating: .nan, count: program.units.count * rows)
    entity = Array(repeating: -1, count: program.units.count * rows)
    region = Array(repeating: 0, count: program.regionSize * rows)
    confidences = Array(repeating: .nan, count: program.regionSize * rows)
    unparsable = Array(repeating: 0, count: program.inputs.count)
    hasRegion = Array(repeating: 0, count: program.units.count)
    invalidInput = Array(repeating: -1, count: rows)
    row = ScoringWorkspace(program)
    rooms = forests.map { $0?.makeRoom() }
  }

  // MARK: A row by itself

  /// Copies a row into the workspace of a single row.
  func load(_ place: Int) {
    let rows = Self.rowCount
    for index in row.inputs.indices {
      row.inputs[index] = inputs[index * rows + place]
      row.unparsable[index] = unparsable[index] >> UInt64(place) & 1 != 0
    }
    for index in row.slots.indices { row.slots[index] = slots[index * rows + place] }
    for unit in row.predicted.indices {
      row.predicted[unit] = predicted[unit * rows + place]
      row.entity[unit] = entity[unit * rows + place]
      row.hasRegion[unit] = hasRegion[unit] >> UInt64(place) & 1 != 0
    }
    for index in row.region.indices {
      row.region[index] = region[index * rows + place]
      row.confidences[index] = confidences[index * rows + place]
    }
    row.invalidInput = -1
  }

  /// Copies what a single row has come to back to its place.
  func store(_ place: Int) {
    let rows = Self.rowCount
    for index in row.slots.indices { slots[index * rows + place] = row.slots[index] }
    for unit in row.predicted.indices {
      predicted[unit * rows + place] = row.predicted[unit]
      entity[unit * rows + place] = row.entity[unit]
      setRegion(unit, place, row.hasRegion[unit])
    }
    for index in row.region.indices {
      region[index * rows + place] = row.region[index]
      confidences[index * rows + place] = row.confidences[index]
    }
    if row.invalidInput >= 0 { markInvalid(place, row.invalidInput) }
  }

  func setRegion(_ unit: Int, _ place: Int, _ isThere: Bool) {
    let bit = UInt64(1) << UInt64(place)
    if isThere { hasRegion[unit] |= bit } else { hasRegion[unit] &= ~bit }
  }

  /// The first reason counts.
  func markInvalid(_ place: Int, _ input: Int) {
    if invalid >> UInt64(place) & 1 != 0 { return }
    invalid |= 1 << UInt64(place)
    invalidInput[place] = input
  }
}
