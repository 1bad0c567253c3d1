extension QuantisedForest {
  /// Scores the block of rows whose features the room holds; sums and counts are in the room then, of the
  /// rows that are settled.
  ///
  /// A row's sum has the bits of adding its values one after the other, tree by tree, whichever
  /// kernel is used.
  ///
  /// - Complexity: O(tests + features) for 64 rows; nothing is allocated.
  package func score(_ room: QuantisedRoom, _ kernel: TreeKernel = .fastest) {
    room.clearSums()
    for group in groups {
      encode(group, room, kernel)
      kernel.add(group, self, room)
    }
  }

  /// Turns features into the codes and masks of a group.
  private func encode(
    _ group: QuantisedGroup, _ room: QuantisedRoom, _ kernel: TreeKernel
  ) {
    let rows = QuantisedRoom.rowCount
    for place in group.columns.indices {
      let values = UnsafePointer(room.features + group.columns[place].feature * rows)
      let codes = room.codes + place * rows
      switch group.columns[place].kind {
      case .ordered(let edges, let isMissingHigh):
        edges.withUnsafeBufferPointer { edges in
          guard let edges = edges.baseAddress else { return }
          // The other variant goes where nothing is read.
          _ =
            isMissingHigh
            ? kernel.quantise(edges, values, low: room.results, high: codes)
            : kernel.quantise(edges, values, low: codes, high: room.results)
        }
      case .nominal(let table, let missing):
        table.withUnsafeBufferPointer { table in
          for row in 0..<rows {
            let value = values[row]
            if value.isNaN {
              codes[row] = missing
            } else {
              codes[row] =
                value >= 0 && value < Double(table.count) ? table[Int(value)] : 0
            }
          }
        }
      case .setBits:
        for row in 0..<rows { codes[row] = 1 << ((codes - rows)[row] >> 4) }
      case .absence:
        for row in 0..<rows { codes[row] = values[row].isNaN ? 1 : 0 }
      }
    }
    for (place, feature) in group.maskedFeatures.enumerated() {
      room.masks[place] = absence(of: feature, room)
    }
    for feature in group.neededFeatures { room.unsettled |= absence(of: feature, room) }
  }

  private func absence(of feature: Int, _ room: QuantisedRoom) -> UInt64 {
    let values = room.features + feature * QuantisedRoom.rowCount
    var mask: UInt64 = 0
    for row in 0..<QuantisedRoom.rowCount where values[row].isNaN { mask |= 1 << UInt64(row) }
    return mask
  }
}
