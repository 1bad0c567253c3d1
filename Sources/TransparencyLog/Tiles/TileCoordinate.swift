/// Which tile of a tree, and how it is named (C2SP tlog-tiles).
///
/// A tile of level l holds up to 256 hashes of perfect subtrees over 256^l entries each; an entry
/// bundle holds up to 256 entries and is numbered like a tile of level 0.
package struct TileCoordinate: Sendable, Hashable {
  package enum Content: Sendable, Hashable {
    case hashes(level: Int)
    case entries
  }

  package static let fullWidth = 256

  package var content: Content
  package var index: Int
  /// How many hashes or entries it holds: 1 to 256.
  package var width: Int

  package init(_ content: Content, index: Int, width: Int = fullWidth) {
    self.content = content
    self.index = index
    self.width = width
  }

  /// `tile/0/x001/234`, with `.p/17` after it if the tile is partial.
  package var path: String {
    let base =
      switch content {
      case .hashes(let level): "tile/\(level)/"
      case .entries: "tile/entries/"
      }
    return base + Self.digits(index) + (width < Self.fullWidth ? ".p/\(width)" : "")
  }

  /// `x001/x234/067` for 1234067.
  private static func digits(_ index: Int) -> String {
    var parts: [String] = []
    var rest = index
    repeat {
      let part = String(rest % 1_000)
      parts.append(String(repeating: "0", count: 3 - part.utf8.count) + part)
      rest /= 1_000
    } while rest > 0
    return parts.reversed().enumerated()
      .map { $0.offset < parts.count - 1 ? "x" + $0.element : $0.element }
      .joined(separator: "/")
  }

  /// The partial or full tiles at the right edge of a tree of `size` entries, one a level that has
  /// any, from level 0.
  package static func rightEdge(ofSize size: Int) -> [TileCoordinate] {
    var tiles: [TileCoordinate] = []
    var count = size
    var level = 0
    while count > 0 {
      if count % fullWidth > 0 {
        tiles.append(
          TileCoordinate(
            .hashes(level: level), index: count / fullWidth, width: count % fullWidth))
      }
      count /= fullWidth
      level += 1
    }
    return tiles
  }
}
