package import SourceDiagnostics

/// What a model takes and gives, as the rule checker, a trace and a page see it.
package struct ModelSignature: Sendable, Hashable {
  /// `functionName` of the model element.
  package enum Function: String, Sendable, Hashable, CaseIterable {
    case classification, regression, clustering, associationRules, sequences, timeSeries, mixed
  }

  /// `Decisions`: what an output field may decide.
  package struct Decisions: Sendable, Hashable {
    /// `Decision`: one value of the field, and what it means.
    package struct Decision: Sendable, Hashable {
      package var value: String
      package var displayValue: String?
      package var description: String?

      package init(value: String, displayValue: String?, description: String?) {
        self.value = value
        self.displayValue = displayValue
        self.description = description
      }
    }

    package var businessProblem: String?
    package var description: String?
    /// In the order of the document.
    package var values: [Decision]

    package init(businessProblem: String?, description: String?, values: [Decision]) {
      self.businessProblem = businessProblem
      self.description = description
      self.values = values
    }
  }

  /// A field of the model's `Output`.
  package struct Output: Sendable, Hashable {
    package var name: String
    /// PMML's result feature: `probability`, `transformedValue`.
    package var feature: String
    package var kind: ModelValueKind
    package var dataType: ModelDataType
    package var isFinalResult: Bool
    /// Of a field with the feature `decision`; nil where the document lists none.
    package var decisions: Decisions?

    package init(
      name: String, feature: String, kind: ModelValueKind, dataType: ModelDataType,
      isFinalResult: Bool, decisions: Decisions? = nil
    ) {
      self.name = name
      self.feature = feature
      self.kind = kind
      self.dataType = dataType
      self.isFinalResult = isFinalResult
      self.decisions = decisions
    }
  }

  /// Whether attributions can be had, and on what terms.
  package enum Attribution: Sendable, Hashable {
    /// Without further data, and over a background as well.
    case always
    /// Only over a background; the text says why the model alone is not enough.
    case needsBackground(String)
    /// Only over a background, and by estimates; the text says why not exactly.
    case estimated(String)
    /// The text says why not.
    case unsupported(String)
  }

  /// The path as it was given.
  package var path: String
  /// SHA-256 of the file's bytes.
  package var digest: Digest
  /// The model element: `MiningModel`.
  package var element: String
  package var modelName: String?
  package var function: Function
  /// The active fields, in the order of the mining schema.
  package var inputs: [ModelField]
  package var target: ModelField?
  /// The class labels of a classifier, or the ids of the clusters; empty otherwise.
  package var classes: [String]
  package var outputs: [Output]
  package var attribution: Attribution
  /// Whether the document says what each field is on average (`ModelStats`): a background of one row.
  package var hasAverages = false
  /// Whether record counts that the document does not hold, counted elsewhere or uniform, are enough
  /// for attributions: the model is a sum of trees.
  package var takesCovers = false

  package init(
    path: String, digest: Digest, element: String, modelName: String?, function: Function,
    inputs: [ModelField], target: ModelField?, classes: [String], outputs: [Output],
    attribution: Attribution
  ) {
    self.path = path
    self.digest = digest
    self.element = element
    self.modelName = modelName
    self.function = function
    self.inputs = inputs
    self.target = target
    self.classes = classes
    self.outputs = outputs
    self.attribution = attribution
  }

  /// The position in ``inputs`` of the field with this name.
  package func inputIndex(_ name: String) -> Int? { inputs.firstIndex { $0.name == name } }

  /// How the value of a result is held; nil if the model does not give it.
  package func kind(of result: ModelResult) -> ModelValueKind? {
    switch result {
    case .predictedValue:
      switch function {
      case .regression: .number
      case .classification: target?.kind ?? .text
      case .clustering: .text
      default: target?.kind
      }
    case .probability(let label), .confidence(let label):
      function == .classification && classes.contains(label) ? .number : nil
    case .cluster: function == .clustering ? .text : nil
    case .entityId: function == .clustering || element == "TreeModel" ? .text : nil
    case .affinity: function == .clustering ? .number : nil
    case .outputField(let name): outputs.first { $0.name == name }?.kind
    }
  }

  /// Every result that can be asked for, for messages and near misses.
  package var results: [ModelResult] {
    var results: [ModelResult] = [.predictedValue]
    if function == .classification { results += classes.map { .probability($0) } }
    if function == .clustering { results += [.cluster, .affinity] }
    return results + outputs.map { .outputField($0.name) }
  }
}

/// Where the rule checker asks for the models that a ruleset names.
///
/// The checker does not read models itself; an engine or a command gives it a catalogue that does.
package protocol ModelCatalog: Sendable {
  /// The signature of the model in a file.
  ///
  /// - Parameter path: as it would be opened; relative paths are already resolved.
  /// - Throws: every fault found in the file.
  func signature(ofModelAt path: String) throws(DiagnosticsError) -> ModelSignature
}
