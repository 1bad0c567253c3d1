import FileIO
import RationaleTestSupport
import SourceDiagnostics
import TabularIO
import Testing

@Suite struct WritingTests {
  private static let awkward = [
    "", "plain", "a,b", "say \"so\"", "line\nbreak", "cr\rlf\r\n", "ünïcødé €😀", "\u{0}\u{1F}\\/",
  ]

  @Test func `what is written as CSV is read back`() throws {
    var csv = CSVText()
    csv.field("a")
    csv.field("b")
    csv.endRecord()
    for text in Self.awkward {
      csv.field(text)
      csv.field(text)
      csv.endRecord()
    }
    let expected: [[String?]] = Self.awkward.map { [$0, $0] }
    #expect(try steps(csv.bytes).map(\.fields) == expected)
  }

  @Test func `one empty field is not a blank line`() throws {
    var csv = CSVText()
    csv.field("a")
    csv.endRecord()
    csv.field("")
    csv.endRecord()
    #expect(try steps(csv.bytes) == [.record(1, line: 2, [""])])
  }

  @Test func `what is written as JSON is read back`() throws {
    var json = JSONText()
    for text in Self.awkward {
      json.beginObject()
      json.member("a", text)
      json.key("b")
      json.beginArray()
      json.double(0.1)
      json.double(-.infinity)
      json.integer(-5)
      json.boolean(true)
      json.null()
      json.endArray()
      json.endObject()
      json.endLine()
    }
    let nested = "[0.1,\"-INF\",-5,true,null]"
    let expected: [[String?]] = Self.awkward.map { [$0, nested] }
    let found = try steps(json.bytes, format: .jsonLines, columns: .named(["a", "b"]))
    #expect(found.map(\.fields) == expected)
  }

  @Test func `dead letters are appended, with what was cut said`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("dead.jsonl")
    let letter = DeadLetter(
      source: "invoices", file: "in.csv", record: 3, position: .init(line: 4, column: 2),
      field: "amount", code: "not-a-number", reason: "`x` is no number", raw: Array("1,x".utf8),
      rawLength: 3)
    for _ in 0..<2 {
      var writer = try DeadLetterWriter(path: path)
      try writer.write(letter)
      try writer.close()
    }
    let line = """
      {"source":"invoices","file":"in.csv","record":3,"line":4,"column":2,"field":"amount",\
      "code":"not-a-number","reason":"`x` is no number","raw":"1,x"}

      """
    #expect(String(decoding: try WholeFile.read(path), as: UTF8.self) == line + line)

    var binary = letter
    binary.raw = [0xFF, 0x41, 0x41]
    binary.rawLength = 10
    let text = String(decoding: DeadLetterWriter.line(binary), as: UTF8.self)
    #expect(text.hasSuffix("\"raw_base64\":\"/0FB\",\"raw_bytes\":10}\n"))
    binary.raw = Array("aé".utf8.dropLast())
    let cut = String(decoding: DeadLetterWriter.line(binary), as: UTF8.self)
    #expect(cut.hasSuffix("\"raw\":\"a\",\"raw_bytes\":10}\n"))
  }

  @Test(.enabled(if: (try? Directory.status("/dev/full")) != nil))
  func `a full disk is an error with its reason`() throws {
    var file = try BufferedFile(path: "/dev/full", mode: .append)
    file.bytes = [1, 2, 3]
    do throws(FileError) {
      try file.flush()
      Issue.record("no error")
    } catch {
      #expect(error.description == "cannot write `/dev/full`: no space left on the device")
    }
  }
}

@Suite struct UTF8CheckTests {
  @Test func `every code point but surrogates is accepted, every stray byte refused`() {
    for value in stride(from: UInt32(0), through: 0x10FFFF, by: 37) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      #expect(UTF8Check.isValid(Array(String(Character(scalar)).utf8)))
    }
    let bad: [[UInt8]] = [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xC3], [0xC3, 0x28],
      [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xF0, 0x90, 0x28, 0xBC], [0xFF],
    ]
    for bytes in bad {
      #expect(!UTF8Check.isValid(bytes))
      #expect(!UTF8Check.isValid(Array("01234567".utf8) + bytes))
    }
  }

  @Test func `it agrees with the standard library on every lead byte`() {
    let followers: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
    for lead in UInt8.min...UInt8.max {
      for second in followers {
        for third in followers {
          for fourth in followers {
            let bytes = [lead, second, third, fourth]
            let expected = String(validating: bytes, as: UTF8.self) != nil
            if UTF8Check.isValid(bytes) != expected { Issue.record("\(bytes)") }
          }
        }
      }
    }
  }
}
