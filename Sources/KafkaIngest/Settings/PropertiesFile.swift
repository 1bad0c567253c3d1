internal import FileIO
public import SourceDiagnostics

/// Settings of a file: a line each, `name = value`; lines that are empty or begin with `#` or `!` say
/// nothing. A value goes to the end of its line, without the blanks around it.
public struct PropertiesFile: Sendable {
  /// Where a setting was written.
  public struct Origin: Sendable, Hashable {
    public var file: String
    public var line: Int
    /// The line's text.
    public var text: String

    /// A fault of this line; a secret's value is not shown.
    public func diagnostic(
      _ code: String, _ message: String, isSecret: Bool = false, help: [String] = []
    ) -> Diagnostic {
      let name = text.contains("=") ? text.prefix { $0 != "=" } + "= " : ""
      let shown = isSecret ? name + "..." : text[...]
      let width = max(1, shown.count)
      return Diagnostic(
        code: code, message: message, file: file, position: SourcePosition(line: line, column: 1),
        excerpts: [
          Diagnostic.Excerpt(
            line: line, text: String(shown.prefix(Diagnostic.Excerpt.maximumWidth)),
            marks: [.init(column: 1, length: min(width, Diagnostic.Excerpt.maximumWidth))])
        ], help: help)
    }
  }

  public struct Entry: Sendable, Hashable {
    public var name: String
    public var value: String
    public var origin: Origin
  }

  public private(set) var entries: [Entry] = []

  private static let sizeLimit = 1 << 20

  /// - Throws: a file that cannot be read, or a line that is no setting.
  public init(path: String) throws(DiagnosticsError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read(path, limit: Self.sizeLimit)
    } catch {
      throw DiagnosticsError(error.diagnostic)
    }
    try self.init(bytes: bytes, name: path)
  }

  public init(bytes: [UInt8], name: String) throws(DiagnosticsError) {
    var faults: [Diagnostic] = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let text = String(decoding: line, as: UTF8.self)
      let origin = Origin(file: name, line: index + 1, text: text)
      let trimmed = Self.trimmed(text[...])
      if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix("!") { continue }
      guard let sign = trimmed.firstIndex(of: "=") else {
        faults.append(
          origin.diagnostic("K1", "expected `name = value`", isSecret: true))
        continue
      }
      let key = Self.trimmed(trimmed[..<sign])
      if key.isEmpty {
        faults.append(origin.diagnostic("K1", "the setting has no name", isSecret: true))
        continue
      }
      entries.append(
        Entry(
          name: String(key), value: String(Self.trimmed(trimmed[trimmed.index(after: sign)...])),
          origin: origin))
    }
    if !faults.isEmpty { throw DiagnosticsError(faults) }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    func isBlank(_ character: Character) -> Bool {
      character == " " || character == "\t" || character == "\r"
    }
    var text = text.drop(while: isBlank)
    while let last = text.last, isBlank(last) { text.removeLast() }
    return text
  }
}
