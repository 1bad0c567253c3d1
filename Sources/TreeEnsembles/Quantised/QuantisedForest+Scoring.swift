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
    kernel.lookUp(indexes, room)
    if !walked.trees.isEmpty { fillWalked(room) }
    var encoded = -1
    for run in runs {
      switch run {
      case .bytes(let group, let batches):
        if encoded != group { kernel.encode(groups[group], room) }
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

  private func fillWalked(_ room: QuantisedRoom) {
    let rows = QuantisedRoom.rowCount
    guard let places = room.indexes.places else { return }
    for (place, column) in walked.columns.enumerated() {
      let out = room.walkedColumns + place * rows
      switch column {
      case .index(let index): out.update(from: places + index * rows, count: rows)
      case .missingLow(let index, let missing):
        let source = places + index * rows
        for row in 0..<rows { out[row] = source[row] == missing ? 0 : source[row] }
      case .table(let index, let table):
        let source = places + index * rows
        table.withUnsafeBufferPointer { table in
          for row in 0..<rows { out[row] = table[Int(source[row])] }
        }
      }
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
