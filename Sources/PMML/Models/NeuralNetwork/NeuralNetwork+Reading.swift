internal import DataFields
internal import SourceDiagnostics
internal import XMLReading

extension DocumentReader {
  func readNeuralNetwork(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = NeuralNetwork(
      activation: requiredChoice(.activationFunction, of: element) ?? .identity,
      threshold: number(.threshold, of: element) ?? 0, width: number(.width, of: element),
      altitude: number(.altitude, of: element) ?? 1,
      normalization: choice(.normalizationMethod, of: element) ?? .none)
    while let child = try nextChild(of: element) {
      switch child.name {
      case .neuralInputs:
        while let input = try nextChild(of: child) {
          guard input.name == .neuralInput else {
            unexpected(input, in: child)
            continue
          }
          let id = required(.id, of: input)
          if let field = try readOnlyDerivedField(of: input) {
            model.inputs.append(NeuralNetwork.Input(id: id, field: field))
          }
        }
      case .neuralLayer: model.layers.append(try readNeuralLayer(child))
      case .neuralOutputs:
        while let output = try nextChild(of: child) {
          guard output.name == .neuralOutput else {
            unexpected(output, in: child)
            continue
          }
          let neuron = required(.outputNeuron, of: output)
          if let field = try readOnlyDerivedField(of: output) {
            model.outputs.append(
              NeuralNetwork.Output(neuron: neuron, field: field, line: output.line))
          }
        }
      default:
        if !(try readCommon(child, into: &header)) { unexpected(child, in: element) }
      }
    }
    checkCommon(header, element)
    if model.inputs.isEmpty { report("P3", "`NeuralNetwork` has no `NeuralInput`", at: element) }
    if model.layers.isEmpty { report("P3", "`NeuralNetwork` has no `NeuralLayer`", at: element) }
    return ModelElement(header: header, content: .neuralNetwork(model))
  }

  /// The one `DerivedField` that an element holds.
  private func readOnlyDerivedField(
    of element: Element
  ) throws(DiagnosticsError) -> DerivedField? {
    var field: DerivedField?
    while let child = try nextChild(of: element) {
      if child.name == .derivedField {
        field = try readDerivedField(child, isNamed: false)
      } else {
        unexpected(child, in: element)
      }
    }
    if field == nil {
      report("P3", "`\(xml.elementName(element.event))` has no `DerivedField`", at: element)
    }
    return field
  }

  private func readNeuralLayer(
    _ element: Element
  ) throws(DiagnosticsError) -> NeuralNetwork.Layer {
    var layer = NeuralNetwork.Layer(
      activation: choice(.activationFunction, of: element),
      threshold: number(.threshold, of: element), width: number(.width, of: element),
      altitude: number(.altitude, of: element),
      normalization: choice(.normalizationMethod, of: element), line: element.line)
    while let child = try nextChild(of: element) {
      guard child.name == .neuron else {
        unexpected(child, in: element)
        continue
      }
      var neuron = NeuralNetwork.Neuron(
        id: required(.id, of: child), bias: number(.bias, of: child) ?? 0,
        width: number(.width, of: child), altitude: number(.altitude, of: child),
        line: child.line)
      while let connection = try nextChild(of: child) {
        guard connection.name == .con else {
          unexpected(connection, in: child)
          continue
        }
        neuron.connections.append(
          NeuralNetwork.Connection(
            from: required(.from, of: connection),
            weight: requiredNumber(.weight, of: connection), line: connection.line))
      }
      layer.neurons.append(neuron)
    }
    if layer.neurons.isEmpty { report("P3", "`NeuralLayer` has no `Neuron`", at: element) }
    return layer
  }
}
