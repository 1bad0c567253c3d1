internal import DataFields
internal import DenseKernels

/// Support vector machines: a linear one is a sum of its coordinates, a radial basis kernel a product
/// over them.
extension AdditiveForm {
  /// `sum over vectors of weight x exp(-gamma |point - vector|^2)`, where a point has a number for each
  /// coordinate.
  package struct Kernels: Sendable {
    package struct Coordinate: Sendable {
      package let slot: Int
      /// NaN where the coordinate is the slot's number; else the value for which it is `coefficient`.
      let category: Double
      let coefficient: Double

      /// The coordinate of a row; NaN where the slot holds nothing.
      package func number(_ value: Double) -> Double {
        if category.isNaN || value.isNaN { return value }
        return value == category ? coefficient : 0
      }
    }

    package let gamma: Double
    package let coordinates: [Coordinate]
    let plan: SupportVectorMachinePlan
    /// The machine's vectors, by their places in the plan.
    let places: [Int]
    /// Vector by vector, a number a coordinate: put together when they are asked for, since whether a
    /// model has this form is asked whenever one is read.
    package var vectors: [Double] { places.flatMap { plan.vector($0) } }
    /// One a vector.
    package internal(set) var weights: [Double]

    /// `exp(-gamma square)` of each number, in place: as scoring works it out.
    package static func exponentials(
      _ squares: UnsafeMutablePointer<Double>, count: Int, gamma: Double
    ) {
      DenseKernel.fastest.map(.exp, by: -gamma, squares, count: count)
    }
  }

  /// What a machine says: the number itself, or of a machine that decides between two classes how far it
  /// is on a class's side of the threshold.
  static func form(
    _ plan: SupportVectorMachinePlan, unit: Int, place: Int?
  ) throws(Refusal) -> AdditiveForm {
    guard let place else {
      guard let machine = plan.machines.first else { throw Refusal("the model has no machine") }
      var form = try sum(machine, plan)
      form.source = .predicted(unit: unit)
      return form
    }
    if plan.machines.count > 1, plan.method == .oneAgainstOne {
      throw Refusal("\(plan.machines.count) machines vote, and a share of votes is not a sum")
    }
    // Of several machines that speak for a class, the last one counts.
    guard
      let index = plan.machines.lastIndex(where: { $0.category == place })
        ?? (plan.machines.count == 1 ? 0 : nil)
    else { throw Refusal("no machine speaks for the class") }
    let machine = plan.machines[index]
    var form = try sum(machine, plan)
    if plan.machines.count > 1 {
      form.source = .region(unit: unit, place: place)
      return form
    }
    guard place == machine.category || place == machine.alternate else {
      throw Refusal("no machine speaks for the class")
    }
    let isUpward = (place == machine.category) == plan.maxWins
    form.constant -= machine.threshold
    if !isUpward { form.scale(by: -1) }
    form.link = "vote"
    form.source = .machine(plan, index, isUpward: isUpward)
    return form
  }

  private static func sum(
    _ machine: SupportVectorMachinePlan.Machine, _ plan: SupportVectorMachinePlan
  ) throws(Refusal) -> AdditiveForm {
    var form = AdditiveForm()
    form.constant = machine.absoluteValue
    if machine.vectors.isEmpty {
      form.terms = plan.terms(machine.coefficients, magnitudes: machine.coefficients)
      return form
    }
    // Vectors without coordinates are not looked at.
    if plan.vectorCount == 0 { return form }
    switch plan.kernel {
    case .linear: form.add(plan, machine, factor: 1)
    case .polynomial(let gamma, let coefficient, 1):
      form.add(plan, machine, factor: gamma)
      for weight in machine.coefficients { form.constant += weight * coefficient }
    case .radialBasis(let gamma):
      form.kernels = [
        Kernels(
          gamma: gamma, coordinates: plan.coordinates.map(\.additive), plan: plan,
          places: machine.vectors, weights: machine.coefficients)
      ]
    case .polynomial:
      throw Refusal("a polynomial kernel is neither a sum nor a product over fields")
    case .sigmoid: throw Refusal("a sigmoid kernel is neither a sum nor a product over fields")
    }
    return form
  }

  /// The products of a row with vectors are those with one: the weighted sum of all.
  private mutating func add(
    _ plan: SupportVectorMachinePlan, _ machine: SupportVectorMachinePlan.Machine, factor: Double
  ) {
    var sums = [Double](repeating: 0, count: plan.coordinates.count)
    var magnitudes = sums
    for (vector, weight) in zip(machine.vectors, machine.coefficients) {
      for (place, entry) in plan.vector(vector).enumerated() {
        let product = factor * weight * entry
        sums[place] += product
        magnitudes[place] += product.magnitude
      }
    }
    terms = plan.terms(sums, magnitudes: magnitudes)
  }
}

extension SupportVectorMachinePlan {
  /// A vector's entries, one a coordinate.
  func vector(_ place: Int) -> [Double] {
    parts[place / Self.partCount].weights(of: place % Self.partCount)
  }

  /// The value of a machine for a row, as scoring adds it up; NaN where a coordinate is missing.
  func value(of machine: Int, _ slots: [Double]) -> Double {
    var numbers: [Double] = []
    for coordinate in coordinates {
      let number = coordinate.additive.number(slots[coordinate.slot])
      if number.isNaN { return .nan }
      numbers.append(number)
    }
    let sums = numbers.count
    numbers += repeatElement(0, count: machines.count + kernelCount)
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let first = numbers.baseAddress else { return }
      run(first, kernels: first + sums + machines.count, into: first + sums)
    }
    return numbers[sums + machine]
  }

  fileprivate func terms(_ coefficients: [Double], magnitudes: [Double]) -> [AdditiveForm.Term] {
    coordinates.indices.map { place in
      let coordinate = coordinates[place].additive
      let factor: AdditiveForm.Factor =
        coordinate.category.isNaN
        ? .power(slot: coordinate.slot, exponent: 1)
        : .function(slot: coordinate.slot) { coordinate.number($0) }
      return AdditiveForm.Term(
        coefficient: coefficients[place], factors: [factor],
        magnitude: magnitudes[place].magnitude)
    }
  }
}

extension SupportVectorMachinePlan.Coordinate {
  fileprivate var additive: AdditiveForm.Kernels.Coordinate {
    AdditiveForm.Kernels.Coordinate(slot: slot, category: category, coefficient: coefficient)
  }
}
