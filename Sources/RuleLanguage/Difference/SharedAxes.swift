import DataFields
import ThresholdCells

/// The quantities that two versions of a decision ask about, each once: the same quantity is one
/// whose whole definition is the same.
struct SharedAxes {
  struct Shared {
    let key: String
    var axis: DecisionAxis
    var spelling: ValueSpelling
    let type: ValueType
    /// The versions that ask about it: 0 the old one, 1 the new one.
    var sides: Set<Int>
    /// The inputs, events and scores that it rests on.
    let bases: Set<String>
    /// Whether it is a field of an input, as it is read.
    let isField: Bool

    var name: String { spelling.name(axis.slot) }
  }

  private(set) var axes: [Shared] = []
  private let pair: VersionPair

  init(_ pair: VersionPair) { self.pair = pair }

  /// Adds the axes of a decision.
  ///
  /// - Returns: for each its place among the shared ones; nil if one of the same definition has other
  ///   cells.
  mutating func add(_ products: DecisionProducts, of side: Int) -> [Int]? {
    var places: [Int] = []
    let program = products.question.program
    let version = pair.versions[side]
    for axis in products.question.axes {
      let key = version.definitions.key(of: axis)
      let type = program.code.layout.slots[axis.slot].type
      if let known = axes.firstIndex(where: { $0.key == key }) {
        guard Self.hasSameCells(axes[known].axis, axis), Self.isAlike(axes[known].type, type) else {
          return nil
        }
        axes[known].sides.insert(side)
        places.append(known)
        continue
      }
      var axis = axis
      // Regions are said in values: levels are not the same in both versions.
      axis.isCutDirectly = true
      var spelling = ValueSpelling(program)
      if !axis.isComparison, program.code.layout.slots[axis.slot].name.isEmpty,
        let text = version.text(ofNameless: axis.slot)
      {
        spelling.rename(axis.slot, to: text)
      }
      places.append(axes.count)
      axes.append(
        Shared(
          key: key, axis: axis, spelling: spelling, type: type, sides: [side],
          bases: version.bases(of: axis.isComparison ? axis.compared : [axis.slot]),
          isField: !axis.isComparison && version.origins.field(at: axis.slot) != nil))
    }
    return places
  }

  private static func hasSameCells(_ one: DecisionAxis, _ other: DecisionAxis) -> Bool {
    guard one.canBeMissing == other.canBeMissing else { return false }
    switch (one.quantity, other.quantity) {
    case (.ordered(let a), .ordered(let b)): return a.cells == b.cells
    case (.choices(let a), .choices(let b)):
      // How two values compare is told by their names, which may not be the same.
      if one.isComparison { return other.isComparison && a.map(\.word) == b.map(\.word) }
      return a.map(\.text) == b.map(\.text)
    default: return false
    }
  }

  /// Scales are numbered by each program on its own.
  private static func isAlike(_ one: ValueType, _ other: ValueType) -> Bool {
    if case .rank = one, case .rank = other { return true }
    return one == other
  }

  // MARK: What differs in definition

  /// Gives quantities of one name that each version defines in its own way names of their own.
  mutating func nameApart() {
    for (index, shared) in axes.enumerated() {
      // What both have goes by its old name, which the new version may give to something else.
      if shared.sides.count == 2 {
        let new = pair.versions[1]
        if !shared.axis.isComparison, let slot = new.program.code.layout.slot(named: shared.name),
          new.definitions.withoutStandIn[slot] != shared.key
        {
          renamed[index] = "old"
        }
        continue
      }
      let isNew = shared.sides.contains(1)
      let isAmbiguous = axes.enumerated().contains { other in
        other.offset != index && other.element.sides != shared.sides
          && sentences(other.element) == sentences(shared)
      }
      guard isAmbiguous else { continue }
      renamed[index] = isNew ? "new" : "old"
    }
    for (index, word) in renamed {
      if case .choices(let choices) = axes[index].axis.quantity, axes[index].axis.isComparison {
        axes[index].axis.quantity = .choices(
          choices.map { .init(word: $0.word, text: "\(word) \($0.text)") })
      } else {
        axes[index].spelling.rename(axes[index].axis.slot, to: "\(word) \(axes[index].name)")
      }
    }
  }

  /// What is said of an axis: its name, or the sentences of a comparison.
  private func sentences(_ shared: Shared) -> [String] {
    guard shared.axis.isComparison, case .choices(let choices) = shared.axis.quantity else {
      return [shared.name]
    }
    return choices.map(\.text)
  }

  private var renamed: [Int: String] = [:]

  /// Why a combination of cells may not occur, within each version and between them.
  func doubts(_ questions: [DecisionQuestion]) -> [String] {
    var doubts: [String] = []
    func add(_ doubt: String) {
      if !doubts.contains(doubt) { doubts.append(doubt) }
    }
    for question in questions { question.doubts.forEach(add) }
    var areTied = false
    for (place, old) in axes.enumerated() where old.sides == [0] && old.axis.cellCount > 1 {
      for (other, new) in axes.enumerated() where new.sides == [1] && new.axis.cellCount > 1 {
        guard !old.bases.isDisjoint(with: new.bases) else { continue }
        areTied = true
        if renamed[place] != nil, renamed[other] != nil,
          old.axis.isComparison == new.axis.isComparison
        {
          add(
            "`\(old.name)` and `\(new.name)` are taken as independent: the versions define it "
              + "otherwise")
        } else {
          add(
            "\(named(old)) and \(named(new)) rest on the same values and are taken as independent")
        }
      }
    }
    if areTied, !pair.redefined.isEmpty {
      add("defined otherwise: " + pair.redefined.map { "`\($0)`" }.joined(separator: ", "))
    }
    for (place, one) in axes.enumerated() where one.axis.canBeMissing && !one.isField {
      let isTied = axes.enumerated().contains {
        $0.offset != place && !$0.element.bases.isDisjoint(with: one.bases)
      }
      if isTied { add("whether \(named(one)) is missing is taken as independent of the rest") }
    }
    return doubts
  }

  private func named(_ shared: Shared) -> String {
    shared.axis.isComparison ? "how two values compare" : "`\(shared.name)`"
  }

  // MARK: Regions

  func condition(_ box: CellBox) -> String {
    let parts = axes.indices.compactMap {
      axes[$0].spelling.region(box.ranges[$0], of: axes[$0].axis, isRule: true)
    }
    return parts.isEmpty ? "every case" : parts.joined(separator: " and ")
  }

  func witness(_ box: CellBox) -> String {
    let parts = axes.indices.filter { axes[$0].axis.cellCount > 1 }.map {
      axes[$0].spelling.value(box.ranges[$0].lowerBound, of: axes[$0].axis)
    }
    return parts.isEmpty ? "any input" : parts.joined(separator: ", ")
  }
}
