import DataFields
import SourceDiagnostics

/// Edits that findings propose.
extension Checker {
  /// The name that was meant, in place of the one that stands there.
  func replacing(_ span: SourceSpan, by near: String?) -> [Diagnostic.FixIt] {
    near.map { [edit("replace by `\($0)`", span.file, span.range, $0)] } ?? []
  }

  /// The text that was meant, in quotes where quotes stand.
  func replacing(text: String, at span: SourceSpan, by near: String?) -> [Diagnostic.FixIt] {
    guard let near else { return [] }
    switch self.text(span) {
    case "\"\(text)\"":
      return [edit("replace by \"\(near)\"", span.file, span.range, "\"\(near)\"")]
    case text: return replacing(span, by: near)
    default: return []
    }
  }

  /// A unit after a number that has none; nothing where the number is not written as one.
  func addingUnit(_ unit: MeasurementUnit, after span: SourceSpan) -> [Diagnostic.FixIt] {
    let number = text(span)
    let written = "\(unit)"
    guard number.last?.isNumber == true,
      number.allSatisfy({ $0.isNumber || "_.-".contains($0) }), written.first?.isLetter == true,
      written.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "/" })
    else { return [] }
    let end = span.range.upperBound
    return [edit("add the unit", span.file, end..<end, " \(written)")]
  }

  /// `align Life with Rate` on a line of its own: below the later of the two scales, or at the end
  /// of the file where both are another's.
  func aligning(_ left: Int, _ right: Int) -> [Diagnostic.FixIt] {
    let scales = [program.scales[left], program.scales[right]]
    guard scales[0].levels.count == scales[1].levels.count else { return [] }
    let declaration = "align \(scales[0].name) with \(scales[1].name)"
    let file = program.rulesets[ruleset].file
    let source = program.sources.files[file]
    let own = scales.filter { $0.span.file == file }
    guard let end = own.map(\.end).max() else {
      let place = source.bytes.count
      return [edit("align the scales", file, place..<place, "\n\(declaration)\n")]
    }
    let place = source.lineBytes(source.line(at: max(0, end - 1))).endIndex
    return [edit("align the scales", file, place..<place, "\n\(declaration)")]
  }

  private func edit(
    _ message: String, _ file: Int, _ range: Range<Int>, _ replacement: String
  ) -> Diagnostic.FixIt {
    Diagnostic.FixIt(
      message: message, file: program.sources.files[file].name, start: range.lowerBound,
      end: range.upperBound, replacement: replacement)
  }
}
