import FileIO
import RationaleTestSupport
import SourceDiagnostics
import TabularIO
import Testing

@Suite struct CSVReadingTests {
  @Test func `quotes, doubled quotes, line breaks in quotes and CR LF follow RFC 4180`() throws {
    let text = "a,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n,\"\"\r\n\"q\",2"
    #expect(
      try steps(text) == [
        .record(1, line: 2, ["1", "x, \"y\"\r\nz"]),
        .record(2, line: 4, ["", ""]),
        .record(3, line: 5, ["q", "2"]),
      ])
  }

  @Test func `lines are read many at once as they are one by one`() throws {
    var random = SeededGenerator(seed: 11)
    let lines: [[UInt8]] =
      [
        "1,22,333", "1,22,333", "a,b,c", ",,", "é,€,x", "1,2", "1,2,3,4", "", "\"q\",2,3",
        "1,\"2,3\",4",
        "1,\"two\nlines\",3", "1,x\"y,3", "7,8,9\r", "\r", "123456789,123456789,123456789",
      ].map { Array($0.utf8) } + [[0x31, 0x2C, 0xFF, 0x2C, 0x33], [0xC3, 0x2C, 0x32, 0x2C, 0x33]]
    for turn in 0..<200 {
      var bytes = Array("a,b,c\n".utf8)
      for _ in 0..<Int.random(in: 0..<40, using: &random) {
        bytes += lines.randomElement(using: &random) ?? []
        bytes.append(0x0A)
      }
      if turn % 3 == 0 { bytes.removeLast() }
      // The helper reads them in both ways.
      _ = try steps(bytes, columns: turn % 2 == 0 ? .all : .named(["c", "z"], optional: ["z"]))
      _ = try steps(bytes, limit: 12)
    }
  }

  @Test func `records of any length are parted where their delimiters stand`() throws {
    var random = SeededGenerator(seed: 7)
    // Bytes that differ from a comma in one bit, or by one, and some that are no ASCII.
    let characters = Array("abc-+.,,,,l\u{0C}\u{2C}é€")
    for columnCount in 1..<40 {
      let header = (0..<columnCount).map { "c\($0)" }.joined(separator: ",")
      for _ in 0..<20 {
        let length = Int.random(in: 1..<70, using: &random)
        let line = String(
          (0..<length).map { _ in characters[Int.random(in: 0..<characters.count, using: &random)] }
        )
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let found = try steps("\(header)\n\(line)\n")
        if fields.count == columnCount {
          #expect(found.map(\.fields) == [fields])
        } else {
          #expect(found.count == 1 && found[0].fields.isEmpty)
        }
      }
      // As many as there are columns, of up to nine bytes.
      let fields = (0..<columnCount).map { _ in
        String(repeating: "x", count: Int.random(in: 1...9, using: &random))
      }
      #expect(
        try steps("\(header)\n\(fields.joined(separator: ","))\n").map(\.fields) == [fields])
    }
  }

  @Test func `a byte order mark and blank lines are no data`() throws {
    #expect(
      try steps("\u{FEFF}a,b\n\n1,2\n\n") == [.record(1, line: 3, ["1", "2"])])
  }

  @Test func `asked columns come in the asked order, optional ones may be absent`() throws {
    let columns = RecordReader.Columns.named(["c", "zzz", "a"], optional: ["zzz"])
    #expect(
      try steps("a,b,c\n1,2,3\n", columns: columns) == [.record(1, line: 2, ["3", nil, "1"])])
  }

  @Test func `a record with too few or too many fields is a fault and reading goes on`() throws {
    #expect(
      try steps("a,b\n1\n1,2\n1,2,3\n") == [
        .fault(.wrongFieldCount, record: 1, line: 2, column: 1, raw: "1"),
        .record(2, line: 3, ["1", "2"]),
        .fault(.wrongFieldCount, record: 3, line: 4, column: 1, raw: "1,2,3"),
      ])
  }

  @Test func `a quote never closed is reported where it opens and costs its line only`() throws {
    #expect(
      try steps("a,b\n1,2\n3,\"x\n4,5\n6,7\n") == [
        .record(1, line: 2, ["1", "2"]),
        .fault(.unclosedQuote, record: 2, line: 3, column: 3, raw: "3,\"x"),
        .record(3, line: 4, ["4", "5"]),
        .record(4, line: 5, ["6", "7"]),
      ])
  }

  @Test func `an unclosed quote in the second line of a record gives up both lines`() throws {
    #expect(
      try steps("a,b\n\"x\ny\",\"z\n4,5") == [
        .fault(.unclosedQuote, record: 1, line: 3, column: 4, raw: "\"x\ny\",\"z"),
        .record(2, line: 4, ["4", "5"]),
      ])
  }

  @Test(arguments: ["1,x\"y", "1,\"x\"y", "\"\"\"a\"b,2"])
  func `a quote in the wrong place is a fault of its record`(record: String) throws {
    let found = try steps("a,b\n\(record)\n1,2\n")
    #expect(found.count == 2)
    guard case .fault(.misplacedQuote, record: 1, line: 2, column: _, raw: record) = found[0] else {
      Issue.record("\(found)")
      return
    }
    #expect(found[1] == .record(2, line: 3, ["1", "2"]))
  }

  @Test func `bytes that are not UTF-8 are a fault of their record`() throws {
    let bytes = Array("a\n".utf8) + [0x31, 0xFF, 0x0A] + Array("2\n".utf8)
    let found = try steps(bytes)
    #expect(found.count == 2)
    guard case .fault(.invalidUTF8, record: 1, line: 2, column: 2, raw: _) = found[0] else {
      Issue.record("\(found)")
      return
    }
    #expect(found[1] == .record(2, line: 3, ["2"]))
  }

  @Test func `a line beyond the limit is a fault and the next line is read`() throws {
    let long = String(repeating: "x", count: 5000)
    #expect(
      try steps("a\n1\n\(long)\n2\n", limit: 100).map { step -> String in
        switch step {
        case .record(let number, element: _, let line, let fields):
          "\(number) \(line) \(fields[0] ?? "")"
        case .fault(let code, let record, let line, _, let raw):
          "\(code) \(record) \(line) \(raw.count)"
        }
      } == ["1 2 1", "tooLong 2 3 5000", "3 4 2"])
  }

  @Test func `a quoted field beyond the limit gives up the line where it opens`() throws {
    let long = "\"" + String(repeating: "x\n", count: 200)
    let found = try steps("a\n\(long)2\n", limit: 100)
    #expect(found.first == .fault(.unclosedQuote, record: 1, line: 2, column: 1, raw: "\"x"))
    #expect(found.last == .record(201, line: 202, ["2"]))
  }

  @Test func `any split of the input into reads gives the same records`() throws {
    let text = "a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n3,\"u\n4,5\nü,\"€\"\n"
    let whole = try steps(text)
    let directory = try TemporaryDirectory()
    let padding = String(repeating: "p", count: (1 << 18) - 40)
    // The window's edge falls on every byte of the interesting part in turn.
    for shift in 0..<60 {
      let lead = padding + String(repeating: "q", count: shift)
      let path = try directory.write("split.csv", "a,b\n\(lead),0\n" + text.dropFirst(4))
      let reader = try RecordReader(path: path, columns: .all)
      #expect(try reader.next() == .record)
      let rest = try steps(reader)
      #expect(rest.count == whole.count)
      for (left, right) in zip(rest, whole) {
        guard case .record(_, _, _, let fields) = left, case .record(_, _, _, let expected) = right
        else { continue }
        #expect(fields == expected)
      }
    }
  }

  @Test func `skipping records keeps their numbers and lines`() throws {
    let text = "a,b\n1,2\n\n3,\"x\n4,\"y\ny\"\n5\n6,7\n"
    let all = try steps(text)
    for count in 0...all.count {
      let reader = try RecordReader(
        bytes: Array(text.utf8), name: "test", columns: .all, options: .init(format: .csv))
      #expect(try reader.skip(records: count))
      #expect(try steps(reader) == Array(all.dropFirst(count)))
    }
  }
}

