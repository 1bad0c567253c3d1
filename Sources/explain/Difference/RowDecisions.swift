internal import DataFields
internal import Decisions
internal import EventIngest
internal import FileIO
internal import SourceDiagnostics
internal import TabularIO

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What one version of the rules decides on rows, by the engine that decides everywhere.
///
/// The run writes to a folder of its own among the temporary ones, which is gone afterwards.
enum RowDecisions {
  struct Made {
    var decision: String
    var subject: String
    /// The outcome, or `refused`.
    var outcome: String
    /// The record and its element: what pairs the decisions of two versions.
    var place: String
  }

  static func made(on rows: String, asOf: CalendarDate?, by library: DecisionLibrary) throws
    -> [Made]
  {
    let folder = try temporaryFolder()
    defer { remove(folder) }
    let output = FilePath.join(folder, "decisions.jsonl")
    var options = IngestRun.Options(log: FilePath.join(folder, "log"))
    options.rows = rows
    options.asOf = asOf
    options.output = output
    let summary = try IngestRun(library: library, options: options).run()
    if summary.counts.deadLetters > 0 {
      StandardError.write(
        "warning: \(summary.counts.deadLetters) rows are dead letters and are left out\n")
    }
    guard summary.counts.decisions > 0 else { return [] }
    return try read(output)
  }

  private static func read(_ path: String) throws -> [Made] {
    let names = ["decision", "subject", "outcome", "record", "element"]
    let reader = try RecordReader(path: path, columns: .named(names))
    var made: [Made] = []
    while true {
      switch try reader.next() {
      case .atEnd, .stopped: return made
      case .fault: continue
      case .record:
        let fields = names.indices.map { reader.field($0).text }
        made.append(
          Made(
            decision: fields[0], subject: fields[1],
            outcome: fields[2].isEmpty ? "refused" : fields[2],
            place: "\(fields[3]).\(fields[4])"))
      }
    }
  }

  private static func temporaryFolder() throws(FileError) -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let folder = FilePath.join(parent, "explain-diff-\(getpid())-\(UInt64.random(in: 0 ... .max))")
    try Directory.create(folder)
    return folder
  }

  /// Nothing of the folder is needed any more: what cannot be removed is left to the system.
  private static func remove(_ path: String) {
    let names = (try? Directory.names(in: path)) ?? []
    for name in names where name != "." && name != ".." {
      let inner = FilePath.join(path, name)
      if (try? Directory.status(inner))??.isRegular == true {
        unlink(inner)
      } else {
        remove(inner)
      }
    }
    rmdir(path)
  }
}
