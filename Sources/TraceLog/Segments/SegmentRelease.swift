internal import FileIO

/// Lets go of a segment whose entries are all in bundles: its index stays, the file goes.
struct SegmentRelease {
  let log: String
  let number: Int

  func run() throws(FileError) {
    let subjects = SegmentFile.subjectsPath(log, number)
    // An older version of this library wrote indices that bundles cannot be read by.
    if try SubjectIndex(path: subjects) == nil { try index(subjects) }
    try Directory.remove(SegmentFile.path(log, number))
  }

  private func index(_ subjects: String) throws(FileError) {
    let path = SegmentFile.path(log, number)
    guard var scanner = try SegmentScanner(path: path) else { return }
    var entries: [SubjectIndex.Entry] = []
    while let (frame, _, _) = try scanner.next(where: { _ in false }) {
      entries.append(
        SubjectIndex.Entry(
          subject: frame.subject, decision: frame.decision,
          ordinal: UInt32(truncatingIfNeeded: entries.count)))
    }
    try WholeFile.replace(
      subjects, with: SubjectIndex.encode(entries, firstIndex: scanner.firstIndex))
  }
}
