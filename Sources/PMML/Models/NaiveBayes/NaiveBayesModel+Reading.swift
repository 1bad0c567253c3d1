internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readNaiveBayesModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = NaiveBayesModel(threshold: requiredNumber(.threshold, of: element))
    while let child = try nextChild(of: element) {
      switch child.name {
      case .bayesInputs:
        while let input = try nextChild(of: child) {
          if input.name == .bayesInput {
            model.inputs.append(try readBayesInput(input))
          } else {
            unexpected(input, in: child)
          }
        }
      case .bayesOutput:
        while let counts = try nextChild(of: child) {
          if counts.name == .targetValueCounts {
            model.output = try readTargetValueCounts(counts)
          } else {
            unexpected(counts, in: child)
          }
        }
      default:
        if !(try readCommon(child, into: &header)) { unexpected(child, in: element) }
      }
    }
    checkCommon(header, element)
    if header.function != .classification {
      report("P14", "`NaiveBayesModel` classifies", at: element)
    }
    if model.output.isEmpty {
      report("P3", "`NaiveBayesModel` has no `BayesOutput` with counts", at: element)
    }
    return ModelElement(header: header, content: .naiveBayes(model))
  }

  private func readBayesInput(
    _ element: Element
  ) throws(DiagnosticsError) -> NaiveBayesModel.Input {
    var input = NaiveBayesModel.Input(
      field: required(.fieldName, of: element), line: element.line)
    while let child = try nextChild(of: element) {
      switch child.name {
      case .derivedField: input.derived = try readDerivedField(child, isNamed: false)
      case .pairCounts:
        var pair = NaiveBayesModel.PairCounts(value: required(.value, of: child), line: child.line)
        while let counts = try nextChild(of: child) {
          if counts.name == .targetValueCounts {
            pair.counts = try readTargetValueCounts(counts)
          } else {
            unexpected(counts, in: child)
          }
        }
        input.pairs.append(pair)
      case .targetValueStats:
        while let stat = try nextChild(of: child) {
          if stat.name == .targetValueStat {
            try readTargetValueStat(stat, into: &input)
          } else {
            unexpected(stat, in: child)
          }
        }
      default: unexpected(child, in: element)
      }
    }
    if input.pairs.isEmpty == input.stats.isEmpty {
      report("P3", "`BayesInput` needs either `PairCounts` or `TargetValueStats`", at: element)
    }
    return input
  }

  private func readTargetValueCounts(
    _ element: Element
  ) throws(DiagnosticsError) -> [NaiveBayesModel.TargetCount] {
    var counts: [NaiveBayesModel.TargetCount] = []
    while let child = try nextChild(of: element) {
      guard child.name == .targetValueCount else {
        unexpected(child, in: element)
        continue
      }
      let count = NaiveBayesModel.TargetCount(
        value: required(.value, of: child), count: requiredNumber(.count, of: child),
        line: child.line)
      if count.count < 0 { report("P4", "`count` is negative", at: child) }
      counts.append(count)
    }
    return counts
  }

  private func readTargetValueStat(
    _ element: Element, into input: inout NaiveBayesModel.Input
  ) throws(DiagnosticsError) {
    let value = required(.value, of: element)
    while let child = try nextChild(of: element) {
      let distribution: NaiveBayesModel.Distribution
      switch child.name {
      case .gaussianDistribution:
        let variance = requiredNumber(.variance, of: child)
        if variance < 0 { report("P4", "`variance` is negative", at: child) }
        distribution = .gaussian(mean: requiredNumber(.mean, of: child), variance: variance)
      case .poissonDistribution: distribution = .poisson(mean: requiredNumber(.mean, of: child))
      case .uniformDistribution:
        distribution = .uniform(
          lower: requiredNumber(.lower, of: child), upper: requiredNumber(.upper, of: child))
      case .anyDistribution:
        unsupported(
          child, "a distribution of which only mean and variance are known has no density")
        continue
      default:
        unexpected(child, in: element)
        continue
      }
      input.stats.append(
        NaiveBayesModel.TargetStat(value: value, distribution: distribution, line: element.line))
    }
  }
}
