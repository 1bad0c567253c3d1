/// Numbers that are joined into groups.
enum DisjointSets {
  /// Joins each number with its partners, where those are among the numbers; each group rises, and
  /// the groups are in the order of their first numbers.
  static func groups(_ numbers: [Int], partners: (Int) -> [Int]) -> [[Int]] {
    var parent = Dictionary(uniqueKeysWithValues: numbers.map { ($0, $0) })
    func root(_ number: Int) -> Int {
      var number = number
      while let next = parent[number], next != number {
        parent[number] = parent[next] ?? next
        number = next
      }
      return number
    }
    for number in numbers {
      for partner in partners(number) where parent[partner] != nil {
        let (first, second) = (root(number), root(partner))
        if first != second { parent[max(first, second)] = min(first, second) }
      }
    }
    var groups: [[Int]] = []
    var places: [Int: Int] = [:]
    for number in numbers.sorted() {
      let root = root(number)
      if let place = places[root] {
        groups[place].append(number)
      } else {
        places[root] = groups.count
        groups.append([number])
      }
    }
    return groups
  }
}
