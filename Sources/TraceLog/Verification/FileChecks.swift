internal import DataFields
internal import FileIO
internal import TransparencyLog

/// Whether the artefacts of a log are what their names say.
struct ArtefactCheck {
  let log: String

  func run() throws(TraceLogError) -> (count: Int, findings: [LogFinding]) {
    let directory = log + "/artefacts"
    var count = 0
    var findings: [LogFinding] = []
    func note(_ finding: LogFinding) { findings.append(finding) }
    do throws(FileError) {
      for name in try Directory.names(in: directory) {
        let path = directory + "/" + name
        count += 1
        if let digest = Digest(hexadecimal: name) {
          let found = Digest(of: try WholeFile.read(path))
          if found != digest {
            note(
              LogFinding(
                .intact, "artefacts/\(name)",
                "its SHA-256 is \(found.hexadecimal): it is not the file that decisions name"))
          }
        } else if name.hasSuffix(".files"), Digest(hexadecimal: String(name.dropLast(6))) != nil {
          guard let list = RecordedFileList(try WholeFile.read(path)) else {
            note(LogFinding(.intact, "artefacts/\(name)", "it is no list of files"))
            continue
          }
          for file in list.files
          where try Directory.status(directory + "/" + file.digest.hexadecimal) == nil {
            note(
              LogFinding(
                .intact, "artefacts/\(name)",
                "the log lacks `\(file.path)`, \(file.digest.hexadecimal)"))
          }
        } else if !name.hasSuffix(".tmp") {
          note(LogFinding(.intact, "artefacts/\(name)", "it is named by no digest"))
        }
      }
    } catch {
      throw .file(error)
    }
    return (count, findings)
  }
}

/// Whether the dead letters are those that accounting entries signed.
struct DeadLetterCheck {
  let log: String

  /// - Parameter overwritten: stretches as erasures left them. What was accounted for may also stand
  ///   there still: an erasure is logged before it is done.
  func findings(
    _ stretches: [AccountingEntry.DeadLetterStretch],
    _ overwritten: [AccountingEntry.DeadLetterStretch]
  ) -> [LogFinding] {
    guard stretches.contains(where: { !$0.bytes.isEmpty }) else { return [] }
    let name = "dead-letters.jsonl"
    var findings: [LogFinding] = []
    do throws(FileError) {
      let path = log + "/" + name
      for stretch in stretches {
        switch try stretch.isHeld(byFile: path) {
        case true?: break
        case false?:
          var isErased = false
          for other in overwritten where other.bytes == stretch.bytes {
            if try other.isHeld(byFile: path) == true { isErased = true }
          }
          if isErased { continue }
          findings.append(
            LogFinding(
              .complete, name,
              "bytes \(stretch.bytes.lowerBound) to \(stretch.bytes.upperBound) are not those that "
                + "were accounted for"))
        case nil:
          let size = try Directory.status(path)?.size ?? 0
          findings.append(
            LogFinding(
              .complete, name,
              "\(stretch.bytes.upperBound) bytes of it were accounted for, and it has \(size)"))
          return findings
        }
      }
    } catch {
      findings.append(LogFinding(.complete, name, error.reason))
    }
    return findings
  }
}

/// Whether segments have whole headers, and the last ends where its entries do.
struct SegmentTailCheck {
  let log: String

  func findings() throws(TraceLogError) -> [LogFinding] {
    do throws(FileError) {
      let numbers = try SegmentFile.numbers(in: log)
      var findings: [LogFinding] = []
      for number in numbers.dropLast() {
        let path = SegmentFile.path(log, number)
        if try SegmentScanner(path: path) == nil {
          findings.append(LogFinding(.intact, path, "its header is damaged"))
        }
      }
      guard findings.isEmpty, let number = numbers.last else { return findings }
      let path = SegmentFile.path(log, number)
      guard var scanner = try SegmentScanner(path: path) else {
        return [LogFinding(.intact, path, "its header is damaged")]
      }
      while try scanner.next(where: { _ in true }) != nil {}
      guard try scanner.isStuck() else { return [] }
      if try scanner.isDamage() {
        return [
          LogFinding(
            .intact, path, "damaged at byte \(scanner.offset): an entry that had been stored")
        ]
      }
      return [
        LogFinding(
          .intact, path,
          "the bytes from \(scanner.offset) on are no whole entry: an unfinished write, or damage")
      ]
    } catch {
      throw .file(error)
    }
  }
}

/// Whether the subject indices name each entry of their segments under its own subject.
struct SubjectIndexCheck {
  private let log: String
  private var numbers: [Int] = []
  private var place = 0
  private var range = 0..<0
  private var entries: [SubjectIndex.Entry] = []
  /// The entries of a segment of whose subject nothing can be told here.
  private var kept: Set<UInt32> = []
  private var findings: [LogFinding] = []
  private var isReady = false

  init(log: String) { self.log = log }

  mutating func take(_ index: Int, _ entry: [UInt8]) {
    if !isReady {
      isReady = true
      numbers = (try? SegmentFile.indexedNumbers(in: log)) ?? []
      open()
    }
    while index >= range.upperBound, place < numbers.count { close() }
    guard range.contains(index) else { return }
    let ordinal = UInt32(truncatingIfNeeded: index - range.lowerBound)
    // Under what a sealed trace is found, and what else belongs to persons, only their keys tell.
    if EntryKind(entry) == .sealedTrace || EntryKind(entry) == .detached
      || EntryKind(entry) == .legalHold
    {
      kept.insert(ordinal)
      return
    }
    let subject =
      TraceBodyHeadRanges(entry)?.subject.map { SubjectKey(entry[$0]) } ?? SubjectKey(hash: 0)
    entries.append(
      SubjectIndex.Entry(subject: subject, decision: DecisionKey(hash: 0), ordinal: ordinal))
  }

  mutating func finish() throws(TraceLogError) -> [LogFinding] {
    while place < numbers.count { close() }
    return findings
  }

  private mutating func open() {
    guard place < numbers.count else { return }
    let path = SegmentFile.subjectsPath(log, numbers[place])
    let index = try? SubjectIndex(path: path)
    range = index?.range ?? range.upperBound..<range.upperBound
    entries = []
    kept = []
  }

  private mutating func close() {
    let name = "segments/" + SegmentFile.name(numbers[place]) + ".subjects"
    let path = SegmentFile.subjectsPath(log, numbers[place])
    do throws(FileError) {
      if let index = try SubjectIndex(path: path) {
        if try !index.isWhole() {
          findings.append(
            LogFinding(.index, name, "it is damaged; readers that notice read the log instead"))
        } else if entries.count + kept.count == range.count {
          // Decisions are not compared: a body does not name its own without its schema.
          let all = try index.all()
          let told = kept.isEmpty ? all : all.filter { !kept.contains($0.ordinal) }
          let isSame = told.elementsEqual(entries.sorted()) {
            $0.subject == $1.subject && $0.ordinal == $1.ordinal
          }
          if !isSame || all.count != range.count {
            findings.append(
              LogFinding(
                .index, name, "it does not name the subjects of the entries that it covers"))
          }
        }
      }
    } catch {
      findings.append(LogFinding(.index, name, error.reason))
    }
    place += 1
    open()
  }
}
