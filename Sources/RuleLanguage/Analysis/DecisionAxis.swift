import DataFields
package import ThresholdCells

/// One quantity that a decision's conditions ask about, cut into cells on which each of them has
/// one result.
package struct DecisionAxis: Sendable {
  /// What lies along the axis.
  package enum Quantity: Sendable {
    /// Numbers, days and scores (a double by its place among the doubles, see ``DoubleOrder``).
    case ordered(ThresholdAxis)
    /// Texts, truth values, outcomes; or how two values compare.
    case choices([Choice])
  }

  /// One value that stands for itself.
  package struct Choice: Sendable, Hashable {
    package var word: Int128
    /// `"Steady Customers"`, `true`, `any other text`; a whole sentence for a comparison.
    package var text: String
    /// How many other texts of lists it stands for as well.
    package var alike = 0
  }

  /// What the row holds on a cell: values for the axis' slot, its copies and its ranks.
  package struct Write: Sendable, Hashable {
    package var slot: Int
    package var value: Int128
    package var denominator: Int128
    package var isPresent: Bool
  }

  /// The slot whose value it is; for a comparison of two slots, a slot that holds its result.
  package var slot: Int
  package var quantity: Quantity
  /// The ranks that cut it, as indices of `Program.ranks`, in the order of their first use.
  package var ranks: [Int]
  /// Whether conditions compare the value itself, not only its ranks.
  package var isCutDirectly: Bool
  /// Whether it says how two values compare, in place of their values.
  package var isComparison: Bool
  /// The two values that are compared.
  package var compared: [Int]
  /// The lists that conditions look it up in, as indices of `Program.lists`.
  package var lists: [Int] = []
  /// Whether the last cell is "missing".
  package var canBeMissing: Bool
  /// Whether it is here only because another decision, computed on the way, asks about it.
  package var isIndirect: Bool
  /// Edges between cells at which the decision's own conditions cut.
  package var ownEdges: Set<ThresholdEdge> = []
  /// For each edge between cells, how the ruleset writes it: `> 50` is the edge before 51.
  package var written: [ThresholdEdge: ThresholdEdge]
  /// For each cell, what the row holds.
  package var writes: [[Write]]

  package var cellCount: Int { writes.count }

  /// Cells with a value: all but "missing".
  package var valueCount: Int { writes.count - (canBeMissing ? 1 : 0) }

  package var isOrdered: Bool {
    if case .ordered = quantity { true } else { false }
  }

  /// Whether conditions ask about its ranks alone.
  package var isRanked: Bool { isOrdered && !ranks.isEmpty && !isCutDirectly }

  /// The level of a rank on a cell; nil where it is missing.
  package func level(_ cell: Int, slot: Int) -> Int? {
    writes[cell].first { $0.slot == slot && $0.isPresent }.map { Int($0.value) }
  }
}

/// The doubles in their order, as whole numbers: neighbours differ by one.
package enum DoubleOrder {
  package static func place(ofBits word: Int128) -> Int128 {
    let bits = Int64(truncatingIfNeeded: word)
    // Negative doubles order backwards by their magnitude; -0 and 0 share a place.
    return bits >= 0 ? Int128(bits) : -Int128(bits & Int64.max)
  }

  package static func place(of value: Double) -> Int128 {
    place(ofBits: Int128(value.bitPattern))
  }

  package static func value(at place: Int128) -> Double {
    let magnitude = Double(bitPattern: UInt64(truncatingIfNeeded: place.magnitude))
    return place < 0 ? -magnitude : magnitude
  }
}
