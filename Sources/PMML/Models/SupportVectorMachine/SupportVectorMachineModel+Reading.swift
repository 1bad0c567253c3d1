internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readSupportVectorMachineModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = SupportVectorMachineModel(
      kernel: .linear, representation: choice(.svmRepresentation, of: element) ?? .supportVectors,
      method: choice(.classificationMethod, of: element) ?? .oneAgainstAll,
      threshold: number(.threshold, of: element) ?? 0,
      maxWins: boolean(.maxWins, of: element) ?? false,
      alternateBinaryTargetCategory: string(.alternateBinaryTargetCategory, of: element))
    var sawKernel = false
    while let child = try nextChild(of: element) {
      if let kernel = readKernel(child) {
        model.kernel = kernel
        sawKernel = true
        continue
      }
      switch child.name {
      case .vectorDictionary: try readVectorDictionary(child, into: &model)
      case .supportVectorMachine:
        model.machines.append(try readSupportVectorMachine(child))
      default:
        if !(try readCommon(child, into: &header)) { unexpected(child, in: element) }
      }
    }
    checkCommon(header, element)
    if !sawKernel {
      report("P3", "`SupportVectorMachineModel` has no kernel", at: element)
    }
    if model.machines.isEmpty {
      report("P3", "`SupportVectorMachineModel` has no `SupportVectorMachine`", at: element)
    }
    return ModelElement(header: header, content: .supportVectorMachine(model))
  }

  private func readKernel(_ element: Element) -> SupportVectorMachineModel.Kernel? {
    switch element.name {
    case .linearKernelType: return .linear
    case .polynomialKernelType:
      return .polynomial(
        gamma: number(.gamma, of: element) ?? 1, coefficient: number(.coef0, of: element) ?? 1,
        degree: number(.degree, of: element) ?? 1)
    case .radialBasisKernelType: return .radialBasis(gamma: number(.gamma, of: element) ?? 1)
    case .sigmoidKernelType:
      return .sigmoid(
        gamma: number(.gamma, of: element) ?? 1, coefficient: number(.coef0, of: element) ?? 1)
    default: return nil
    }
  }

  private func readVectorDictionary(
    _ element: Element, into model: inout SupportVectorMachineModel
  ) throws(DiagnosticsError) {
    while let child = try nextChild(of: element) {
      switch child.name {
      case .vectorFields:
        while let field = try nextChild(of: child) {
          switch field.name {
          case .fieldRef:
            model.coordinates.append(
              SupportVectorMachineModel.Coordinate(
                field: required(.field, of: field), category: nil, coefficient: 1,
                line: field.line))
          case .categoricalPredictor:
            model.coordinates.append(
              SupportVectorMachineModel.Coordinate(
                field: required(.name, of: field), category: required(.value, of: field),
                coefficient: number(.coefficient, of: field) ?? 1, line: field.line))
          default: unexpected(field, in: child)
          }
        }
      case .vectorInstance:
        let id = required(.id, of: child)
        var entries: [Double] = []
        while let array = try nextChild(of: child) {
          switch array.name {
          case .array: entries = try readNumberArray(array)
          case .realSparseArray:
            entries = try readSparseArray(array, count: model.coordinates.count)
          default: unexpected(array, in: child)
          }
        }
        if entries.count != model.coordinates.count {
          report(
            "P13",
            "vector `\(id)` has \(entries.count) coordinates for \(model.coordinates.count) fields",
            at: child)
        }
        model.vectors.append((id, entries, child.line))
      default: unexpected(child, in: element)
      }
    }
  }

  private func readSupportVectorMachine(
    _ element: Element
  ) throws(DiagnosticsError) -> SupportVectorMachineModel.Machine {
    var machine = SupportVectorMachineModel.Machine(
      targetCategory: string(.targetCategory, of: element),
      alternateTargetCategory: string(.alternateTargetCategory, of: element),
      threshold: number(.threshold, of: element), line: element.line)
    while let child = try nextChild(of: element) {
      switch child.name {
      case .supportVectors:
        while let vector = try nextChild(of: child) {
          if vector.name == .supportVector {
            machine.vectorIds.append(required(.vectorId, of: vector))
          } else {
            unexpected(vector, in: child)
          }
        }
      case .coefficients:
        machine.absoluteValue = number(.absoluteValue, of: child) ?? 0
        while let coefficient = try nextChild(of: child) {
          if coefficient.name == .coefficient {
            machine.coefficients.append(number(.value, of: coefficient) ?? 0)
          } else {
            unexpected(coefficient, in: child)
          }
        }
      default: unexpected(child, in: element)
      }
    }
    return machine
  }
}
