/// A PMML model beside the rules, and its declaration.
///
/// Its results are values: `premium["p"]` is a score, `clusters[label: "c"]` a label.
public struct Model: RulesetComponent {
  let name: String
  public let declarations: [Declaration]

  public init(
    _ name: String, from file: FileReference, fileID: String = #fileID, line: Int = #line,
    @ModelBuilder content: () -> [ModelLine]
  ) {
    self.name = name
    var lines: [BuiltLine] = []
    // Feeds that follow each other are one line, as a person would write them.
    var isAfterFeed = false
    for item in content() {
      if isAfterFeed, item.isFeed {
        lines[lines.count - 1].text += ", " + item.text
      } else {
        lines.append(BuiltLine((item.isFeed ? "feed " : "") + item.text, item.place))
      }
      isAfterFeed = item.isFeed
    }
    declarations = [
      Declaration(
        .model, block: "model \(Spelling.name(name)) from \(file.text)", lines,
        BuildPlace(fileID, line))
    ]
  }

  /// A score that the model computes.
  public subscript(score: String) -> Value<Score> { Value(Spelling.path(name, score), .primary) }

  /// A label that the model gives.
  public subscript(label name: String) -> Value<String> {
    Value(Spelling.path(self.name, name), .primary)
  }
}

/// A line of a model's declaration.
public struct ModelLine: Sendable {
  let text: String
  let isFeed: Bool
  let place: BuildPlace
}

/// A part of a model's declaration.
public protocol ModelPart: Sendable {
  /// The line that declares it.
  var line: ModelLine { get }
}

/// What a field of the model takes.
public struct Feed: ModelPart {
  public let line: ModelLine

  /// A number, which crosses as a float.
  public init(
    _ field: String, _ value: Value<Number>, fileID: String = #fileID, line: Int = #line
  ) {
    self.line = ModelLine(
      text: "\(Spelling.name(field)) = \(value.operand(.primary)) as float", isFeed: true,
      place: BuildPlace(fileID, line))
  }

  /// A text.
  public init(
    _ field: String, _ value: Value<String>, fileID: String = #fileID, line: Int = #line
  ) {
    self.line = ModelLine(
      text: "\(Spelling.name(field)) = \(value.operand(.sum))", isFeed: true,
      place: BuildPlace(fileID, line))
  }
}

/// A number that the model computes, and its range.
public struct ModelScore: ModelPart {
  public let line: ModelLine

  public init(
    _ name: String, _ result: ModelResult, in range: RuleRange<Score>? = nil,
    fileID: String = #fileID, line: Int = #line
  ) {
    let domain = range.map { " in \($0.text)" } ?? ""
    self.line = ModelLine(
      text: "score \(Spelling.name(name)) = \(result.text)\(domain)", isFeed: false,
      place: BuildPlace(fileID, line))
  }
}

/// A text that the model gives.
public struct ModelLabel: ModelPart {
  public let line: ModelLine

  public init(
    _ name: String, _ result: ModelResult, fileID: String = #fileID, line: Int = #line
  ) {
    self.line = ModelLine(
      text: "label \(Spelling.name(name)) = \(result.text)", isFeed: false,
      place: BuildPlace(fileID, line))
  }
}

/// How the model's scores are attributed to its fields.
public struct ModelExplanation: ModelPart {
  public let line: ModelLine

  /// - Parameters:
  ///   - method: `tree shap`.
  ///   - count: how many fields a trace names; the others are summed.
  ///   - background: the reference population; nil is the model's own record counts.
  ///   - onRead: whether attributions are worked out when a trace is read, and not when it is made.
  public init(
    by method: String, top count: Int? = nil, against background: FileReference? = nil,
    onRead: Bool = false, fileID: String = #fileID, line: Int = #line
  ) {
    let expectation = background.map { "background \($0.text)" }
    self.line = ModelLine(
      text: Self.words(method, count, expectation, onRead), isFeed: false,
      place: BuildPlace(fileID, line))
  }

