/// Many products of cells in flat arrays, each with an owner: what searches over boxes run through.
package struct ProductTable: Sendable {
  /// How many cells each axis has.
  package let sizes: [Int]
  /// Whose product it is: a rule's number.
  package private(set) var owners: [Int32] = []
  // Product i has the tests testStarts[i] ..< testStarts[i + 1]; test t allows on its axis the runs
  // runStarts[t] ..< runStarts[t + 1]. Flat, since a search asks millions of times.
  private(set) var testStarts: [Int32] = [0]
  private(set) var testAxes: [Int32] = []
  private(set) var runStarts: [Int32] = [0]
  private(set) var runLowers: [Int32] = []
  private(set) var runUppers: [Int32] = []

  package init(sizes: [Int]) { self.sizes = sizes }

  package var count: Int { owners.count }

  package mutating func append(_ product: CellProduct, owner: Int) {
    for factor in product.factors where !factor.cells.isFull(of: sizes[factor.axis]) {
      testAxes.append(Int32(factor.axis))
      for run in factor.cells.runs {
        runLowers.append(Int32(run.lowerBound))
        runUppers.append(Int32(run.upperBound))
      }
      runStarts.append(Int32(runLowers.count))
    }
    testStarts.append(Int32(testAxes.count))
    owners.append(Int32(owner))
  }

  /// Takes the last products away again.
  package mutating func removeLast(downTo count: Int) {
    guard count < self.count else { return }
    let tests = Int(testStarts[count])
    let runs = Int(runStarts[tests])
    owners.removeSubrange(count...)
    testStarts.removeSubrange((count + 1)...)
    testAxes.removeSubrange(tests...)
    runStarts.removeSubrange((tests + 1)...)
    runLowers.removeSubrange(runs...)
    runUppers.removeSubrange(runs...)
  }

  @inline(__always)
  func tests(_ product: Int) -> Range<Int> {
    Int(testStarts[product])..<Int(testStarts[product + 1])
  }

  @inline(__always)
  func runs(_ test: Int) -> Range<Int> { Int(runStarts[test])..<Int(runStarts[test + 1]) }

  /// How a test stands to a run of cells of its axis.
  enum Standing {
    case outside, across, inside
  }

  /// - Complexity: O(log runs of the test); most have one.
  @inline(__always)
  func standing(_ test: Int, _ lower: Int32, _ upper: Int32) -> Standing {
    var runs = runs(test)
    if runs.count > 8 { runs = firstRun(endingAbove: lower, runs)..<runs.upperBound }
    for run in runs where runUppers[run] > lower {
      if runLowers[run] >= upper { return .outside }
      return runLowers[run] <= lower && runUppers[run] >= upper ? .inside : .across
    }
    return .outside
  }

  private func firstRun(endingAbove lower: Int32, _ runs: Range<Int>) -> Int {
    var (low, high) = (runs.lowerBound, runs.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if runUppers[middle] > lower { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The axes that a product says something about.
  package func axes(of product: Int) -> [Int] { tests(product).map { Int(testAxes[$0]) } }

  /// Whether a product holds in the cell before a place of an axis, and in the one after it.
  package func sides(of product: Int, axis: Int, place: Int) -> (below: Bool, above: Bool) {
    for test in tests(product) where Int(testAxes[test]) == axis {
      let cell = Int32(place)
      return (
        standing(test, cell - 1, cell) != .outside, standing(test, cell, cell + 1) != .outside
      )
    }
    return (true, true)
  }

  /// The runs of cells that a product allows on an axis.
  package func cells(of axis: Int, in product: Int) -> [Range<Int>] {
    for test in tests(product) where Int(testAxes[test]) == axis {
      return runs(test).map { Int(runLowers[$0])..<Int(runUppers[$0]) }
    }
    return [0..<sizes[axis]]
  }

  /// The smallest box around what a product has in common with a box; nil if that is nothing.
  package func hull(_ product: Int, within box: CellBox) -> CellBox? {
    var hull = box
    for test in tests(product) {
      let axis = Int(testAxes[test])
      let met = runs(test).map {
        (Int(runLowers[$0])..<Int(runUppers[$0])).clamped(to: box.ranges[axis])
      }.filter { !$0.isEmpty }
      guard let first = met.first, let last = met.last else { return nil }
      hull.ranges[axis] = first.lowerBound..<last.upperBound
    }
    return hull
  }

  /// What a product has in common with a box, as boxes: one for each choice of runs.
  ///
  /// - Parameter ignored: an axis on which the box stays as it is.
  package func boxes(_ product: Int, within box: CellBox, apartFrom ignored: Int = -1) -> [CellBox]
  {
    var boxes = [box]
    for test in tests(product) {
      let axis = Int(testAxes[test])
      if axis == ignored { continue }
      boxes = boxes.flatMap { box in
        runs(test).compactMap { run -> CellBox? in
          let range = (Int(runLowers[run])..<Int(runUppers[run])).clamped(to: box.ranges[axis])
          guard !range.isEmpty else { return nil }
          var part = box
          part.ranges[axis] = range
          return part
        }
      }
    }
    return boxes
  }

  /// Whether a product meets a box.
  package func meets(_ product: Int, _ box: CellBox) -> Bool {
    for test in tests(product) {
      let range = box.ranges[Int(testAxes[test])]
      if standing(test, Int32(range.lowerBound), Int32(range.upperBound)) == .outside {
        return false
      }
    }
    return true
  }

  /// Whether a product holds a combination.
  package func contains(_ product: Int, _ cells: [Int]) -> Bool {
    for test in tests(product) {
      let cell = Int32(cells[Int(testAxes[test])])
      if standing(test, cell, cell + 1) == .outside { return false }
    }
    return true
  }

  /// A combination of a box that two products share; nil if there is none.
  package func common(_ one: Int, _ other: Int, within box: CellBox) -> [Int]? {
    var (left, right) = (tests(one), tests(other))
    // Most pairs share nothing: that is known before anything is allocated.
    while let a = left.first, let b = right.first {
      if testAxes[a] < testAxes[b] {
        left.removeFirst()
      } else if testAxes[b] < testAxes[a] {
        right.removeFirst()
      } else {
        let range = box.ranges[Int(testAxes[a])]
        if firstCommon(runs(a), runs(b), range) == nil { return nil }
        left.removeFirst()
        right.removeFirst()
      }
    }
    var cells = box.ranges.map(\.lowerBound)
    for axis in Set(axes(of: one) + axes(of: other)) {
      let a = tests(one).first { Int(testAxes[$0]) == axis }
      let b = tests(other).first { Int(testAxes[$0]) == axis }
      guard let test = a ?? b,
        let cell = firstCommon(runs(test), runs(b ?? test), box.ranges[axis])
      else { return nil }
      cells[axis] = cell
    }
    return cells
  }

  private func firstCommon(_ one: Range<Int>, _ other: Range<Int>, _ within: Range<Int>) -> Int? {
    var (a, b) = (one, other)
    while let x = a.first, let y = b.first {
      let lower = max(Int(max(runLowers[x], runLowers[y])), within.lowerBound)
      if lower < min(Int(min(runUppers[x], runUppers[y])), within.upperBound) { return lower }
      if runUppers[x] < runUppers[y] { a.removeFirst() } else { b.removeFirst() }
    }
    return nil
  }
}
