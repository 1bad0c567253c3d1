internal import CTreeKernels

/// The kernel in Swift: what the others are checked against, and what runs where there is no other.
enum PortableKernel {
  private typealias Bytes = SIMD64<UInt8>
  private typealias Codes = SIMD64<Int8>

  private static let rows = Int(CTREE_ROWS)

  static func lookUp(_ plans: UnsafeBufferPointer<ctree_index>, _ room: QuantisedRoom) {
    for (number, plan) in plans.enumerated() {
      let values = UnsafePointer(room.features + Int(plan.feature) * rows)
      guard let places = room.indexes.places else { return }
      let own = places + number * rows
      if let edges = plan.edges {
        rank(edges, Int(plan.count), Int(plan.depth), values, own)
        continue
      }
      for row in 0..<rows {
        let value = values[row]
        let isKnown = value >= 0 && value < Double(plan.count)
        own[row] =
          isKnown ? plan.codes[Int(value)] : value.isNaN ? UInt16(plan.missing) : 0
        let byte = UInt8(own[row] & 127)
        room.indexes.bytes[number * rows + row] = byte
        room.indexes.bits[number * rows + row] = 1 << (byte >> 4)
      }
    }
  }

  private static func rank(
    _ edges: UnsafePointer<Double>, _ count: Int, _ depth: Int, _ values: UnsafePointer<Double>,
    _ ranks: UnsafeMutablePointer<UInt16>
  ) {
    for row in 0..<rows {
      let value = values[row]
      var rank = 0
      var step = (1 << depth) >> 1
      while step > 0 {
        if edges[rank + step - 1] <= value { rank += step }
        step /= 2
      }
      ranks[row] = UInt16(value.isNaN ? count + 1 : min(rank, count))
    }
  }

  static func encode(_ plan: ctree_encoding, _ room: QuantisedRoom) {
    guard let places = room.indexes.places else { return }
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: rows) { memory in
      guard let ranks = memory.baseAddress else { return }
      for cells in UnsafeBufferPointer(start: plan.cells, count: Int(plan.cells_count)) {
        let values = UnsafePointer(room.features + Int(cells.feature) * rows)
        rank(cells.edges, Int(cells.count), Int(cells.depth), values, ranks)
        for (column, missing) in [(cells.missing_high, Int8.max), (cells.missing_low, .min)]
        where column != UInt32(CTREE_NONE) {
          for row in 0..<rows {
            room.codes[Int(column) + row] =
              ranks[row] > cells.count ? missing : Int8(Int(ranks[row]) - 128)
          }
        }
      }
    }
    for table in UnsafeBufferPointer(start: plan.tables, count: Int(plan.table_count)) {
      for row in 0..<rows {
        room.codes[Int(table.column) + row] =
          table.codes[Int(places[Int(table.index) * rows + row])]
      }
    }
    for var found in UnsafeBufferPointer(start: plan.found, count: Int(plan.found_count)) {
      let first = Int(found.index) * rows
      withUnsafeBytes(of: &found.set) { set in
        for row in 0..<rows {
          let own = set[Int(room.indexes.bytes[first + row] & 15)] & room.indexes.bits[first + row]
          room.codes[Int(found.column) + row] = own != 0 ? .min : .max
        }
      }
    }
  }

  static func add(_ forest: ctree_forest, _ room: QuantisedRoom, isFloat: Bool) {
    for place in 0..<Int(forest.batch_count) {
      let batch = forest.batches[place]
      settle(forest, batch, room)
      for number in 0..<Int(batch.tree_count) {
        let tree = forest.trees[Int(batch.first_tree) + number]
        let ends = room.scratch + (2 * Int(tree.root) + 1) * rows
        if isFloat {
          add(Float.self, forest.values, tree, ends, room)
        } else {
          add(Double.self, forest.values, tree, ends, room)
        }
        if tree.has_null == 0 { continue }
        let nulls = forest.values.nulls + Int(tree.first_value) / Int(forest.values.output_count)
        for row in 0..<rows { room.missing[row] += UInt32(nulls[Int(ends[row])]) }
      }
    }
  }

  /// The endings of the trees of a batch, as the results of their first fragments.
  private static func settle(
    _ forest: ctree_forest, _ batch: ctree_batch, _ room: QuantisedRoom
  ) {
    let scratch = room.scratch
    for place in 0..<Int(batch.fragment_count) {
      var fragment = forest.fragments[Int(batch.first_fragment) + place]
      var answers = Bytes()
      withUnsafeBytes(of: &fragment.columns) { columns in
        withUnsafeBytes(of: &fragment.bounds) { bounds in
          for test in 0..<Int(CTREE_TESTS) {
            let column = Int(columns.load(fromByteOffset: 4 * test, as: UInt32.self))
            let codes = UnsafeRawPointer(room.codes + column).load(as: Codes.self)
            let bound = bounds.load(fromByteOffset: 4 * test, as: Int8.self)
            let isTrue = codes .< Codes(repeating: bound)
            answers.replace(with: answers | Bytes(repeating: 1 << UInt8(test)), where: isTrue)
          }
        }
      }
      let out = scratch + 2 * place * rows
      withUnsafeBytes(of: &fragment.results) { results in
        for row in 0..<rows {
          out[row] = answers[row]
          out[rows + row] = results[Int(answers[row])]
        }
      }
    }
    for place in 0..<Int(batch.link_count) {
      var link = forest.links[Int(batch.first_link) + place]
      let from = scratch + 2 * Int(link.from) * rows
      let to = scratch + 2 * Int(link.to) * rows
      withUnsafeBytes(of: &link.leads) { leads in
        for row in 0..<rows { from[rows + row] |= leads[Int(from[row])] & to[rows + row] }
      }
    }
  }

  private static func add<Number: FloatingPoint>(
    _ type: Number.Type, _ plan: ctree_values, _ tree: ctree_tree, _ ends: UnsafePointer<UInt8>,
    _ room: QuantisedRoom
  ) {
    let values = plan.values.assumingMemoryBound(to: Number.self) + Int(tree.first_value)
    let sums = room.sums.assumingMemoryBound(to: Number.self)
    let outputs = Int(plan.output_count)
    let endings = Int(tree.ending_count)
    for output in 0..<outputs {
      for row in 0..<rows {
        let end = Int(ends[row])
        if plan.by_row != 0 {
          sums[row * outputs + output] += values[end * outputs + output]
        } else {
          sums[output * rows + row] += values[output * endings + end]
        }
      }
    }
  }
}
