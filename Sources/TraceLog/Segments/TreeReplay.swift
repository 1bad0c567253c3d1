internal import FileIO
internal import TransparencyLog

/// Builds the tree of a log that is being opened: up to the first segment from the tiles, from there
/// on from the entries themselves, which also writes their tiles again.
struct TreeReplay {
  let log: String
  /// The segments before the last, with the index after the last entry of each.
  private(set) var closed: [(number: Int, end: Int)] = []

  init(log: String) { self.log = log }

  /// - Parameter expected: how many entries the segments were found to end at.
  mutating func run(
    _ keys: LogKeys, expected: Int
  ) throws(TraceLogError) -> TransparencyLogWriter {
    let numbers = try reading { () throws(FileError) in try SegmentFile.numbers(in: log) }
    var start = 0
    if let first = numbers.first {
      start = try reading { () throws(FileError) in
        try SegmentReader(path: SegmentFile.path(log, first))?.firstIndex ?? 0
      }
    }
    var tree = try inTree { () throws(TransparencyLogWriter.Failure) in
      try TransparencyLogWriter(path: log, origin: keys.origin, signers: [keys.signer], at: start)
    }
    for number in numbers {
      try add(number, to: &tree)
      if number != numbers.last { closed.append((number, tree.size)) }
    }
    guard tree.size == expected else {
      throw .tree("`\(log)`: the tree has \(tree.size) entries and the segments end at \(expected)")
    }
    try inTree { () throws(TransparencyLogWriter.Failure) in
      try tree.finishOpening()
      // What a stopped run left unsigned is on the disk: it is signed before more comes.
      if tree.size > tree.signedSize { try tree.publish() }
    }
    return tree
  }

  private func add(
    _ number: Int, to tree: inout TransparencyLogWriter
  ) throws(TraceLogError) {
    let path = SegmentFile.path(log, number)
    var damage: TraceLogError?
    var failure: TransparencyLogWriter.Failure?
    let size = tree.size
    try reading { () throws(FileError) in
      guard var scanner = try SegmentScanner(path: path), scanner.firstIndex == size else {
        damage = .damaged(file: path, offset: 0, reason: "it does not start at entry \(size)")
        return
      }
      while let (_, _, entry) = try scanner.next(where: { _ in true }) {
        guard let entry else { break }
        entry.withUnsafeBytes { bytes in
          do throws(TransparencyLogWriter.Failure) { try tree.add(bytes) } catch { failure = error }
        }
        if failure != nil { return }
      }
      if try scanner.isStuck() {
        damage = .damaged(file: path, offset: scanner.offset, reason: "an entry is not whole")
      }
    }
    if let damage { throw damage }
    if let failure { throw Self.error(failure) }
  }

  private func reading<Value: ~Copyable>(
    _ body: () throws(FileError) -> Value
  ) throws(TraceLogError) -> Value {
    do { return try body() } catch { throw .file(error) }
  }

  private func inTree<Value: ~Copyable>(
    _ body: () throws(TransparencyLogWriter.Failure) -> Value
  ) throws(TraceLogError) -> Value {
    do { return try body() } catch { throw Self.error(error) }
  }

  static func error(_ failure: TransparencyLogWriter.Failure) -> TraceLogError {
    if case .file(let error) = failure { return .file(error) }
    return .tree(failure.description)
  }
}
