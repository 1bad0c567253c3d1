/// One fault or remark about something that a person wrote: a rule, a model, a data file, a record.
///
/// Rules, PMML, CSV and events all report through this type. It is a plain value and holds the
/// excerpt that it shows, so that it can be rendered, sorted or sent on without the source.
/// Diagnostics are collected and reported together; ``DiagnosticsError`` throws a set of them.
public struct Diagnostic: Sendable, Hashable {
  public enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
    case error, warning, note

    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    public static func < (left: Self, right: Self) -> Bool { left.order < right.order }
  }

  /// A stable code (`Y3`), documented by `explain code`; the wording of a message may change.
  public var code: String
  public var severity: Severity
  /// One line: lower-case start, no full stop, user text in backticks.
  public var message: String
  /// The file, or `topic[partition]`, or `-` for standard input; empty where there is none.
  public var file: String
  public var position: SourcePosition?
  /// Where in a structured document the place is: an element path, or a column's header name.
  public var path: String?
  /// What it is about, whole: the first is the place. Excerpts show these, line by line.
  public var ranges: [MarkedRange] = []
  /// The lines to show, in order.
  public var excerpts: [Excerpt]
  /// Values for which the finding holds, as a test would give them: `firm.employees = 50 person`.
  public var witness: [String] = []
  /// Facts that follow the excerpt (`= gap: ...`).
  public var notes: [String]
  /// What to do about it (`= help: ...`).
  public var help: [String]
  /// Edits that would mend it.
  public var fixIts: [FixIt]

  public init(
    code: String, severity: Severity = .error, message: String, file: String = "",
    position: SourcePosition? = nil, path: String? = nil, excerpts: [Excerpt] = [],
    notes: [String] = [], help: [String] = [], fixIts: [FixIt] = []
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.file = file
    self.position = position
    self.path = path
    self.excerpts = excerpts
    self.notes = notes
    self.help = help
    self.fixIts = fixIts
  }

  /// A stretch of a file, and what is said of it.
  public struct MarkedRange: Sendable, Hashable {
    public var file: String
    public var start: SourceLocation
    /// The place after the last character.
    public var end: SourceLocation
    public var label: String
    /// The operator between two operands, rather than an operand.
    public var isConnector: Bool

    public init(
      file: String, start: SourceLocation, end: SourceLocation, label: String = "",
      isConnector: Bool = false
    ) {
      self.file = file
      self.start = start
      self.end = end
      self.label = label
      self.isConnector = isConnector
    }
  }

  /// One line of source with the marks below it.
  public struct Excerpt: Sendable, Hashable {
    public var line: Int
    /// The line's text, cut to at most ``maximumWidth`` characters around the first mark.
    public var text: String
    public var marks: [Mark]

    public static var maximumWidth: Int { 160 }

    public init(line: Int, text: String, marks: [Mark]) {
      self.line = line
      self.text = text
      self.marks = marks
    }
  }

  /// A run of carets below an excerpt. `column` counts from 1 in the excerpt's text.
  public struct Mark: Sendable, Hashable {
    public var column: Int
    public var length: Int
    public var label: String
    /// Drawn as `-` instead of carets: the operator between two marked operands.
    public var isConnector: Bool

    public init(column: Int, length: Int, label: String = "", isConnector: Bool = false) {
      self.column = column
      self.length = length
      self.label = label
      self.isConnector = isConnector
    }
  }

  /// A replacement of bytes `[start, end)` of `file` by `replacement`.
  public struct FixIt: Sendable, Hashable {
    public var message: String
    public var file: String
    public var start: Int
    public var end: Int
    public var replacement: String
    /// Whether something in the replacement is left to the author: such an edit is a draft.
    public var isDraft: Bool
    /// The places of `start` and `end`, where the source was at hand.
    public var location: Range<SourceLocation>?

    public init(
      message: String, file: String, start: Int, end: Int, replacement: String,
      isDraft: Bool = false
    ) {
      self.message = message
      self.file = file
      self.start = start
      self.end = end
      self.replacement = replacement
      self.isDraft = isDraft
    }
  }
}

