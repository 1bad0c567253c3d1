/// The text of one file that a person wrote: a ruleset, a PMML document, a CSV header.
///
/// Offsets count UTF-8 bytes from 0. Lines and columns count from 1; a column counts characters as
/// a terminal shows them (extended grapheme clusters), so that a caret stands under the right one.
package struct SourceFile: Sendable {
  /// The path as the user gave it; it is printed, never opened again.
  package let name: String
  package let bytes: [UInt8]
  private let lineStarts: [Int]

  /// - Complexity: O(n) in the size of the file.
  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    self.lineStarts = starts
  }

  package init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  package var lineCount: Int { lineStarts.count }

  /// The line (from 1) that holds the byte at `offset`; an offset past the end is on the last line.
  ///
  /// - Complexity: O(log lines).
  package func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The place of the byte at `offset`.
  package func position(at offset: Int) -> SourcePosition {
    let line = line(at: offset)
    let start = lineStarts[line - 1]
    let end = min(max(offset, start), bytes.count)
    return SourcePosition(
      line: line, column: String(decoding: bytes[start..<end], as: UTF8.self).count + 1)
  }

  /// The place of the byte at `offset`, as people, editors and programs count.
  package func location(at offset: Int) -> SourceLocation {
    let line = line(at: offset)
    let start = lineStarts[line - 1]
    let end = min(max(offset, start), bytes.count)
    let before = String(decoding: bytes[start..<end], as: UTF8.self)
    return SourceLocation(
      line: line, column: before.count + 1, utf16: before.utf16.count, offset: end)
  }

  /// The bytes of a line without its line break.
  package func lineBytes(_ line: Int) -> ArraySlice<UInt8> {
    guard line >= 1, line <= lineStarts.count else { return [] }
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return bytes[start..<max(start, end)]
  }

  /// The text between two offsets.
  package func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }
}

/// A place in a file. Both count from 1.
public struct SourcePosition: Sendable, Hashable, Comparable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A place in a file in each of the ways in which places are counted.
public struct SourceLocation: Sendable, Hashable, Comparable {
  /// From 1.
  public var line: Int
  /// From 1, in characters as a terminal shows them.
  public var column: Int
  /// From 0, in UTF-16 code units from the start of the line, as the Language Server Protocol
  /// counts (it counts lines from 0, too).
  public var utf16: Int
  /// From 0, in bytes from the start of the file.
  public var offset: Int

  public init(line: Int, column: Int, utf16: Int, offset: Int) {
    self.line = line
    self.column = column
    self.utf16 = utf16
    self.offset = offset
  }

  public static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
}

/// A stretch of one source file, in byte offsets; `file` is the file's index in its ``SourceSet``.
package struct SourceSpan: Sendable, Hashable {
  package var file: Int
  package var range: Range<Int>

  package init(file: Int, range: Range<Int>) {
    self.file = file
    self.range = range
  }

  /// The shortest span that holds both; they are of the same file.
  package func union(_ other: SourceSpan) -> SourceSpan {
    let lower = min(range.lowerBound, other.range.lowerBound)
    let upper = max(range.upperBound, other.range.upperBound)
    return SourceSpan(file: file, range: lower..<upper)
  }
}

/// The files of one compilation: a ruleset and what it uses.
package struct SourceSet: Sendable {
  package private(set) var files: [SourceFile] = []

  package init() {}

  /// Adds a file and returns its index.
  package mutating func add(_ file: SourceFile) -> Int {
    files.append(file)
    return files.count - 1
  }

  package subscript(span: SourceSpan) -> String { files[span.file].text(span.range) }
}
