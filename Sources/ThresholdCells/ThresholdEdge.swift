package import DataFields

/// Where an axis is cut: just before a value, or just after it.
///
/// `below 50` and `>= 50` cut before 50; `up to 50` and `> 50` after it; `== 50` does both.
package struct ThresholdEdge: Sendable, Hashable, Comparable {
  package var value: Quotient
  /// Whether the value itself lies below the edge.
  package var isAfter: Bool

  package init(_ value: Quotient, isAfter: Bool) {
    self.value = value
    self.isAfter = isAfter
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.value != right.value ? left.value < right.value : !left.isAfter && right.isAfter
  }

  /// Whether a value lies below the edge.
  package func isAbove(_ value: Quotient) -> Bool {
    value < self.value || (isAfter && value == self.value)
  }
}

/// The values that a quantity can have: from `lower` to `upper`, both included; nil is no bound.
package struct ValueDomain: Sendable, Hashable {
  package var lower: Quotient?
  package var upper: Quotient?

  package init(lower: Quotient? = nil, upper: Quotient? = nil) {
    self.lower = lower
    self.upper = upper
  }

  package static let everything = ValueDomain()
}
