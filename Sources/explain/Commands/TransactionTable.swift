internal import FileIO
internal import PMML
internal import SourceDiagnostics
internal import TabularIO

/// The scores of the transactions that a reader's records make up, as CSV.
struct TransactionTable {
  let model: CompiledModel
  /// The field that joins rows, by position among the model's inputs.
  let group: Int
  let rows: RecordReader

  private struct Entry {
    var name: String
    var transaction = Transaction()
    /// A row of it could not be read: it is not scored.
    var isFaulty = false
  }

  func write(to table: inout BufferedFile) throws {
    let columns = model.resultColumns
    var text = CSVText()
    text.field(model.inputNames[group])
    for column in columns { text.field(column.name) }
    text.endRecord()
    var space = model.makeWorkspace()
    for entry in try read(&space) {
      text.field(entry.name)
      if !entry.isFaulty { model.score(entry.transaction, &space) }
      for column in columns {
        text.field(entry.isFaulty ? "" : model.text(column.result, in: space))
      }
      text.endRecord()
      // Forgets texts now and then.
      model.clear(&space)
      if text.bytes.count > 1 << 15 {
        table.bytes += text.bytes
        text.removeAll()
        try table.flushIfFull()
      }
    }
    table.bytes += text.bytes
  }

  /// The transactions, in the order in which they first appear.
  private func read(_ space: inout ScoringWorkspace) throws -> [Entry] {
    var entries: [Entry] = []
    var places: [String: Int] = [:]
    var notices = ScoreNotices(rows)
    reading: while true {
      switch try rows.next() {
      case .record:
        model.clear(&space)
        var name = ""
        for place in rows.columns.indices {
          let field = rows.field(place)
          if field.kind == .absent || field.kind == .null { continue }
          if place == group { name = field.text }
          model.set(text: field.text, anyInput: place, in: &space)
        }
        let place = places[name] ?? entries.count
        if place == entries.count {
          places[name] = place
          entries.append(Entry(name: name))
        }
        if !model.add(&space, to: &entries[place].transaction) {
          entries[place].isFaulty = true
          notices.addInvalid(model.inputNames[space.invalidInput])
        }
      // It belongs to no transaction that is known.
      case .fault: notices.addFault()
      case .atEnd, .stopped: break reading
      }
    }
    notices.finish()
    return entries
  }
}
