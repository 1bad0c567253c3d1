internal import ArgumentParser
internal import DataFields
internal import FileIO
internal import PMML
internal import SourceDiagnostics

/// `explain inspect`: what a PMML model takes and gives.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a PMML model takes and gives.",
    discussion: """
      Fields with their types and valid values, results as a ruleset can name them, size, and \
      whether attributions can be had, exactly or by estimates. A model that is not supported is refused with every \
      reason that was found.

      With --verify, the rows that the producer put into the model to show what it gives \
      (`ModelVerification`) are scored. Each result that is not as expected is reported, and the \
      exit status is 1, as it is where the model has no such rows.

      With --format json, one JSON object is printed, in the form of docs/inspect.schema.json. A \
      model that is refused prints nothing there: the reasons are on standard error.

      EXAMPLES
        explain inspect models/premium.pmml
        explain inspect --verify model.pmml
        explain inspect models/premium.pmml --format json | jq '.fields[].name'
      """)

  @Argument(help: "The model: a PMML file.")
  var model: String

  @Flag(help: "Score the model's own verification rows and compare.")
  var verify = false

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(help: "How to print.")
  var format = Format.text

  func run() throws {
    let model = try CompiledModel(path: model, verification: verify ? .kept : .passedOver)
    if !model.warnings.isEmpty { CommandFailure.report(model.warnings) }
    let report = verify ? model.verify() : nil
    switch format {
    case .text: try StandardOutput.write(Self.page(model) + Self.summary(report))
    case .json: try StandardOutput.write(InspectionJSON.text(model, verification: report))
    }
    guard verify else { return }
    let faults = model.verificationFaults()
    if faults.isEmpty { return }
    CommandFailure.report(faults)
    throw ExitCode.failure
  }

  /// `verification  12 rows, results y: all 12 values as expected`
  private static func summary(_ report: VerificationReport?) -> String {
    guard let report, report.rowCount > 0 else { return "" }
    var text = "\nverification  \(report.rowCount) rows, results "
    text += report.fields.joined(separator: ", ")
    let wrong = report.mismatches.count
    return text
      + (wrong == 0
        ? ": all \(report.valueCount) values as expected\n"
        : ": \(wrong) of \(report.valueCount) values are not as expected\n")
  }

  static func page(_ model: CompiledModel) -> String {
    let signature = model.signature
    var lines: [(String, String)] = [
      ("model", "\(signature.element), \(signature.function.rawValue), PMML \(model.version)")
    ]
    if let name = signature.modelName { lines.append(("name", name)) }
    lines.append(("sha256", signature.digest.hexadecimal))
    lines.append(("size", model.sizeText))
    if let target = signature.target { lines.append(("target", describe(target))) }
    if !signature.classes.isEmpty {
      let title = signature.function == .clustering ? "clusters" : "classes"
      lines.append((title, list(signature.classes)))
    }
    var text = lines.map { pad($0.0, 12) + $0.1 + "\n" }.joined()
    text += "\nfields\n"
    let width = (signature.inputs.map(\.name.count).max() ?? 0) + 2
    for field in signature.inputs {
      text += "  " + pad(field.name, width) + describe(field, named: false) + "\n"
    }
    text += "\nresults\n"
    for result in signature.results {
      text += "  \(result)" + (signature.kind(of: result) == .text ? "  (text)" : "") + "\n"
    }
    for output in signature.outputs {
      guard let decisions = output.decisions else { continue }
      text += "\ndecision     output(\"\(output.name)\")"
      if let problem = decisions.businessProblem { text += ": \(problem)" }
      text += "\n"
      if let description = decisions.description { text += "  \(description)\n" }
      let width = (decisions.values.map(\.value.count).max() ?? 0) + 2
      for decision in decisions.values {
        let parts = [decision.displayValue, decision.description].compactMap { $0 }
        text += "  " + pad(decision.value, width) + parts.joined(separator: ": ") + "\n"
      }
    }
    text += "\nattribution  "
    switch signature.attribution {
    case .always: text += "exact, with or without a background\n"
    case .needsBackground(let reason):
      text += "exact, over a background only: \(reason)\n"
      if model.averages != nil {
        text += "             without one, over the averages of fields in its ModelStats\n"
      }
    case .estimated(let reason):
      text += "estimates with intervals or residuals, over a background only: \(reason)\n"
      if model.averages != nil {
        text += "             without one, over the averages of fields in its ModelStats\n"
      }
    case .unsupported(let reason): text += "not available: \(reason)\n"
    }
    // Names are the document's, and may hold what a terminal would obey.
    return TerminalText.plain(text, keepingLines: true)
  }

  private static func describe(_ field: ModelField, named: Bool = true) -> String {
    var text = named ? "\(field.name): " : ""
    text += "\(field.dataType.rawValue) \(field.opType.rawValue)"
    if !field.categories.isEmpty { text += ", one of \(list(field.categories))" }
    for interval in field.intervals {
      text +=
        ", from \(interval.lower.map { $0.description } ?? "-INF") to "
        + "\(interval.upper.map { $0.description } ?? "INF")"
    }
    if field.replacesMissing { text += ", a missing value is replaced" }
    if let importance = field.importance { text += ", importance \(importance)" }
    return text
  }

  private static func list(_ texts: [String]) -> String {
    let shown = texts.prefix(12).joined(separator: ", ")
    return texts.count > 12 ? shown + ", ... (\(texts.count) in all)" : shown
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
