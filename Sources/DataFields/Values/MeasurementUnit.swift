/// A unit of measure: a product of base units with whole exponents (`HUF/person`).
///
/// Base units are names that a ruleset declares (`unit person`, `currency HUF`).
public struct MeasurementUnit: Sendable, Hashable {
  /// Base units with exponents that are not zero, sorted by name.
  public let factors: [Factor]

  /// A base unit to a power.
  public struct Factor: Sendable, Hashable {
    /// The base unit's name.
    public let name: String
    /// Not zero; negative below the line.
    public let exponent: Int
    /// Digits after the point of the currency's minor unit (ISO 4217); nil if not a currency.
    public let minorDigits: Int?

    package init(name: String, exponent: Int, minorDigits: Int?) {
      self.name = name
      self.exponent = exponent
      self.minorDigits = minorDigits
    }
  }

  /// The unit of a plain number.
  public static let none = MeasurementUnit(factors: [])

  private init(factors: [Factor]) { self.factors = factors }

  /// A unit of factors as ``factors`` lists them: sorted by name, no exponent of zero.
  package init(sortedFactors factors: [Factor]) { self.factors = factors }

  /// A base unit; `minorDigits` says that it is a currency.
  public init(_ name: String, minorDigits: Int? = nil) {
    factors = [Factor(name: name, exponent: 1, minorDigits: minorDigits)]
  }

  /// Whether the number is plain.
  public var isNone: Bool { factors.isEmpty }

  /// The currency's minor digits if the unit holds exactly one currency, in the numerator.
  public var currencyMinorDigits: Int? {
    let currencies = factors.filter { $0.minorDigits != nil }
    guard currencies.count == 1, currencies[0].exponent == 1 else { return nil }
    return currencies[0].minorDigits
  }

  package func multiplied(by other: MeasurementUnit) -> MeasurementUnit { combined(other, 1) }
  package func divided(by other: MeasurementUnit) -> MeasurementUnit { combined(other, -1) }

  private func combined(_ other: MeasurementUnit, _ sign: Int) -> MeasurementUnit {
    var exponents: [String: (exponent: Int, minorDigits: Int?)] = [:]
    for factor in factors {
      exponents[factor.name] = (factor.exponent, factor.minorDigits)
    }
    for factor in other.factors {
      let before = exponents[factor.name]?.exponent ?? 0
      exponents[factor.name] = (before + sign * factor.exponent, factor.minorDigits)
    }
    let sorted = exponents.filter { $0.value.exponent != 0 }.sorted { $0.key < $1.key }
    return MeasurementUnit(
      factors: sorted.map {
        Factor(name: $0.key, exponent: $0.value.exponent, minorDigits: $0.value.minorDigits)
      })
  }
}

extension MeasurementUnit: CustomStringConvertible {
  /// `HUF/person`, `person^2`, `1/person`; empty for no unit.
  public var description: String {
    func names(_ factors: [Factor]) -> String {
      factors.map { abs($0.exponent) == 1 ? $0.name : "\($0.name)^\(abs($0.exponent))" }
        .joined(separator: " ")
    }
    let above = names(factors.filter { $0.exponent > 0 })
    let below = names(factors.filter { $0.exponent < 0 })
    if below.isEmpty { return above }
    return (above.isEmpty ? "1" : above) + "/" + below
  }
}
