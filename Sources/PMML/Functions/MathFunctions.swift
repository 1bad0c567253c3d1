#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The mathematical library behind scores; this file alone imports it.
package enum MathFunctions {
  package static func exp(_ x: Double) -> Double { systemExp(x) }
  static func expm1(_ x: Double) -> Double { systemExpm1(x) }
  package static func ln(_ x: Double) -> Double { systemLog(x) }
  static func ln1p(_ x: Double) -> Double { systemLog1p(x) }
  static func log10(_ x: Double) -> Double { systemLog10(x) }
  static func pow(_ x: Double, _ y: Double) -> Double { systemPow(x, y) }
  static func sin(_ x: Double) -> Double { systemSin(x) }
  static func cos(_ x: Double) -> Double { systemCos(x) }
  static func tan(_ x: Double) -> Double { systemTan(x) }
  static func asin(_ x: Double) -> Double { systemAsin(x) }
  static func acos(_ x: Double) -> Double { systemAcos(x) }
  static func atan(_ x: Double) -> Double { systemAtan(x) }
  static func atan2(_ y: Double, _ x: Double) -> Double { systemAtan2(y, x) }
  static func sinh(_ x: Double) -> Double { systemSinh(x) }
  static func cosh(_ x: Double) -> Double { systemCosh(x) }
  static func tanh(_ x: Double) -> Double { systemTanh(x) }
  static func hypot(_ x: Double, _ y: Double) -> Double { systemHypot(x, y) }
  static func exp(_ x: Float) -> Float { systemExpf(x) }

  static func lnGamma(_ x: Double) -> Double { systemLgamma(x) }

  /// The distribution function of the chi square distribution: the regularised incomplete gamma
  /// function P(degrees / 2, x / 2), by its series or its continued fraction (Lentz).
  static func chiSquareCDF(_ x: Double, _ degrees: Double) -> Double {
    let a = degrees / 2
    let x = x / 2
    if !(x > 0) { return x.isNaN ? .nan : 0 }
    if x == .infinity { return 1 }
    let factor = systemExp(a * systemLog(x) - x - systemLgamma(a))
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      var n = a
      for _ in 0..<100_000 {
        n += 1
        term *= x / n
        sum += term
        if term < sum * 1e-17 { break }
      }
      return min(1, sum * factor)
    }
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var fraction = d
    for place in 1..<100_000 {
      let n = -Double(place) * (Double(place) - a)
      b += 2
      d = n * d + b
      if d.magnitude < 1e-300 { d = 1e-300 }
      c = b + n / c
      if c.magnitude < 1e-300 { c = 1e-300 }
      d = 1 / d
      let step = d * c
      fraction *= step
      if (step - 1).magnitude < 1e-16 { break }
    }
    return max(0, 1 - factor * fraction)
  }
  static func erf(_ x: Double) -> Double { systemErf(x) }

  /// The distribution function of the standard normal distribution.
  static func normalCDF(_ z: Double) -> Double { 0.5 * systemErfc(-z / 2.0.squareRoot()) }

  static func normalPDF(_ z: Double) -> Double {
    systemExp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
  }

  /// The inverse of ``normalCDF(_:)``: Acklam's rational approximation, refined by Halley's method.
  static func normalQuantile(_ p: Double) -> Double {
    if p <= 0 { return p == 0 ? -.infinity : .nan }
    if p >= 1 { return p == 1 ? .infinity : .nan }
    let a = [
      -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
      1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00,
    ]
    let b = [
      -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
      6.680131188771972e+01, -1.328068155288572e+01,
    ]
    let c = [
      -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
      -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00,
    ]
    let d = [
      7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
      3.754408661907416e+00,
    ]
    var x: Double
    if p < 0.02425 || p > 1 - 0.02425 {
      let q = (-2 * systemLog(p < 0.5 ? p : 1 - p)).squareRoot()
      let top = ((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]
      let bottom = (((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1
      x = p < 0.5 ? top / bottom : -top / bottom
    } else {
      let q = p - 0.5
      let r = q * q
      let top = (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q
      let bottom = ((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1
      x = top / bottom
    }
    for _ in 0..<2 {
      let e = normalCDF(x) - p
      let u = e / normalPDF(x)
      x -= u / (1 + x * u / 2)
    }
    return x
  }
}

// The library's names, where a method of the same name would hide them.
private func systemExp(_ x: Double) -> Double { exp(x) }
private func systemExpf(_ x: Float) -> Float { expf(x) }
private func systemExpm1(_ x: Double) -> Double { expm1(x) }
private func systemLog(_ x: Double) -> Double { log(x) }
private func systemLog1p(_ x: Double) -> Double { log1p(x) }
private func systemLog10(_ x: Double) -> Double { log10(x) }
private func systemPow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
private func systemSin(_ x: Double) -> Double { sin(x) }
private func systemCos(_ x: Double) -> Double { cos(x) }
private func systemTan(_ x: Double) -> Double { tan(x) }
private func systemAsin(_ x: Double) -> Double { asin(x) }
private func systemAcos(_ x: Double) -> Double { acos(x) }
private func systemAtan(_ x: Double) -> Double { atan(x) }
private func systemAtan2(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
private func systemSinh(_ x: Double) -> Double { sinh(x) }
private func systemCosh(_ x: Double) -> Double { cosh(x) }
private func systemTanh(_ x: Double) -> Double { tanh(x) }
private func systemHypot(_ x: Double, _ y: Double) -> Double { hypot(x, y) }
private func systemLgamma(_ x: Double) -> Double { lgamma(x) }
private func systemErf(_ x: Double) -> Double { erf(x) }
private func systemErfc(_ x: Double) -> Double { erfc(x) }
