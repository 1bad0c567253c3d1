internal import DataFields
internal import FileIO
internal import SourceDiagnostics
internal import TabularIO

/// Goes through the records of a reference file and collects what is wrong with them.
///
/// Reference data is refused as a whole when any of it is faulty: a decision must not rest on a
/// table that was read in part.
struct ReferenceRows {
  /// Beyond this many faults the rest are counted only.
  static var shownFaults: Int { 20 }

  let file: ReferenceFile
  private let reader: RecordReader
  private var faults: [Diagnostic] = []
  private var faultCount = 0

  init(_ file: ReferenceFile, columns: RecordReader.Columns) throws(DiagnosticsError) {
    self.file = file
    reader = try RecordReader(
      bytes: file.bytes, name: file.path, columns: columns, options: .init(format: .csv))
  }

  var columns: [String] { reader.columns }

  /// Moves to the next record that can be read; false at the end.
  mutating func next() throws(DiagnosticsError) -> Bool {
    while true {
      let step: RecordReader.Step
      do throws(FileError) {
        step = try reader.next()
      } catch {
        throw DiagnosticsError(error.diagnostic)
      }
      switch step {
      case .record: return true
      case .atEnd, .stopped: return false
      case .fault:
        guard let fault = reader.fault else { continue }
        report(fault.reason, at: fault.position, path: nil)
      }
    }
  }

  func field(_ column: Int) -> UnsafeBufferPointer<UInt8> { reader.field(column).bytes }
  func text(_ column: Int) -> String { reader.field(column).text }

  func position(_ column: Int) -> SourcePosition { reader.position(ofField: column) }

  mutating func report(_ message: String, column: Int) {
    report(message, at: reader.position(ofField: column), path: reader.columns[column])
  }

  private mutating func report(_ message: String, at position: SourcePosition, path: String?) {
    faultCount += 1
    guard faults.count < Self.shownFaults else { return }
    var fault = Diagnostic(
      code: "I6", message: message, file: file.path, position: position, path: path)
    let text = String(decoding: reader.rawRecord.prefix(4096), as: UTF8.self)
    fault.excerpts = [
      Diagnostic.Excerpt(
        cutting: text, line: position.line,
        marks: [Diagnostic.Mark(column: position.column, length: 1)])
    ]
    faults.append(fault)
  }

  /// Throws what was reported.
  func finish() throws(DiagnosticsError) {
    if faults.isEmpty { return }
    var all = faults
    if faultCount > faults.count {
      all.append(
        Diagnostic(
          code: "I6", severity: .note,
          message: "\(faultCount - faults.count) more faults in `\(file.path)`", file: file.path))
    }
    throw DiagnosticsError(all)
  }
}
