internal import DataFields
internal import TreeEnsembles

/// The memory that scoring a block of rows needs: what ``ScoringWorkspace`` holds of a row, for each
/// row, column by column.
///
/// It belongs to one model and to one task at a time. Columns are plain memory, since a check at
/// every number would cost more than the numbers do; every place in them comes from the program.
package final class BlockWorkspace {
  /// How many rows a block has.
  package static let rowCount = 64

  // Columns of 64: `place * 64 + row`.
  let inputs: UnsafeMutablePointer<Double>
  let slots: UnsafeMutablePointer<Double>
  let predicted: UnsafeMutablePointer<Double>
  let entity: UnsafeMutablePointer<Int32>
  let region: UnsafeMutablePointer<Double>
  let confidences: UnsafeMutablePointer<Double>
  /// Columns for what is computed on the way.
  let columns: UnsafeMutablePointer<Double>
  /// A column of places, while winners are picked.
  let places: UnsafeMutablePointer<Double>
  // A bit a row.
  let unparsable: UnsafeMutablePointer<UInt64>
  let hasRegion: UnsafeMutablePointer<UInt64>
  private let inputCount: Int
  private let slotCount: Int
  private let unitCount: Int
  /// Rows that cannot be scored, each with the position of the input for whose sake.
  package internal(set) var invalid: UInt64 = 0
  package internal(set) var invalidInput: [Int]
  /// A row by itself, for what is not done in columns; the texts of all rows are here.
  var row: ScoringWorkspace
  let rooms: [QuantisedRoom?]
  /// What is done around each unit; set by whoever makes the workspace.
  var units: [UnitColumns] = []
  var scratch: [Double] = []

  /// - Parameter columnCount: how many columns are computed on the way at once.
  init(_ program: ModelProgram, forests: [QuantisedForest?], columnCount: Int) {
    let rows = Self.rowCount
    func allocate<Number>(_ count: Int, _ value: Number) -> UnsafeMutablePointer<Number> {
      // On the borders of cache lines, which no load of a vector then crosses.
      let bytes = max(count, 1) * rows * MemoryLayout<Number>.stride
      let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      return memory.initializeMemory(
        as: Number.self, repeating: value, count: max(count, 1) * rows)
    }
    inputs = allocate(program.inputs.count, .nan)
    slots = allocate(program.slotCount, .nan)
    predicted = allocate(program.units.count, .nan)
    entity = allocate(program.units.count, -1)
    region = allocate(program.regionSize, 0)
    confidences = allocate(program.regionSize, .nan)
    columns = allocate(columnCount, .nan)
    places = allocate(1, .nan)
    inputCount = program.inputs.count
    slotCount = program.slotCount
    unitCount = program.units.count
    unparsable = .allocate(capacity: max(inputCount, 1))
    unparsable.initialize(repeating: 0, count: max(inputCount, 1))
    hasRegion = .allocate(capacity: max(unitCount, 1))
    hasRegion.initialize(repeating: 0, count: max(unitCount, 1))
    invalidInput = Array(repeating: -1, count: rows)
    row = ScoringWorkspace(program)
    rooms = forests.map { $0?.makeRoom() }
  }

  deinit {
    inputs.deallocate()
    slots.deallocate()
    predicted.deallocate()
    entity.deallocate()
    region.deallocate()
    confidences.deallocate()
    columns.deallocate()
    places.deallocate()
    unparsable.deallocate()
    hasRegion.deallocate()
  }

  /// Forgets what the last block has come to.
  ///
  /// - Parameter clearsSlots: whether slots may be looked at before they are written.
  func reset(slots clearsSlots: Bool) {
    let rows = Self.rowCount
    if clearsSlots { slots.update(repeating: .nan, count: slotCount * rows) }
    predicted.update(repeating: .nan, count: unitCount * rows)
    entity.update(repeating: -1, count: unitCount * rows)
    hasRegion.update(repeating: 0, count: unitCount)
    invalid = 0
  }

  /// Makes every input of every row missing.
  func clearInputs() {
    inputs.update(repeating: .nan, count: inputCount * Self.rowCount)
    unparsable.update(repeating: 0, count: inputCount)
  }

  /// Knows the texts that another workspace of the model has met.
  package func takeTexts(of other: ScoringWorkspace) { row.texts = other.texts }

  // MARK: A row by itself

  /// The value of a slot in a row.
  package func slot(_ slot: Int, row: Int) -> Double { slots[slot * Self.rowCount + row] }

  /// A row as scoring it by itself would have left it.
  package func loadedRow(_ place: Int) -> ScoringWorkspace {
    load(place)
    return row
  }

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
