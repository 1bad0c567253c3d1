/// The subjects that changed since they were written to a changelog last, each once.
struct SubjectChanges: Sendable {
  private var isChanged: [Bool] = []
  private(set) var places: [Int] = []

  mutating func note(_ place: Int) {
    while isChanged.count <= place { isChanged.append(false) }
    if isChanged[place] { return }
    isChanged[place] = true
    places.append(place)
  }

  mutating func removeAll() {
    for place in places { isChanged[place] = false }
    places.removeAll(keepingCapacity: true)
  }
}
