internal import DataFields
internal import FileIO
internal import TabularIO
internal import TraceLog

/// Takes a subject out of a file of dead letters: what a letter that names the subject quotes, and why
/// it could not be used, is overwritten, in place.
///
/// A letter could not be read, so that nothing tells what in it is the key: it is about the subject if
/// the subject's text stands in it as a whole word.
struct DeadLetterErasure {
  /// What is to stand in the file in place of a letter, and where.
  private var changes: [(offset: Int, line: [UInt8])] = []
  private let path: String

  var isEmpty: Bool { changes.isEmpty }
  var count: Int { changes.count }

  /// Looks for the letters; nothing is written.
  init(path: String, subject: String) throws(IngestError) {
    self.path = path
    let bytes = try wrappingFile { () throws(FileError) in
      try Directory.status(path)?.isRegular == true ? try WholeFile.read(path) : []
    }
    let subject = Array(subject.utf8)
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      if let line = Self.erased(Array(bytes[start..<end]), subject) {
        changes.append((start, line))
      }
      start = end + 1
    }
  }

  /// The letter without what it quotes, as long as before; nil if it is not about the subject.
  private static func erased(_ line: [UInt8], _ subject: [UInt8]) -> [UInt8]? {
    guard
      let reader = try? RecordReader(
        bytes: line, name: "dead letters", columns: .named(columns),
        options: .init(format: .jsonLines)),
      let step = try? reader.next(), step == .record
    else { return nil }
    let quoted = [4, 5].map { reader.field($0) }.map { Array($0.bytes) }
    let raw = Base64.decode(reader.field(6).text)
    guard (quoted + (raw.map { [$0] } ?? [])).contains(where: { names($0, subject) }) else {
      return nil
    }
    var json = JSONText()
    json.beginObject()
    json.member("source", reader.field(0).text)
    json.member("file", reader.field(1).text)
    json.member("record", Int(reader.field(2).text))
    json.member("element", Int(reader.field(3).text))
    json.member("code", "erased")
    var text = json.bytes
    // Spaces before the brace keep the length, and so what accounting says of other letters.
    let room = line.count - text.count - 1
    guard room >= 0 else { return nil }
    text += Array(repeating: UInt8(ascii: " "), count: room) + [UInt8(ascii: "}")]
    return text
  }

  private static let columns = [
    "source", "file", "record", "element", "raw", "reason", "raw_base64",
  ]

  /// Whether bytes hold the subject's text with nothing before and behind it that could be part of a
  /// longer one.
  private static func names(_ bytes: [UInt8], _ subject: [UInt8]) -> Bool {
    guard let first = subject.first, bytes.count >= subject.count else { return false }
    func isPart(_ place: Int) -> Bool {
      guard bytes.indices.contains(place) else { return false }
      let byte = bytes[place]
      return byte >= 0x80
        || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
        || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
    for start in 0...(bytes.count - subject.count) where bytes[start] == first {
      let end = start + subject.count
      if bytes[start..<end] == subject[...], !isPart(start - 1), !isPart(end) { return true }
    }
    return false
  }

  /// The stretches of the file that accounting entries speak of, as they will be: those that change.
  func changed(
    _ stretches: [AccountingEntry.DeadLetterStretch]
  ) throws(IngestError) -> [AccountingEntry.DeadLetterStretch] {
    var found: [AccountingEntry.DeadLetterStretch] = []
    for stretch in stretches {
      let inside = changes.filter { stretch.bytes.contains($0.offset) }
      if inside.isEmpty { continue }
      var bytes = try wrappingFile { () throws(FileError) in
        try OpenFile(path: path, mode: .read).read(
          at: stretch.bytes.lowerBound, count: stretch.bytes.count)
      }
      for (offset, line) in inside {
        let start = offset - stretch.bytes.lowerBound
        guard start + line.count <= bytes.count else { continue }
        bytes.replaceSubrange(start..<start + line.count, with: line)
      }
      found.append(.init(bytes: stretch.bytes, digest: Digest(of: bytes)))
    }
    return found
  }

  /// Overwrites the letters; it is on the disk when this returns.
  func run() throws(IngestError) {
    if changes.isEmpty { return }
    try wrappingFile { () throws(FileError) in
      let file = try OpenFile(path: path, mode: .update)
      for (offset, line) in changes { try file.write(line, at: offset) }
      try file.syncData()
    }
  }
}
