package import DataFields

/// The memory that scoring one row needs; reused from row to row.
///
/// A workspace belongs to one model and to one task at a time.
package struct ScoringWorkspace: Sendable {
  package internal(set) var slots: [Double]
  /// What the caller set; NaN is missing.
  var inputs: [Double]
  /// The texts behind codes; grows by texts that the model does not know.
  package internal(set) var texts: TextInterner
  /// How often the inputs were cleared.
  var clearCount = 0
  /// The position of the input for whose sake the row cannot be scored; -1 if it can.
  package internal(set) var invalidInput = -1
  var unparsable: [Bool]
  var features: [Double]
  var predicted: [Double]
  var entity: [Int32]
  var hasRegion: [Bool]
  var region: [Double]
  var confidences: [Double]
  var scratch: [Double] = []
  /// What a forest needs on the way.
  var forestWords: [UInt64] = []
  /// The words of the text that was indexed last, and whose and which text's they are.
  var words: [String]?
  var wordsOf: (tokenizer: Int, text: Double) = (-1, .nan)
  /// What a row is for, in a model of rules.
  enum RowUse {
    case scored
    /// Its items are noted for a transaction.
    case collected
    /// There is no row: the rows of a transaction are scored together.
    case joined(Transaction)
  }

  var rowUse = RowUse.scored
  var collected = Transaction.Event()
  /// The rows before, for each lag.
  var histories: [LagHistory]
  /// Whether ``invalidInput`` is valid, but not the same in all rows of its group.
  package internal(set) var differsInGroup = false
  /// The sum that a statistic of a stream has come to, by unit.
  var running: [Double]
  /// What a statistic of a stream has seen, by unit.
  var streams: [BaselineStream]

  init(_ program: ModelProgram) {
    slots = Array(repeating: .nan, count: program.slotCount)
    inputs = Array(repeating: .nan, count: program.inputs.count)
    texts = program.texts
    unparsable = Array(repeating: false, count: program.inputs.count)
    features = Array(repeating: .nan, count: program.featureCapacity)
    predicted = Array(repeating: .nan, count: program.units.count)
    entity = Array(repeating: -1, count: program.units.count)
    histories = Array(repeating: LagHistory(), count: program.expressions.lags.count)
    running = Array(repeating: 0, count: program.units.count)
    streams = Array(repeating: BaselineStream(), count: program.units.count)
    hasRegion = Array(repeating: false, count: program.units.count)
    region = Array(repeating: 0, count: program.regionSize)
    confidences = Array(repeating: .nan, count: program.regionSize)
  }
}
