internal import CTreeKernels

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
    for feature in neededFeatures { room.unsettled |= absence(of: feature, room) }
    for place in indexes.indices { fill(place, room, kernel) }
    if !walked.trees.isEmpty { fillWalked(room) }
    var encoded = -1
    for run in runs {
      switch run {
      case .bytes(let group, let batches):
        if encoded != group { groups[group].encode(room, kernel) }
        encoded = group
        kernel.add(groups[group], batches, room)
      case .walked(let trees): walked.add(trees, room)
      }
    }
  }

  private func absence(of feature: Int, _ room: QuantisedRoom) -> UInt64 {
    let values = room.features + feature * QuantisedRoom.rowCount
    var mask: UInt64 = 0
    for row in 0..<QuantisedRoom.rowCount { mask |= (values[row].isNaN ? 1 : 0) << UInt64(row) }
    return mask
  }

  private func fill(_ place: Int, _ room: QuantisedRoom, _ kernel: TreeKernel) {
    let rows = QuantisedRoom.rowCount
    let out = room.indexes + place * rows
    switch indexes[place] {
    case .ranked(let feature, let edges):
      kernel.rank(edges, room.features + feature * rows, into: out)
    case .nominal(let feature, let codes, let missing):
      let values = room.features + feature * rows
      let bytes = room.indexBytes + place * rows
      let bits = room.indexBits + place * rows
      let count = Double(codes.count)
      codes.withUnsafeBufferPointer { codes in
        for row in 0..<rows {
          let value = values[row]
          let code =
            value >= 0 && value < count ? codes[Int(value)] : value.isNaN ? missing : 0
          out[row] = code
          // Looked at where there are no more than sets hold.
          bytes[row] = UInt8(truncatingIfNeeded: code) & 127
          bits[row] = 1 << (bytes[row] >> 4)
        }
      }
    }
  }

  private func fillWalked(_ room: QuantisedRoom) {
    let rows = QuantisedRoom.rowCount
    for (place, column) in walked.columns.enumerated() {
      let out = room.walkedColumns + place * rows
      switch column {
      case .index(let index): out.update(from: room.indexes + index * rows, count: rows)
      case .missingLow(let index):
        let missing = UInt16(indexes[index].missing)
        let source = room.indexes + index * rows
        for row in 0..<rows { out[row] = source[row] == missing ? 0 : source[row] }
      case .table(let index, let table):
        let source = room.indexes + index * rows
        table.withUnsafeBufferPointer { table in
          for row in 0..<rows { out[row] = table[Int(source[row])] }
        }
      }
    }
  }
}

extension QuantisedGroup {
  /// Turns features and indexes into the group's codes.
  func encode(_ room: QuantisedRoom, _ kernel: TreeKernel) {
    let rows = QuantisedRoom.rowCount
    for cells in cells {
      kernel.rank(cells.edges, room.features + cells.feature * rows, into: room.ranks)
      let count = UInt16(cells.edges.count)
      if let column = cells.missingHigh {
        narrow(room.ranks, count, missing: .max, into: room.codes + column * rows)
      }
      if let column = cells.missingLow {
        narrow(room.ranks, count, missing: .min, into: room.codes + column * rows)
      }
    }
    for table in tables {
      let source = room.indexes + table.index * rows
      let out = room.codes + table.column * rows
      table.codes.withUnsafeBufferPointer { codes in
        for row in 0..<rows { out[row] = codes[Int(source[row])] }
      }
    }
    for own in found {
      own.set.withUnsafeBufferPointer { set in
        guard let set = set.baseAddress else { return }
        kernel.find(
          set, room.indexBytes + own.index * rows, room.indexBits + own.index * rows,
          into: room.codes + own.column * rows)
      }
    }
  }

  @inline(__always)
  private func narrow(
    _ ranks: UnsafePointer<UInt16>, _ count: UInt16, missing: Int8,
    into codes: UnsafeMutablePointer<Int8>
  ) {
    for row in 0..<QuantisedRoom.rowCount {
      let code = Int8(truncatingIfNeeded: Int32(ranks[row]) &- 128)
      codes[row] = ranks[row] > count ? missing : code
    }
  }
}

extension WalkedGroup {
  /// Adds the values of some trees to the sums.
  func add(_ range: Range<Int>, _ room: QuantisedRoom) {
    trees.withUnsafeBufferPointer { trees in
      steps.withUnsafeBufferPointer { steps in
        values.withPlan { values in
          guard let trees = trees.baseAddress else { return }
          var forest = ctree_walked_forest(
            trees: trees + range.lowerBound, steps: steps.baseAddress, values: values,
            tree_count: UInt32(range.count))
          if self.values.layout.isFloat {
            ctree_walk_float(&forest, room.walkedColumns, room.sums, room.missing)
          } else {
            ctree_walk_double(&forest, room.walkedColumns, room.sums, room.missing)
          }
        }
      }
    }
  }
}