extension Diagnostic {
  /// A diagnostic about spans of source text: the first label is the place, all are shown.
  package init(
    _ code: String, _ severity: Severity = .error, _ message: String,
    at labels: [(span: SourceSpan, label: String)], connectors: [SourceSpan] = [],
    in sources: SourceSet,
    notes: [String] = [], help: [String] = [], fixIts: [FixIt] = []
  ) {
    self.init(
      code: code, severity: severity, message: message, notes: notes, help: help, fixIts: fixIts)
    self.fixIts = fixIts.map { $0.located(in: sources) }
    guard let first = labels.first else { return }
    ranges =
      labels.map { MarkedRange($0.span, label: $0.label, in: sources) }
      + connectors.map { MarkedRange($0, isConnector: true, in: sources) }
    let source = sources.files[first.span.file]
    file = source.name
    position = source.position(at: first.span.range.lowerBound)
    // One excerpt a line, in the order of the file; labels of other files become notes.
    var marks: [Int: [Mark]] = [:]
    let connected = connectors.filter { $0.file == first.span.file }
    for (span, label, isConnector) in labels.map({ ($0.span, $0.label, false) })
      + connected.map({ ($0, "", true) })
    {
      guard span.file == first.span.file else {
        let other = sources.files[span.file]
        let place = other.position(at: span.range.lowerBound)
        notesAppend("\(other.name):\(place.line):\(place.column): \(label)")
        continue
      }
      let start = source.position(at: span.range.lowerBound)
      let length = max(1, sources[span].prefix { !$0.isNewline }.count)
      marks[start.line, default: []].append(
        Mark(column: start.column, length: length, label: label, isConnector: isConnector))
    }
    excerpts = marks.keys.sorted().map { line in
      Excerpt(
        cutting: String(decoding: source.lineBytes(line), as: UTF8.self), line: line,
        marks: (marks[line] ?? []).sorted { $0.column < $1.column })
    }
  }

  private mutating func notesAppend(_ note: String) { notes.append(note) }
}

extension Diagnostic.MarkedRange {
  package init(
    _ span: SourceSpan, label: String = "", isConnector: Bool = false, in sources: SourceSet
  ) {
    let source = sources.files[span.file]
    self.init(
      file: source.name, start: source.location(at: span.range.lowerBound),
      end: source.location(at: span.range.upperBound), label: label, isConnector: isConnector)
  }
}

extension Diagnostic.FixIt {
  /// The edit with its places, if its file is among the sources.
  package func located(in sources: SourceSet) -> Self {
    guard let source = sources.files.first(where: { $0.name == file }), start <= end else {
      return self
    }
    var located = self
    located.location = source.location(at: start)..<source.location(at: end)
    return located
  }
}

extension Diagnostic.Excerpt {
  /// An excerpt of a line that may be long: what is shown is cut around the first mark, so that a
  /// file of one 100 MB line costs no more than a short one.
  package init(cutting text: String, line: Int, marks: [Diagnostic.Mark]) {
    let width = Self.maximumWidth
    let first = marks.first?.column ?? 1
    let skip = first > width - 40 ? first - 40 : 0
    var shown = String(text.dropFirst(skip).prefix(width))
    shown = TerminalText.plain(shown)
    self.init(
      line: line, text: shown,
      marks: marks.map {
        let column = max(1, $0.column - skip)
        let room = max(1, shown.count + 1 - column)
        return Diagnostic.Mark(
          column: column, length: min($0.length, room), label: $0.label,
          isConnector: $0.isConnector)
      }.filter { $0.column <= shown.count + 1 })
  }
}

/// One or more diagnostics, thrown where work cannot go on.
public struct DiagnosticsError: Error, Sendable, CustomStringConvertible {
  public let diagnostics: [Diagnostic]

  public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
  public init(_ diagnostic: Diagnostic) { self.diagnostics = [diagnostic] }

  /// All diagnostics as plain text.
  public var description: String {
    diagnostics.map { DiagnosticRenderer(style: .plain).render($0) }.joined(separator: "\n")
  }
}
