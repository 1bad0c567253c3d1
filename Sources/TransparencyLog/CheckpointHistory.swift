internal import FileIO

/// Every checkpoint that a log has signed, in `LOG/checkpoints`: appended and on the disk before
/// anybody sees one, so that no crash makes a log sign two trees of one size.
package struct CheckpointHistory: Sendable {
  package let path: String

  package init(log: String) { path = log + "/checkpoints" }

  /// The checkpoints, oldest first; a last one that is not whole is not there.
  package func checkpoints() throws(SignedNote.Fault) -> [SignedCheckpoint] {
    var found: [SignedCheckpoint] = []
    for (_, bytes) in try notes() {
      found.append(try SignedCheckpoint(bytes))
    }
    return found
  }

  /// How long the file is up to its last whole checkpoint.
  func wholeSize() throws(SignedNote.Fault) -> Int { try notes().last?.end ?? 0 }

  /// The bytes of each note, and where it ends in the file, the empty line after it included.
  private func notes() throws(SignedNote.Fault) -> [(end: Int, bytes: [UInt8])] {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read(path)
    } catch {
      if error.isNoSuchFile { return [] }
      throw .malformed(error.description)
    }
    var notes: [(end: Int, bytes: [UInt8])] = []
    var start = 0
    var emptyLines = 0
    var place = 0
    while place < bytes.count {
      let isEmptyLine = bytes[place] == 0x0A && (place == start || bytes[place - 1] == 0x0A)
      place += 1
      guard isEmptyLine else { continue }
      // The first empty line parts text and signatures, the second ends the note.
      emptyLines += 1
      if emptyLines == 2 {
        notes.append((place, Array(bytes[start..<(place - 1)])))
        start = place
        emptyLines = 0
      }
    }
    return notes
  }

  func append(_ checkpoint: SignedCheckpoint) throws(FileError) {
    let isNew = try Directory.status(path) == nil
    let file = try OpenFile(path: path, mode: .append)
    try file.write(checkpoint.bytes + [0x0A])
    try file.syncData()
    if isNew { try Directory.sync(FilePath.parent(path)) }
  }

  /// Cuts a last checkpoint off that is not whole: it was never shown.
  func cutTornTail() throws(FileError) {
    guard let status = try Directory.status(path) else { return }
    let whole: Int
    do { whole = try wholeSize() } catch {
      throw FileError(.read, path: path, reason: error.description)
    }
    guard status.size > whole else { return }
    let file = try OpenFile(path: path, mode: .update)
    try file.truncate(to: whole)
    try file.syncData()
  }
}
