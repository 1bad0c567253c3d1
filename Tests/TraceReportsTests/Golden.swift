import FileIO
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Texts that were agreed on, in `Fixtures/` beside the tests.
enum Golden {
  /// Compares with the file of that name; with `RATIONALE_RECORD` set, writes it instead.
  static func check(
    _ text: String, _ name: String, file: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let path = FilePath.parent(file) + "/Fixtures/" + name
    if getenv("RATIONALE_RECORD") != nil {
      try Directory.create(FilePath.parent(path))
      try WholeFile.replace(path, with: Array(text.utf8))
      return
    }
    let expected = String(decoding: try WholeFile.read(path), as: UTF8.self)
    #expect(text == expected, "differs from \(name)", sourceLocation: sourceLocation)
  }
}
