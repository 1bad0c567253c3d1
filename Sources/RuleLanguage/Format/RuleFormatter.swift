public import SourceDiagnostics

/// Lays out a rule file: one text for all files that differ in layout alone.
///
/// It works on tokens and comments, not on syntax nodes, so that a construct it knows nothing of
/// keeps its lines and its words. Lines stay where the author broke them, except in rules, which
/// take one line where they fit. Nothing is reordered and no comment is lost.
public enum RuleFormatter {
  /// How wide a rule on one line may be.
  static let lineWidth = 100

  /// The file laid out.
  ///
  /// The result is read again before it is handed out; if it did not hold the same tokens, lines
  /// and comments, the file is returned as it came.
  ///
  /// - Throws: the faults of a file that is not well-formed.
  public static func format(_ bytes: [UInt8], name: String) throws(DiagnosticsError) -> [UInt8] {
    guard bytes.count <= RulesetLoader.maximumFileSize else {
      throw DiagnosticsError(
        Diagnostic(
          code: "X7",
          message: "a rule file has at most \(RulesetLoader.maximumFileSize >> 20) MiB, this one "
            + "has \(bytes.count >> 20)", file: name))
    }
    let before = FormatSource(bytes, name: name)
    if !before.faults.isEmpty { throw DiagnosticsError(before.faults) }
    let text = FormatPage(before).text()
    let result = Array(text.utf8)
    let after = FormatSource(result, name: name)
    return after.faults.isEmpty && after.hasSameContent(as: before) ? result : bytes
  }
}

/// The tokens and comments of a file, with their texts.
struct FormatSource {
  var bytes: [UInt8]
  var file: TokenizedFile
  var faults: [Diagnostic]

  init(_ bytes: [UInt8], name: String) {
    var sources = SourceSet()
    let index = sources.add(SourceFile(name: name, bytes: bytes))
    var nextID = 1
    let (_, file, diagnostics) = Parser.parse(index, of: sources, nextID: &nextID)
    self.bytes = bytes
    self.file = file
    self.faults = diagnostics.filter { $0.severity == .error }
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// A comment without the spaces at its end.
  func text(_ comment: RuleComment) -> String {
    var range = comment.range
    while let last = bytes[range].last,
      last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") || last == UInt8(ascii: "\r")
    {
      range = range.lowerBound..<(range.upperBound - 1)
    }
    return text(range)
  }

  /// Whether nothing stands between a token and the one before it.
  func isGlued(_ index: Int) -> Bool {
    index > 0 && file.tokens[index - 1].range.upperBound == file.tokens[index].range.lowerBound
  }

  /// Whether a token belongs to a name with hyphens, `IP-01`, whose parts must stay together.
  func isInHyphenatedName(_ index: Int) -> Bool {
    func isPart(_ index: Int) -> Bool {
      switch file.tokens[index].kind {
      case .name, .number, .minus: true
      default: false
      }
    }
    guard isPart(index) else { return false }
    var start = index
    // Names are short: a longer run is left as it is.
    while start > 0, index - start < 32, isPart(start - 1), isGlued(start) { start -= 1 }
    guard file.tokens[start].kind == .name else { return false }
    var end = index
    while end + 1 < file.tokens.count, end - index < 32, isPart(end + 1), isGlued(end + 1) {
      end += 1
    }
    return (start...end).contains { file.tokens[$0].kind == .minus }
  }

  /// The same tokens but for `_` in numbers, the same line breaks but for those before `when` and
  /// `then`, the same comments.
  func hasSameContent(as other: FormatSource) -> Bool {
    guard file.tokens.count == other.file.tokens.count,
      file.comments.count == other.file.comments.count
    else { return false }
    for index in file.tokens.indices {
      let mine = file.tokens[index]
      let theirs = other.file.tokens[index]
      let word = text(mine.range)
      guard mine.kind == theirs.kind else { return false }
      if mine.kind == .number {
        guard word.filter({ $0 != "_" }) == other.text(theirs.range).filter({ $0 != "_" }) else {
          return false
        }
      } else if word != other.text(theirs.range) {
        return false
      }
      if mine.startsLine != theirs.startsLine, word != "when", word != "then" { return false }
      if isInHyphenatedName(index) != other.isInHyphenatedName(index) { return false }
    }
    for (mine, theirs) in zip(file.comments, other.file.comments)
    where text(mine) != other.text(theirs) || mine.beforeToken != theirs.beforeToken {
      return false
    }
    return true
  }
}
