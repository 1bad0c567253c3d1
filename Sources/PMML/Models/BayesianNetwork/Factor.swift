/// A table of non-negative numbers over the values of some variables.
///
/// The variables rise; the last one's value changes fastest.
struct Factor: Sendable {
  var variables: [Int]
  var sizes: [Int]
  var table: [Double]

  /// Whether there was no room for the entries.
  var isTooLarge: Bool { table.isEmpty }

  /// The product, over the variables of both; too large a one has no entries.
  func multiplied(by other: Factor) -> Factor {
    var variables: [Int] = []
    var sizes: [Int] = []
    var left = 0
    var right = 0
    while left < self.variables.count || right < other.variables.count {
      let first = left < self.variables.count ? self.variables[left] : Int.max
      let second = right < other.variables.count ? other.variables[right] : Int.max
      variables.append(min(first, second))
      sizes.append(first <= second ? self.sizes[left] : other.sizes[right])
      if first <= second { left += 1 }
      if second <= first { right += 1 }
    }
    let steps = (strides(over: variables), other.strides(over: variables))
    var values = Array(repeating: 0, count: variables.count)
    var places = (0, 0)
    var product = Factor(variables: variables, sizes: sizes, table: [])
    guard let count = Self.count(sizes) else { return product }
    product.table.reserveCapacity(count)
    for _ in 0..<count {
      product.table.append(table[places.0] * other.table[places.1])
      var digit = variables.count - 1
      while digit >= 0 {
        values[digit] += 1
        places.0 += steps.0[digit]
        places.1 += steps.1[digit]
        if values[digit] < sizes[digit] { break }
        places.0 -= steps.0[digit] * sizes[digit]
        places.1 -= steps.1[digit] * sizes[digit]
        values[digit] = 0
        digit -= 1
      }
    }
    return product
  }

  /// How many entries a table has; nil for more than there is room for.
  static func count(_ sizes: [Int]) -> Int? {
    var count = 1
    for size in sizes {
      count *= size
      if count > BayesianNetworkPlan.tableLimit { return nil }
    }
    return count
  }

  /// How far apart the entries of neighbouring values are, for each variable of a list.
  private func strides(over list: [Int]) -> [Int] {
    var strides = Array(repeating: 0, count: list.count)
    var step = 1
    for place in variables.indices.reversed() {
      if let position = list.firstIndex(of: variables[place]) { strides[position] = step }
      step *= sizes[place]
    }
    return strides
  }

  /// The sum over a variable's values.
  func summed(over variable: Int) -> Factor {
    guard let place = variables.firstIndex(of: variable) else { return self }
    let inner = sizes[(place + 1)...].reduce(1, *)
    let size = sizes[place]
    var sum = self
    sum.variables.remove(at: place)
    sum.sizes.remove(at: place)
    sum.table = []
    for outer in 0..<table.count / (inner * size) {
      for offset in 0..<inner {
        var total = 0.0
        for value in 0..<size { total += table[(outer * size + value) * inner + offset] }
        sum.table.append(total)
      }
    }
    return sum
  }

  /// The entries for one value of a variable.
  func fixed(_ variable: Int, at value: Int) -> Factor {
    guard let place = variables.firstIndex(of: variable) else { return self }
    let inner = sizes[(place + 1)...].reduce(1, *)
    let size = sizes[place]
    var part = self
    part.variables.remove(at: place)
    part.sizes.remove(at: place)
    part.table = []
    for outer in 0..<table.count / (inner * size) {
      let first = (outer * size + value) * inner
      part.table += table[first..<first + inner]
    }
    return part
  }

  /// Scaled so that the greatest entry is 1: only ratios matter, and products stay in range.
  mutating func scale() {
    guard let greatest = table.max(), greatest > 0, greatest.isFinite else { return }
    for place in table.indices { table[place] /= greatest }
  }
}
