internal import FileIO

/// Appends the private records of a log's entries to the vault, for the one process that writes the
/// log.
///
/// A record must be on the disk before its entry is handed to the system: then every entry that the
/// log holds after a crash has its record, and whatever the vault holds beyond that is cut off.
package struct PrivateRecords: ~Copyable {
  package struct Options: Sendable {
    /// A segment is closed once it is this large.
    package var segmentBytes = 64 << 20

    package init() {}
  }

  /// What recovery did, for people; nil if there was nothing to do.
  package private(set) var recoveryNotice: String?
  /// The last entry that has a record.
  package private(set) var lastEntry: Int?

  private let log: String
  private let options: Options
  private var segment: Int
  private var firstEntry: Int
  private var file: OpenFile
  private var places: OpenFile
  private var writtenOffset: Int
  private var frameCount: Int
  private var pending: [UInt8] = []
  private var pendingPlaces: [UInt8] = []
  private var isDurable = true
  private var hasFailed = false

  /// Opens the records of a log, or creates their first file, and cuts off what a crash left.
  ///
  /// - Parameter lastSealed: the last entry of a sealed trace that the log holds; nil if it holds
  ///   none. Records of later entries are cut off: those traces are not in the log.
  /// - Throws: `VaultError.damaged` if its record is not there; nothing is cut then.
  package init(
    log: String, lastSealed: Int?, options: Options = Options()
  ) throws(VaultError) {
    var recovery = PrivateRecovery(log: log, lastSealed: lastSealed)
    do throws(FileError) {
      try Directory.create(VaultFiles.directory(of: log))
    } catch {
      throw .file(error)
    }
    try recovery.run()
    let file = try Self.open(PrivateSegment.path(log, recovery.segment))
    let places = try Self.open(PrivateSegment.placesPath(log, recovery.segment))
    self.file = file
    self.places = places
    self.log = log
    self.options = options
    segment = recovery.segment
    firstEntry = recovery.firstEntry
    writtenOffset = recovery.size
    frameCount = recovery.frameCount
    lastEntry = recovery.lastEntry
    recoveryNotice = recovery.notice
  }

  /// Adds the record of an entry, later than all before. It is on the disk after ``commit()``.
  ///
  /// - Parameter key: the number of the subject's key.
  package mutating func append(
    _ record: [UInt8], entry: Int, key: Int
  ) throws(VaultError) {
    if hasFailed { throw .failedBefore }
    precondition(entry > lastEntry ?? -1, "records come in the order of their entries")
    guard record.count <= PrivateSegment.recordLimit, let key = UInt32(exactly: key) else {
      throw .full(file: PrivateSegment.path(log, segment), reason: "the record is too large")
    }
    let length = PrivateSegment.frameHeaderSize + record.count
    if frameCount > 0,
      writtenOffset + pending.count + length > options.segmentBytes
        || entry - firstEntry > Int(UInt32.max)
    {
      try startSegment(entry)
    }
    let place = UInt32(truncatingIfNeeded: entry - firstEntry)
    if frameCount % PrivateSegment.placeInterval == 0 {
      LittleEndian.append(place, to: &pendingPlaces)
      LittleEndian.append(
        UInt32(truncatingIfNeeded: writtenOffset + pending.count), to: &pendingPlaces)
    }
    PrivateSegment.append(record, entry: place, key: key, to: &pending)
    frameCount += 1
    lastEntry = entry
    isDurable = false
    if pending.count >= 1 << 18 { try writePending() }
  }

  /// Returns once everything that was appended is on the disk.
  package mutating func commit() throws(VaultError) {
    if hasFailed { throw .failedBefore }
    if isDurable { return }
    try writePending()
    do throws(FileError) {
      try file.syncData()
    } catch {
      // After a failed flush the system may have dropped the pages: nothing more is claimed.
      hasFailed = true
      throw .file(error)
    }
    isDurable = true
  }

  /// Commits, and takes no more.
  package mutating func close() throws(VaultError) {
    try commit()
    hasFailed = true
  }

  private static func open(_ path: String) throws(VaultError) -> OpenFile {
    do throws(FileError) {
      return try OpenFile(path: path, mode: .append)
    } catch {
      throw .file(error)
    }
  }

  private mutating func writePending() throws(VaultError) {
    do throws(FileError) {
      try file.write(pending)
      try places.write(pendingPlaces)
    } catch {
      hasFailed = true
      throw .file(error)
    }
    writtenOffset += pending.count
    pending.removeAll(keepingCapacity: true)
    pendingPlaces.removeAll(keepingCapacity: true)
  }

  private mutating func startSegment(_ entry: Int) throws(VaultError) {
    try commit()
    do throws(FileError) {
      segment += 1
      try PrivateRecovery.create(log, segment: segment, firstEntry: entry)
      file = try OpenFile(path: PrivateSegment.path(log, segment), mode: .append)
      places = try OpenFile(path: PrivateSegment.placesPath(log, segment), mode: .append)
    } catch {
      hasFailed = true
      throw .file(error)
    }
    firstEntry = entry
    frameCount = 0
    writtenOffset = PrivateSegment.headerSize
  }
}

