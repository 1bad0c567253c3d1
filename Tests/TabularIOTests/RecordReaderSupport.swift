import SourceDiagnostics
import TabularIO
import Testing

/// What one step over an input gave, as plain values.
enum ReadStep: Equatable {
  case record(Int, element: Int = 0, line: Int, [String?])
  case fault(RecordFault.Code, record: Int, line: Int, column: Int, raw: String)

  var fields: [String?] {
    if case .record(_, element: _, line: _, let fields) = self { fields } else { [] }
  }
}

/// Every step over an input; absent and null fields are nil.
func steps(
  _ text: String, format: RecordReader.Format = .csv, columns: RecordReader.Columns = .all,
  limit: Int? = nil
) throws -> [ReadStep] {
  try steps(Array(text.utf8), format: format, columns: columns, limit: limit)
}

func steps(
  _ bytes: [UInt8], format: RecordReader.Format = .csv, columns: RecordReader.Columns = .all,
  limit: Int? = nil
) throws -> [ReadStep] {
  var options = RecordReader.Options(format: format)
  if let limit { options.recordLimit = limit }
  func reader() throws -> RecordReader {
    try RecordReader(bytes: bytes, name: "test", columns: columns, options: options)
  }
  let steps = try steps(reader())
  for limit in [1, 3, 1_000] { try expectLines(of: reader(), limit: limit, steps) }
  return steps
}

/// Reads as many records at once as can be; they must be those of single steps.
private func expectLines(
  of reader: RecordReader, limit: Int, _ expected: [ReadStep]
) throws {
  var texts = RecordTexts(columnCount: reader.columns.count)
  var places: [(number: Int, line: Int)] = []
  reading: while true {
    let count = reader.copyLines(to: &texts, limit: limit, byteLimit: 1 << 20)
    places += (0..<count).map {
      (reader.recordNumber - count + 1 + $0, reader.line - count + $0)
    }
    if count > 0 { continue }
    switch try reader.next() {
    case .atEnd, .stopped: break reading
    case .record, .fault:
      reader.copyTexts(to: &texts)
      places.append((reader.recordNumber, reader.line))
    }
  }
  #expect(places.count == expected.count)
  for (index, (step, place)) in zip(expected, places).enumerated() {
    let found = reader.columns.indices.map { texts.text(index, $0) }
    switch step {
    case .record(let number, _, let line, let fields):
      #expect(place == (number, line))
      #expect(found == fields)
    case .fault(_, let number, let line, _, _):
      // A fault's place is within its record, which may start lines before.
      #expect(place.number == number && place.line <= line)
      #expect(found.allSatisfy { $0 == nil })
    }
  }
}

func steps(_ reader: RecordReader) throws -> [ReadStep] {
  var steps: [ReadStep] = []
  var texts = RecordTexts(columnCount: reader.columns.count)
  while true {
    switch try reader.next() {
    case .atEnd, .stopped:
      // What is copied of the records is what they hold.
      let found = steps.indices.map { step in
        reader.columns.indices.map { texts.text(step, $0) }
      }
      let none = [String?](repeating: nil, count: reader.columns.count)
      #expect(found == steps.map { $0.fields.isEmpty ? none : $0.fields })
      return steps
    case .record:
      reader.copyTexts(to: &texts)
      steps.append(
        .record(
          reader.recordNumber, element: reader.elementIndex, line: reader.line,
          reader.columns.indices.map { index in
            let field = reader.field(index)
            return field.kind == .absent || field.kind == .null ? nil : field.text
          }))
    case .fault:
      reader.copyTexts(to: &texts)
      guard let fault = reader.fault else { continue }
      steps.append(
        .fault(
          fault.code, record: fault.record, line: fault.position.line,
          column: fault.position.column, raw: String(decoding: fault.raw, as: UTF8.self)))
    }
  }
}
