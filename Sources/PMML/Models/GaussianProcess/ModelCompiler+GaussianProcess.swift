internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  /// The work of loading grows with the cube of the instances.
  private static var instanceLimit: Int { 2_048 }

  func compileGaussianProcess(
    _ model: GaussianProcessModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope,
    _ target: DataField?
  ) {
    guard let kernel = model.kernels.first, let target else {
      reader.report("P3", "`GaussianProcessModel` needs a target", line: header.line)
      return
    }
    let rows = model.instances.rows
    guard rows.count <= Self.instanceLimit else {
      reader.report(
        "P13", "\(rows.count) instances are too many: the limit is \(Self.instanceLimit)",
        line: header.line)
      return
    }
    guard let goal = model.instances.fields.first(where: { $0.field == target.name }) else {
      reader.report(
        "P16", "the instances have no column for the target `\(target.name)`", line: header.line)
      return
    }
    let fields = model.instances.fields.filter { $0.field != target.name }
    var slots: [Int] = []
    for field in fields {
      guard let binding = lookUp(field.field, in: scope, line: field.line) else { continue }
      if binding.dataType == .string {
        reader.report(
          "P21", "`\(field.field)` is a text where a number is needed", line: field.line)
      }
      slots.append(binding.slot)
    }
    var lambdas = kernel.lambdas
    if lambdas.isEmpty { lambdas = [1] }
    if lambdas.count == 1 { lambdas = Array(repeating: lambdas[0], count: fields.count) }
    if lambdas.count != fields.count || fields.isEmpty {
      reader.report(
        "P13", "the kernel has \(lambdas.count) lengths for \(fields.count) inputs",
        line: kernel.line)
    }
    func number(_ row: [String: String], _ field: TrainingInstances.Field) -> Double {
      let text = row[Self.localName(field.column)] ?? ""
      return value(text, as: .double, line: field.line, what: "instance value")
    }
    var points: [Double] = []
    var values: [Double] = []
    for row in rows {
      for field in fields { points.append(number(row, field)) }
      values.append(number(row, goal))
    }
    if reader.hasErrors { return }
    let width = fields.count
    var matrix: [[Double]] = []
    for place in rows.indices {
      let point = points[place * width..<(place + 1) * width]
      var covariances: [Double] = []
      for other in 0...place {
        covariances.append(kernel.covariance(points, other * width, point, lambdas))
      }
      covariances[place] += kernel.noiseVariance
      matrix.append(covariances)
    }
    guard let factor = Cholesky.factor(matrix) else {
      reader.report(
        "P27",
        "the covariances of the instances are not positive definite, as those of a process are",
        line: kernel.line)
      return
    }
    let weights = Cholesky.backward(factor, Cholesky.forward(factor, values))
    let needsFactor = header.outputs.contains {
      switch $0.feature {
      case .standardDeviation, .standardError, .confidenceIntervalLower, .confidenceIntervalUpper:
        true
      default: false
      }
    }
    program.units[unit].content = .gaussianProcess(
      GaussianProcessPlan(
        kernel: kernel, slots: slots, lambdas: lambdas, points: points, weights: weights,
        factor: needsFactor ? factor : []))
    // The variance.
    reserveRegion(1, unit: unit)
  }
}
