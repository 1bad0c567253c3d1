extension CellBox {
  /// Joins disjoint boxes that lie beside one another and are alike on all other axes, until none do.
  ///
  /// - Complexity: O(passes x axes x boxes); few passes are needed.
  package static func joined(_ boxes: [CellBox]) -> [CellBox] {
    var boxes = boxes
    var isShrinking = true
    while isShrinking, boxes.count > 1 {
      isShrinking = false
      for axis in boxes[0].ranges.indices {
        // Boxes that differ on this axis alone fall into one group.
        var groups: [[Range<Int>]: [Range<Int>]] = [:]
        var order: [[Range<Int>]] = []
        for box in boxes {
          var key = box.ranges
          key[axis] = 0..<0
          if groups[key] == nil { order.append(key) }
          groups[key, default: []].append(box.ranges[axis])
        }
        let before = boxes.count
        boxes = order.flatMap { key -> [CellBox] in
          CellRuns((groups[key] ?? []).sorted { $0.lowerBound < $1.lowerBound }).runs.map { run in
            var ranges = key
            ranges[axis] = run
            return CellBox(ranges)
          }
        }
        if boxes.count < before { isShrinking = true }
      }
    }
    return boxes
  }
}
