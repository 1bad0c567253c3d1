internal import ArgumentParser
internal import FileIO
internal import PMML
internal import SourceDiagnostics
internal import TabularIO

/// The scores of the transactions that a reader's records make up, line by line.
struct TransactionTable {
  let lines: ScoreLines
  /// The field that joins rows, by position among the model's inputs; nil joins them all.
  let group: Int?
  let rows: RecordReader

  private struct Entry {
    var name: String
    var transaction = Transaction()
    /// A row of it could not be read: it is not scored.
    var isFaulty = false
  }

  private var model: CompiledModel { lines.model }

  func write(to table: inout BufferedFile, _ problems: inout ScoreProblems) throws {
    table.bytes += lines.header
    var writer = lines.makeWriter()
    var space = model.makeWorkspace()
    let isNamed = group != nil
    for entry in try read(&space, &problems) {
      if entry.isFaulty {
        if problems.use == .missing { writer.add(nil, group: isNamed ? entry.name : nil) }
      } else {
        model.score(entry.transaction, &space)
        writer.add(space, group: isNamed ? entry.name : nil)
      }
      // Forgets texts now and then.
      model.clear(&space)
      if writer.count > 1 << 15 {
        table.bytes += writer.take()
        try table.flushIfFull()
      }
    }
    table.bytes += writer.take()
    problems.finish()
  }

  /// The transactions, in the order in which they first appear.
  private func read(_ space: inout ScoringWorkspace, _ problems: inout ScoreProblems) throws
    -> [Entry]
  {
    var entries: [Entry] = []
    var places: [String: Int] = [:]
    let keepsRaw = problems.use == .deadLetter
    func record() -> RecordBlock.Record { RecordBlock.Record(rows, keepsRaw: keepsRaw) }
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
        if name.isEmpty, model.passesOverRowsWithoutGroup { continue reading }
        let place = places[name] ?? entries.count
        if place == entries.count {
          places[name] = place
          entries.append(Entry(name: name))
        }
        if !model.add(&space, to: &entries[place].transaction) {
          entries[place].isFaulty = true
          let place = space.invalidInput
          try problems.add(
            ScoreProblem(
              record(), field: model.inputNames[place], value: rows.field(place).text,
              differsInGroup: space.differsInGroup))
        }
      // It belongs to no transaction that is known.
      case .fault:
        try problems.add(ScoreProblem(record()))
      case .atEnd: break reading
      // What the rows to come would have added is not known: no transaction can be scored.
      case .stopped:
        StandardError.write("stopped by a signal: no transaction was scored\n")
        throw ExitCode(Interruption.exitCode)
      }
    }
    return entries
  }
}