/// Brings the private records of a log to a state in which more can be appended.
struct PrivateRecovery {
  let log: String
  let lastSealed: Int?
  var segment = 1
  var firstEntry = 0
  var size = 0
  var frameCount = 0
  var lastEntry: Int?
  var notice: String?

  init(log: String, lastSealed: Int?) {
    self.log = log
    self.lastSealed = lastSealed
  }

  /// From where on the last sealed trace before `end` is to be looked for: the last entry that has a
  /// whole record; then, in case that nothing sealed lies behind it, the entries with which the segments
  /// begin, the last one first. None if there are no records. Changes nothing.
  static func starts(_ log: String, before end: Int) throws(VaultError) -> [Int] {
    var recovery = PrivateRecovery(log: log, lastSealed: end - 1)
    var starts: [Int] = []
    do throws(FileError) {
      guard try Directory.status(VaultFiles.directory(of: log)) != nil else { return [] }
      var numbers = try PrivateSegment.numbers(log)
      while let number = numbers.popLast() {
        if starts.isEmpty {
          _ = try recovery.scan(number)
          if let last = recovery.lastEntry { starts.append(last) }
        } else if let scanner = try PrivateScanner(path: PrivateSegment.path(log, number)) {
          recovery.firstEntry = scanner.firstEntry
        }
        starts.append(min(recovery.firstEntry, end))
      }
      return starts
    } catch {
      if error.systemCode == damage {
        throw .damaged(file: error.path, offset: recovery.size, reason: error.reason)
      }
      throw .file(error)
    }
  }

  mutating func run() throws(VaultError) {
    do throws(FileError) {
      var numbers = try PrivateSegment.numbers(log)
      var places: [UInt8] = []
      // Segments that hold nothing of what the log holds go, from the last on.
      var surplus: [Int] = []
      while let number = numbers.popLast() {
        segment = number
        places = try scan(number)
        if frameCount > 0 || numbers.isEmpty { break }
        surplus.append(number)
      }
      if let lastSealed, lastEntry != lastSealed {
        throw FileError(
          .read, path: PrivateSegment.path(log, segment), systemCode: Self.damage,
          reason: "the private record of entry \(lastSealed) is not whole")
      }
      for number in surplus {
        try Directory.remove(PrivateSegment.path(log, number))
        try Directory.remove(PrivateSegment.placesPath(log, number))
      }
      try finish(places)
    } catch {
      if error.systemCode == Self.damage {
        throw .damaged(file: error.path, offset: size, reason: error.reason)
      }
      throw .file(error)
    }
  }

  /// Marks an error that is ours to name.
  private static let damage: Int32 = -1

  /// Reads a segment as far as its frames are whole and of entries that the log holds; returns what
  /// its file of places should hold.
  private mutating func scan(_ number: Int) throws(FileError) -> [UInt8] {
    (frameCount, size, lastEntry) = (0, 0, nil)
    var places: [UInt8] = []
    guard var scanner = try PrivateScanner(path: PrivateSegment.path(log, number)) else {
      return places
    }
    firstEntry = scanner.firstEntry
    size = scanner.offset
    while let frame = try scanner.peek(readingAhead: 1 << 20) {
      let entry = firstEntry + Int(frame.entry)
      guard entry <= lastSealed ?? -1,
        try scanner.record(frame, readingAhead: 1 << 20) != nil
      else { break }
      if frameCount % PrivateSegment.placeInterval == 0 {
        LittleEndian.append(frame.entry, to: &places)
        LittleEndian.append(UInt32(truncatingIfNeeded: size), to: &places)
      }
      frameCount += 1
      lastEntry = entry
      size = scanner.offset
    }
    return places
  }

  private mutating func finish(_ places: [UInt8]) throws(FileError) {
    let path = PrivateSegment.path(log, segment)
    if size == 0 {
      firstEntry = lastSealed.map { $0 + 1 } ?? 0
      try Self.create(log, segment: segment, firstEntry: firstEntry)
      size = PrivateSegment.headerSize
      return
    }
    let file = try OpenFile(path: path, mode: .update)
    let surplus = try file.status().size - size
    if surplus > 0 {
      try file.truncate(to: size)
      notice = "cut \(surplus) bytes of private records off `\(path)` whose traces are not stored"
    }
    // What a killed process wrote may be with the system only.
    try file.syncData()
    try WholeFile.replace(PrivateSegment.placesPath(log, segment), with: places)
  }

  static func create(_ log: String, segment: Int, firstEntry: Int) throws(FileError) {
    try WholeFile.replace(
      PrivateSegment.path(log, segment), with: PrivateSegment.header(firstEntry: firstEntry))
    try Directory.remove(PrivateSegment.placesPath(log, segment))
  }
}
