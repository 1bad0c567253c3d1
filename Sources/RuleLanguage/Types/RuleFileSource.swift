public import SourceDiagnostics

/// Where the compiler reads rule files, and the files that they name.
///
/// A service may keep its rulesets in a database, and a test in memory: a path is only a name to
/// the compiler, resolved relative to the file that names it.
public protocol RuleFileSource: Sendable {
  /// The bytes of the file at a path.
  ///
  /// - Throws: why they cannot be had.
  func bytes(at path: String) throws(DiagnosticsError) -> [UInt8]
}

/// Rule files held in memory, by path.
public struct RuleFilesInMemory: RuleFileSource {
  private let files: [String: [UInt8]]

  public init(_ files: [String: [UInt8]]) { self.files = files }

  public init(texts: [String: String]) {
    self.files = texts.mapValues { Array($0.utf8) }
  }

  public func bytes(at path: String) throws(DiagnosticsError) -> [UInt8] {
    if let bytes = files[path] { return bytes }
    throw DiagnosticsError(Diagnostic(code: "F1", message: "no such file", file: path))
  }
}

/// Paths as text: joined and made plain without asking the disk.
package enum RulePath {
  /// `path` as seen from the folder of `file`.
  package static func resolve(_ path: String, from file: String) -> String {
    if path.hasPrefix("/") { return plain(path) }
    guard let slash = file.lastIndex(of: "/") else { return plain(path) }
    return plain(String(file[...slash]) + path)
  }

  /// Without `.` and, where it can be told, without `..`.
  package static func plain(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") {
      if part == "." { continue }
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if !(part == ".." && parts.isEmpty && path.hasPrefix("/")) {
        parts.append(part)
      }
    }
    let joined = parts.joined(separator: "/")
    return path.hasPrefix("/") ? "/" + joined : joined
  }
}
