/// Digits after the point of a currency's minor unit, by ISO 4217.
package enum CurrencyCodes {
  /// Two, except for the currencies that the standard gives another number.
  package static func minorDigits(of code: String) -> Int {
    if none.contains(code) { return 0 }
    if three.contains(code) { return 3 }
    return code == "CLF" || code == "UYW" ? 4 : 2
  }

  private static let none: Set<String> = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
    "VUV", "XAF", "XOF", "XPF",
  ]
  private static let three: Set<String> = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
}
