import DenseKernels
import RationaleTestSupport
import Testing

/// The functions of dense models, beside correctly rounded values.
@Suite struct FunctionTests {
  private static let functions:
    [(name: String, function: DenseKernel.Function, one: @Sendable (Double) -> Double)] = [
      ("exp", .exp, DenseFunctions.exp), ("logistic", .logistic, DenseFunctions.logistic),
      ("tanh", .tanh, DenseFunctions.tanh),
    ]

  /// Distances are counted in doubles that lie between.
  private static func distance(_ left: Double, _ right: UInt64) -> UInt64 {
    let left = left.bitPattern
    return left > right ? left - right : right - left
  }

  @Test func `values are within two or three units of the last place`() {
    for row in FunctionTable.values {
      let x = Double(bitPattern: row.x)
      #expect(Self.distance(DenseFunctions.exp(x), row.exp) <= 1, "exp \(x)")
      // Below, e^-x is beyond the greatest double.
      if x > -700 {
        #expect(Self.distance(DenseFunctions.logistic(x), row.logistic) <= 2, "logistic \(x)")
      }
      #expect(Self.distance(DenseFunctions.tanh(x), row.tanh) <= 3, "tanh \(x)")
    }
  }

  @Test func `special values are as they should be`() {
    #expect(DenseFunctions.exp(0) == 1)
    #expect(DenseFunctions.exp(-0.0) == 1)
    #expect(DenseFunctions.exp(.infinity) == .infinity)
    #expect(DenseFunctions.exp(-.infinity) == 0)
    #expect(DenseFunctions.exp(.nan).isNaN)
    #expect(DenseFunctions.exp(709.782712893384) < .infinity)
    #expect(DenseFunctions.exp(709.7827128933841) == .infinity)
    #expect(DenseFunctions.exp(.greatestFiniteMagnitude) == .infinity)
    #expect(DenseFunctions.exp(-745.1332191019411) == .leastNonzeroMagnitude)
    #expect(DenseFunctions.exp(-745.1332191019413) == 0)
    #expect(DenseFunctions.logistic(0) == 0.5)
    #expect(DenseFunctions.logistic(.infinity) == 1)
    #expect(DenseFunctions.logistic(-.infinity) == 0)
    #expect(DenseFunctions.logistic(.nan).isNaN)
    #expect(DenseFunctions.tanh(0).bitPattern == 0)
    #expect(DenseFunctions.tanh(-0.0).bitPattern == (-0.0).bitPattern)
    #expect(DenseFunctions.tanh(.infinity) == 1)
    #expect(DenseFunctions.tanh(-.infinity) == -1)
    #expect(DenseFunctions.tanh(.nan).isNaN)
    #expect(DenseFunctions.tanh(.leastNonzeroMagnitude) == .leastNonzeroMagnitude)
    #expect(
      DenseFunctions.tanh(Double(bitPattern: 20_240_225_330_731))
        == Double(bitPattern: 20_240_225_330_731))
  }

  @Test func `none of them falls where its argument rises`() {
    for (name, _, one) in Self.functions {
      var last = -Double.infinity
      // Steps that are more than what rounding can hide.
      for step in -80_000...80_000 {
        let value = one(Double(step) / 100)
        #expect(value >= last, "\(name) \(step)")
        last = value
      }
      last = -.infinity
      for step in -2_000...2_000 {
        // Across the border of two reductions, at ln 2 / 2.
        let value = one(0.34657359027997264 + Double(step) * 0x1p-48)
        #expect(value >= last, "\(name) \(step)")
        last = value
      }
    }
  }

  @Test func `every kernel gives the bits of a number by itself, whatever the count`() {
    var generator = SeededGenerator(seed: 11)
    let special: [Double] = [
      .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 710,
      -746, -708.4, 709.9, 1e300,
      -1e300,
    ]
    for count in Array(0...35) + [64, 1_000] {
      let values: [Double] = (0..<count).map { place in
        place % 5 == 4
          ? special[place / 5 % special.count] : Double.random(in: -750...720, using: &generator)
      }
      for (name, function, one) in Self.functions {
        for factor in [1, -0.25, 1e-3] {
          for kernel in DenseKernel.all {
            var mapped = values + [7]
            kernel.map(function, by: factor, &mapped, count: count)
            #expect(mapped.last == 7)
            for (value, result) in zip(values, mapped) {
              let expected = one(factor * value)
              #expect(
                result.bitPattern == expected.bitPattern || result.isNaN && expected.isNaN,
                "\(kernel.name) \(name) \(factor) * \(value)")
            }
          }
        }
      }
    }
  }

  @Test func `a rectifier is the greater of a number and nought`() {
    let values: [Double] = [1, -1, 0, -0.0, .nan, .infinity, -.infinity, 3, -2e-300]
    for kernel in DenseKernel.all {
      var mapped = values
      kernel.map(.rectifier, &mapped, count: values.count)
      for (value, result) in zip(values, mapped) {
        #expect(result.bitPattern == max(0, value).bitPattern, "\(kernel.name) \(value)")
      }
    }
  }
}
