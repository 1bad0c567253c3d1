internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readGaussianProcessModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = GaussianProcessModel()
    while let child = try nextChild(of: element) {
      switch child.name {
      case .radialBasisKernel: model.kernels.append(try readKernel(child, .radialBasis))
      case .ardSquaredExponentialKernel:
        model.kernels.append(try readKernel(child, .ardSquaredExponential))
      case .absoluteExponentialKernel:
        model.kernels.append(try readKernel(child, .absoluteExponential))
      case .generalizedExponentialKernel:
        model.kernels.append(try readKernel(child, .generalizedExponential))
      case .trainingInstances: model.instances = try readTrainingInstances(child)
      default:
        if !(try readCommon(child, into: &header)) { unexpected(child, in: element) }
      }
    }
    checkCommon(header, element)
    if header.function != .regression {
      report(
        "P9",
        "a `GaussianProcessModel` that is no regression is not supported: the process is of "
          + "numbers, and PMML has no element that makes classes of them", at: element)
    }
    if model.kernels.count != 1 {
      report(
        "P13", "`GaussianProcessModel` needs one kernel, and has \(model.kernels.count)",
        at: element)
      return nil
    }
    if model.instances.rows.isEmpty {
      report("P3", "`GaussianProcessModel` has no instances", at: element)
    }
    return ModelElement(header: header, content: .gaussianProcess(model))
  }

  private func readKernel(
    _ element: Element, _ kind: GaussianProcessModel.Kernel.Kind
  ) throws(DiagnosticsError) -> GaussianProcessModel.Kernel {
    var kernel = GaussianProcessModel.Kernel(
      kind: kind, gamma: number(.gamma, of: element) ?? 1,
      noiseVariance: number(.noiseVariance, of: element) ?? 1,
      lambdas: number(.lambda, of: element).map { [$0] } ?? [],
      degree: number(.degree, of: element) ?? 1, line: element.line)
    while let child = try nextChild(of: element) {
      guard child.name == .lambda else {
        unexpected(child, in: element)
        continue
      }
      while let array = try nextChild(of: child) {
        if array.name == .array {
          kernel.lambdas += try readNumberArray(array)
        } else {
          unexpected(array, in: child)
        }
      }
    }
    if kernel.lambdas.contains(where: { $0 <= 0 }) {
      report("P4", "a length `lambda` is not positive", at: element)
    }
    if kernel.noiseVariance < 0 { report("P4", "`noiseVariance` is negative", at: element) }
    return kernel
  }
}
