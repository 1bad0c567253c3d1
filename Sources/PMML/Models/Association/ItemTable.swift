internal import DataFields

/// The items of a model, and which values of which fields stand for them.
struct ItemTable: Sendable {
  struct Source: Sendable {
    var slot: Int
    /// The items of each value, rising.
    var items: [Double: [Int32]] = [:]
  }

  /// How items are written out.
  var names: [String] = []
  var sources: [Source] = []
  /// Orders the rows of a transaction group; -1 if nothing does.
  var orderSlot = -1
  /// The field that says which rows belong together, by position among the program's inputs;
  /// -1 if every row stands for itself.
  var groupInput = -1

  /// The items of a row, rising, each once.
  func items(_ slots: [Double]) -> [Int32] {
    var found: [Int32] = []
    for source in sources {
      let value = slots[source.slot]
      if !value.isNaN, let items = source.items[value] { found += items }
    }
    return Self.unique(found)
  }

  static func unique(_ items: [Int32]) -> [Int32] {
    var kept: [Int32] = []
    for item in items.sorted() where kept.last != item { kept.append(item) }
    return kept
  }
}

extension ModelCompiler {
  /// Finds the values that stand for the items.
  ///
  /// "A table with true/false values, where only the fields having true value in a record are
  /// considered valid items"; "each category of each categorical field is an item"; or rows that a
  /// group field joins, each with an item.
  func itemTable(
    _ items: [AssociationModel.Item], _ header: ModelHeader, _ scope: FieldScope
  ) -> (ItemTable, [String: Int32]) {
    var table = ItemTable()
    var numbers: [String: Int32] = [:]
    for field in header.miningSchema {
      switch field.usage {
      case .group:
        guard let input = program.inputs.firstIndex(where: { $0.field.name == field.name }) else {
          continue
        }
        table.groupInput = input
        program.inputs[input].isActive = true
      case .order:
        if let binding = lookUp(field.name, in: scope, line: field.line) {
          table.orderSlot = binding.slot
          for input in program.inputs.indices where program.inputs[input].slot == binding.slot {
            program.inputs[input].isActive = true
          }
        }
      default: break
      }
    }
    let active = header.miningSchema.filter { $0.usage == .active }
    var places: [String: Int] = [:]
    var bindings: [FieldBinding] = []
    func source(_ name: String, line: Int, isQuiet: Bool) -> Int? {
      if let place = places[name] { return place }
      guard let binding = lookUp(name, in: scope, line: line, isQuiet: isQuiet) else { return nil }
      places[name] = bindings.count
      bindings.append(binding)
      table.sources.append(ItemTable.Source(slot: binding.slot))
      return bindings.count - 1
    }
    for field in active { _ = source(field.name, line: field.line, isQuiet: false) }
    let holdsItems = table.groupInput >= 0 || active.count == 1
    for item in items {
      let number = Int32(table.names.count)
      if numbers.updateValue(number, forKey: item.id) != nil {
        reader.report("P10", "two items have the id `\(item.id)`", line: item.line)
      }
      table.names.append(item.value)
      func add(_ texts: [String], from place: Int) {
        for text in texts {
          guard let value = itemValue(text, bindings[place].dataType) else { continue }
          table.sources[place].items[value, default: []].append(number)
        }
      }
      if let field = item.field {
        if let place = source(field, line: item.line, isQuiet: false) {
          add(item.category.map { [$0] } ?? Self.trueTexts, from: place)
        }
        continue
      }
      if holdsItems {
        for field in active {
          if let place = places[field.name] { add([item.value], from: place) }
        }
        if table.groupInput >= 0 { continue }
      }
      if let place = places[item.value] { add(Self.trueTexts, from: place) }
      if let cut = item.value.firstIndex(of: "=") {
        let name = String(item.value[..<cut])
        if let place = source(name, line: item.line, isQuiet: true) {
          add([String(item.value[item.value.index(after: cut)...])], from: place)
        }
      }
    }
    for place in table.sources.indices {
      for (value, list) in table.sources[place].items {
        table.sources[place].items[value] = ItemTable.unique(list)
      }
    }
    return (table, numbers)
  }

  private static var trueTexts: [String] { ["true", "T", "TRUE", "True", "1"] }

  private func itemValue(_ text: String, _ type: ModelDataType) -> Double? {
    type == .string ? code(text) : ModelValueText.parse(text, as: type)
  }

  /// The items of each itemset, and its place by its id.
  func itemsets(
    _ sets: [AssociationModel.Itemset], _ numbers: [String: Int32]
  ) -> ([[Int32]], [String: Int]) {
    var table: [[Int32]] = []
    var places: [String: Int] = [:]
    for set in sets {
      let items = set.items.compactMap { id -> Int32? in
        if let number = numbers[id] { return number }
        reader.report("P16", "no item has the id `\(id)`", line: set.line)
        return nil
      }
      if places.updateValue(table.count, forKey: set.id) != nil {
        reader.report("P10", "two itemsets have the id `\(set.id)`", line: set.line)
      }
      table.append(ItemTable.unique(items))
    }
    return (table, places)
  }
}
