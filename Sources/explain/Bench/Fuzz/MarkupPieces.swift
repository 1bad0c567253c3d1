internal import SourceDiagnostics
internal import XMLReading

/// An XML document as a list of pieces, so that parts of it are ranges that can be moved about.
struct MarkupPieces {
  enum Piece {
    case start(String, [(name: String, value: String)])
    case end(String)
    case text(String)

    /// About how many bytes it is written as.
    var size: Int {
      switch self {
      case .start(let name, let attributes):
        attributes.reduce(name.utf8.count + 2) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
      case .end(let name): name.utf8.count + 4
      case .text(let text): text.utf8.count
      }
    }
  }

  var pieces: [Piece] = []

  /// Reads a well-formed document; elements lose the spaces between them, and their prefixes.
  init(_ document: [UInt8]) throws(DiagnosticsError) {
    var isRead = false
    let reader = XMLReader(
      name: "seed", vocabulary: XMLVocabulary(elements: [], attributes: []),
      source: { () throws(DiagnosticsError) -> [UInt8] in
        defer { isRead = true }
        return isRead ? [] : document
      })
    while let event = try reader.next() {
      switch event.kind {
      case .start:
        var attributes: [(name: String, value: String)] = []
        if pieces.isEmpty, let namespace = reader.rootNamespace {
          attributes.append(("xmlns", namespace))
        }
        reader.forEachAttribute(of: event) { number, name in
          attributes.append((name, reader.attribute(number, of: event) ?? ""))
        }
        pieces.append(.start(reader.elementName(event), attributes))
      case .end: pieces.append(.end(reader.elementName(event)))
      case .text:
        let text = String(decoding: reader.text(of: event), as: UTF8.self)
        if text.utf8.contains(where: { $0 > 0x20 }) { pieces.append(.text(text)) }
      }
    }
  }

  /// The positions of starts.
  var starts: [Int] {
    pieces.indices.filter { if case .start = pieces[$0] { true } else { false } }
  }

  /// The pieces from a start to its end.
  func element(at start: Int) -> Range<Int> {
    var depth = 0
    for place in start..<pieces.count {
      switch pieces[place] {
      case .start: depth += 1
      case .end: depth -= 1
      case .text: break
      }
      if depth <= 0 { return start..<place + 1 }
    }
    return start..<pieces.count
  }

  /// The document as text.
  func bytes() -> [UInt8] {
    var bytes: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .start(let name, let attributes):
        bytes.append(UInt8(ascii: "<"))
        bytes += name.utf8
        for attribute in attributes {
          bytes.append(0x20)
          bytes += attribute.name.utf8
          bytes += "=\"".utf8
          Self.append(attribute.value, to: &bytes)
          bytes.append(UInt8(ascii: "\""))
        }
        bytes += ">".utf8
      case .end(let name):
        bytes += "</".utf8
        bytes += name.utf8
        bytes += ">\n".utf8
      case .text(let text): Self.append(text, to: &bytes)
      }
    }
    return bytes
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      default: bytes.append(byte)
      }
    }
  }
}