  /// Attributions against the averages that the model's own `ModelStats` say.
  ///
  /// - Parameters:
  ///   - method: `tree shap`.
  ///   - count: how many fields a trace names; the others are summed.
  ///   - onRead: whether attributions are worked out when a trace is read, and not when it is made.
  public static func againstModelStats(
    by method: String, top count: Int? = nil, onRead: Bool = false, fileID: String = #fileID,
    line: Int = #line
  ) -> Self {
    Self(
      line: ModelLine(
        text: words(method, count, "background ModelStats", onRead), isFeed: false,
        place: BuildPlace(fileID, line)))
  }

  /// Attributions by the rows that `explain calibrate` counted at the nodes of the model's trees.
  ///
  /// - Parameters:
  ///   - covers: the file that it wrote.
  ///   - method: `tree shap`.
  ///   - count: how many fields a trace names; the others are summed.
  ///   - onRead: whether attributions are worked out when a trace is read, and not when it is made.
  public static func against(
    covers: FileReference, by method: String, top count: Int? = nil, onRead: Bool = false,
    fileID: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      line: ModelLine(
        text: words(method, count, "covers \(covers.text)", onRead), isFeed: false,
        place: BuildPlace(fileID, line)))
  }

  /// Attributions by the record counts that the model itself holds: what holds where nothing is said.
  ///
  /// - Parameters:
  ///   - method: `tree shap`.
  ///   - count: how many fields a trace names; the others are summed.
  ///   - onRead: whether attributions are worked out when a trace is read, and not when it is made.
  public static func againstRecordCounts(
    by method: String, top count: Int? = nil, onRead: Bool = false, fileID: String = #fileID,
    line: Int = #line
  ) -> Self {
    Self(
      line: ModelLine(
        text: words(method, count, "record counts", onRead), isFeed: false,
        place: BuildPlace(fileID, line)))
  }

  /// Attributions as if each branch of a node were as likely as the others: an assumption.
  ///
  /// - Parameters:
  ///   - method: `tree shap`.
  ///   - count: how many fields a trace names; the others are summed.
  ///   - onRead: whether attributions are worked out when a trace is read, and not when it is made.
  public static func againstUniformBranches(
    by method: String, top count: Int? = nil, onRead: Bool = false, fileID: String = #fileID,
    line: Int = #line
  ) -> Self {
    Self(
      line: ModelLine(
        text: words(method, count, "uniform branches", onRead), isFeed: false,
        place: BuildPlace(fileID, line)))
  }

  private init(line: ModelLine) { self.line = line }

  private static func words(
    _ method: String, _ count: Int?, _ expectation: String?, _ onRead: Bool
  ) -> String {
    let words = method.split(separator: " ").map { Spelling.name(String($0)) }
    return "explain by \(words.joined(separator: " "))" + (count.map { ", top \($0)" } ?? "")
      + (expectation.map { ", against \($0)" } ?? "") + (onRead ? ", on read" : "")
  }
}

/// A result of a model.
public struct ModelResult: Sendable {
  let text: String

  /// The probability of a class.
  public static func probability(_ ofClass: String) -> Self {
    Self(text: "probability(\(Spelling.quoted(ofClass)))")
  }

  /// The confidence in a class.
  public static func confidence(_ ofClass: String) -> Self {
    Self(text: "confidence(\(Spelling.quoted(ofClass)))")
  }

  /// An output field of the model, by its name in the PMML.
  public static func output(_ field: String) -> Self {
    Self(text: "output(\(Spelling.quoted(field)))")
  }

  /// What the model predicts.
  public static var predictedValue: Self { Self(text: "predictedValue") }
  /// The cluster that is nearest.
  public static var cluster: Self { Self(text: "cluster") }
  /// The id of the cluster, the leaf or the rule.
  public static var entityID: Self { Self(text: "entityId") }
  /// How near the cluster is.
  public static var affinity: Self { Self(text: "affinity") }
}

/// Collects the parts of a model.
@resultBuilder public enum ModelBuilder {
  public static func buildExpression(_ part: some ModelPart) -> [ModelLine] { [part.line] }
  public static func buildBlock(_ parts: [ModelLine]...) -> [ModelLine] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [ModelLine]?) -> [ModelLine] { part ?? [] }
  public static func buildArray(_ parts: [[ModelLine]]) -> [ModelLine] { parts.flatMap { $0 } }
}
