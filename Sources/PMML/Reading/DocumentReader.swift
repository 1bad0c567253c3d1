internal import DataFields
internal import SourceDiagnostics
internal import XMLReading

/// Walks a PMML document element by element and gathers what is wrong with it.
///
/// Faults of content are collected, so that one pass reports them all; faults of XML end the pass.
/// `nextChild(of:)` gives the next child of an element, passing over whatever was not read of the
/// child before it, and over every `Extension`.
final class DocumentReader {
  /// An element whose start was read.
  struct Element {
    /// nil for a name that is not PMML's.
    var name: ElementName?
    var depth: Int
    var event: XMLEvent
    var line: Int { Int(event.line) }
  }

  let xml: XMLReader
  private(set) var diagnostics: [Diagnostic] = []
  /// The elements that the reader is in.
  private var path: [Int32] = []
  private var errorCount = 0
  private var warningCount = 0
  /// The path of the model element that is being compiled, once reading is over.
  var compiledPath: String?
  /// Whether the verification rows of the model are read.
  let keepsVerification: Bool
  /// How many tables of texts were read.
  var textTableCount = 0
  /// Output fields that are left out for their feature.
  var foreignOutputs: Set<String> = []
  /// The names of fields that predicates of trees look at, each once.
  var fieldNames = TextInterner()
  static let errorLimit = 50
  private static let elementNames = ElementName.allCases

  init(xml: XMLReader, keepsVerification: Bool = false) {
    self.xml = xml
    self.keepsVerification = keepsVerification
  }

  var hasErrors: Bool { errorCount > 0 }

  // MARK: Moving

  /// The next child element, or nil at the parent's end; nil as parent asks for the root.
  func nextChild(of parent: Element?) throws(DiagnosticsError) -> Element? {
    let level = parent?.depth ?? 0
    while let event = try xml.nextTag() {
      switch event.kind {
      case .text: continue
      case .end:
        if leave() < level { return nil }
      case .start:
        let number = Int(event.element)
        let name = number >= 0 && !event.isForeign ? Self.elementNames[number] : nil
        let depth = enter(event)
        guard depth == level + 1 else { continue }
        if name == .extensionElement { continue }
        // Elements of other namespaces are extensions too.
        if event.isForeign { continue }
        return Element(name: name, depth: depth, event: event)
      }
    }
    return nil
  }

  /// The next child of any name and namespace, with its local name: the cells of a table.
  func nextCell(of parent: Element) throws(DiagnosticsError) -> (Element, String)? {
    while let event = try xml.nextTag() {
      switch event.kind {
      case .text: continue
      case .end:
        if leave() < parent.depth { return nil }
      case .start:
        let name = xml.elementName(event)
        let depth = enter(event)
        guard depth == parent.depth + 1, name != "Extension" else { continue }
        return (Element(name: nil, depth: depth, event: event), name)
      }
    }
    return nil
  }

  /// All text of an element, which is then read to its end.
  func text(of element: Element) throws(DiagnosticsError) -> String {
    String(decoding: try bytes(of: element), as: UTF8.self)
  }

  /// The bytes of ``text(of:)``.
  func bytes(of element: Element) throws(DiagnosticsError) -> [UInt8] {
    var bytes: [UInt8] = []
    while let event = try xml.next() {
      switch event.kind {
      case .text: xml.appendText(of: event, to: &bytes)
      case .start: _ = enter(event)
      case .end:
        if leave() < element.depth { return bytes }
      }
    }
    return bytes
  }

  /// Both give how deep the reader is then.
  @inline(__always)
  private func enter(_ event: XMLEvent) -> Int {
    path.append(event.element)
    return path.count
  }

  @inline(__always)
  private func leave() -> Int {
    _ = path.popLast()
    return path.count
  }

  // MARK: Reporting

  /// The path of the element that is being read: `PMML/TreeModel/Node`.
  var elementPath: String { text(of: path) }

  private func text(of path: some Sequence<Int32>) -> String {
    "/" + path.map { xml.elementName($0) }.joined(separator: "/")
  }

  func report(
    _ code: String, _ message: String, at element: Element? = nil,
    severity: Diagnostic.Severity = .error, help: [String] = []
  ) {
    guard isShown(severity) else { return }
    var shown = path
    if let element, element.depth <= shown.count { shown.removeLast(shown.count - element.depth) }
    diagnostics.append(
      Diagnostic(
        code: code, severity: severity, message: message, file: xml.name,
        position: element.map {
          SourcePosition(line: max(1, $0.line), column: max(1, Int($0.event.column)))
        },
        path: text(of: shown), help: help))
  }

  /// Counts a finding. However many warnings there are, they leave room for errors.
  private func isShown(_ severity: Diagnostic.Severity) -> Bool {
    if severity == .error {
      errorCount += 1
      return errorCount <= Self.errorLimit
    }
    warningCount += 1
    return warningCount <= Self.errorLimit
  }

  /// A finding made after reading, at a line that was noted.
  ///
  /// - Parameter path: by default that of the model element that is being compiled.
  func report(
    _ code: String, _ message: String, line: Int, path: String? = nil,
    severity: Diagnostic.Severity = .error
  ) {
    guard isShown(severity) else { return }
    diagnostics.append(
      Diagnostic(
        code: code, severity: severity, message: message, file: xml.name,
        position: SourcePosition(line: max(1, line), column: 1), path: path ?? compiledPath))
  }

  func unexpected(_ child: Element, in parent: Element) {
    let name = xml.elementName(child.event)
    report("P2", "unexpected element `\(name)` in `\(xml.elementName(parent.event))`", at: child)
  }

  func unsupported(_ element: Element, _ reason: String) {
    report(
      "P9", "`\(xml.elementName(element.event))` is not supported: \(reason)", at: element)
  }
}