@Suite struct InputHeadTests {
  private func codes(_ text: String, columns: RecordReader.Columns = .all) -> [String] {
    codes(Array(text.utf8), columns: columns)
  }

  private func codes(_ bytes: [UInt8], columns: RecordReader.Columns = .all) -> [String] {
    do throws(DiagnosticsError) {
      _ = try RecordReader(bytes: bytes, name: "test", columns: columns)
      return []
    } catch {
      return error.diagnostics.map { "\($0.code) \($0.message)" }
    }
  }

  @Test func `a header with a column twice is refused`() {
    #expect(codes("a,b,a\n1,2,3\n") == ["I3 the header has the column `a` twice"])
  }

  @Test func `every missing column is named, with the nearest there is`() throws {
    let columns = RecordReader.Columns.named(["PARTY_ID", "SIZE", "other"])
    do throws(DiagnosticsError) {
      _ = try RecordReader(bytes: Array("PARTY_IDS,SIZE\n".utf8), name: "t", columns: columns)
      Issue.record("no error")
    } catch {
      #expect(error.diagnostics.map(\.path) == ["PARTY_ID", "other"])
      #expect(error.diagnostics[0].help == ["did you mean `PARTY_IDS`?"])
    }
  }

  @Test func `an empty input, UTF-16, gzip and CR line ends are named`() {
    #expect(codes("").first?.hasPrefix("I2") == true)
    #expect(codes([0xFF, 0xFE, 0x61, 0]).first?.hasPrefix("I5") == true)
    #expect(codes([0x1F, 0x8B, 8, 0]).first?.contains("gzip") == true)
    #expect(codes("a,b\r1,2\r").first?.contains("CR alone") == true)
  }

  @Test func `no such file, a directory and no permission are named`() throws {
    let directory = try TemporaryDirectory()
    func message(_ path: String) -> String {
      do throws(DiagnosticsError) {
        _ = try RecordReader(path: path, columns: .all)
        return ""
      } catch {
        return error.diagnostics[0].message
      }
    }
    #expect(message(directory.file("none.csv")).hasSuffix("no such file"))
    #expect(message(directory.path).hasSuffix("it is a directory"))
    #expect(message(try directory.write("empty.csv", "")).contains("is empty"))
  }
}
