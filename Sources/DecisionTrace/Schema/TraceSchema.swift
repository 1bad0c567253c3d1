public import DataFields

/// What the bytes of one decision's traces mean: names, types, cut points, rules and artefacts.
///
/// A schema is derived from a ruleset and stored once, under its SHA-256 digest; each body names
/// that digest. With it a trace can be read without the engine, and without the ruleset.
public struct TraceSchema: Sendable, Hashable {
  /// A value that the decision rests on.
  public struct Field: Sendable, Hashable {
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
      case key, input, aggregate, derived, score, outcome
    }

    public var name: String
    public var kind: Kind
    public var type: ValueType
    /// How it is derived, as the ruleset writes it; empty for an input.
    public var definition: String
    public var line: Int
    public var isPersonal: Bool
    /// `masked keep n`: how many characters a page may show; nil if it is not masked.
    public var maskKeeps: Int?

    package init(
      name: String, kind: Kind, type: ValueType, definition: String, line: Int, isPersonal: Bool,
      maskKeeps: Int?
    ) {
      self.name = name
      self.kind = kind
      self.type = type
      self.definition = definition
      self.line = line
      self.isPersonal = isPersonal
      self.maskKeeps = maskKeeps
    }
  }

  /// A rank with its thresholds; see `RankPlan` for the meaning of the arrays.
  public struct Rank: Sendable, Hashable {
    public var name: String
    /// Index in ``TraceSchema/fields`` of the value that is ranked.
    public var field: Int
    public var scale: String
    /// The scale's levels from the lowest, and what reasons call them.
    public var levels: [String]
    public var levelTexts: [String]
    /// Rising along the axis, as words of the field's type; n cut points make n + 1 intervals.
    public var cutPoints: [Int128]
    public var cutPointNames: [String]
    public var belongsBelow: [Bool]
    /// The level of each interval.
    public var intervalLevels: [Int]
    public var line: Int

    package init(
      name: String, field: Int, scale: String, levels: [String], levelTexts: [String],
      cutPoints: [Int128], cutPointNames: [String], belongsBelow: [Bool], intervalLevels: [Int],
      line: Int
    ) {
      self.name = name
      self.field = field
      self.scale = scale
      self.levels = levels
      self.levelTexts = levelTexts
      self.cutPoints = cutPoints
      self.cutPointNames = cutPointNames
      self.belongsBelow = belongsBelow
      self.intervalLevels = intervalLevels
      self.line = line
    }
  }

  /// What a clause compared.
  public enum Operand: Sendable, Hashable {
    case field(Int)
    case rank(Int)
    /// Nothing that has a name: a constant, or an expression within the clause.
    case unnamed
  }

  public struct Clause: Sendable, Hashable {
    public var text: String
    public var left: Operand
    public var right: Operand
    /// `==`, `<` ...; empty if the clause compares nothing.
    public var symbol: String

    package init(text: String, left: Operand, right: Operand, symbol: String) {
      self.text = text
      self.left = left
      self.right = right
      self.symbol = symbol
    }
  }

  public enum ReasonPiece: Sendable, Hashable {
    case text(String)
    case operand(Operand)
  }

  public struct Rule: Sendable, Hashable {
    public var name: String
    public var isOtherwise: Bool
    public var reasonCode: String?
    public var reason: [ReasonPiece]
    /// The condition as the ruleset writes it.
    public var text: String
    public var clauses: [Clause]
    public var line: Int

    package init(
      name: String, isOtherwise: Bool, reasonCode: String?, reason: [ReasonPiece], text: String,
      clauses: [Clause], line: Int
    ) {
      self.name = name
      self.isOtherwise = isOtherwise
      self.reasonCode = reasonCode
      self.reason = reason
      self.text = text
      self.clauses = clauses
      self.line = line
    }
  }

  public struct Model: Sendable, Hashable {
    public var name: String
    public var path: String
    public var digest: Digest
    /// The model's active fields, and the trace's fields that feed them.
    public var features: [String]
    public var featureFields: [Int]
    /// The trace's fields that hold its results.
    public var scoreFields: [Int]
    /// How its attributions were computed (`interventional tree shap`); empty without any.
    public var method: String
    /// What the attributions add up to: `raw score` before a link, or the output.
    public var attributed: String

    package init(
      name: String, path: String, digest: Digest, features: [String], featureFields: [Int],
      scoreFields: [Int], method: String, attributed: String
    ) {
      self.name = name
      self.path = path
      self.digest = digest
      self.features = features
      self.featureFields = featureFields
      self.scoreFields = scoreFields
      self.method = method
      self.attributed = attributed
    }
  }

  public struct Override: Sendable, Hashable {
    public var name: String
    public var reasonCode: String?
    public var authority: String
    public var until: CalendarDate?
    public var text: String
    public var line: Int

    package init(
      name: String, reasonCode: String?, authority: String, until: CalendarDate?, text: String,
      line: Int
    ) {
      self.name = name
      self.reasonCode = reasonCode
      self.authority = authority
      self.until = until
      self.text = text
      self.line = line
    }
  }

  /// A file that the decision depends on.
  public struct Artefact: Sendable, Hashable {
    /// `ruleset`, `model`, `background`, `rates`, `list`.
    public var role: String
    public var path: String
    public var digest: Digest

    package init(role: String, path: String, digest: Digest) {
      self.role = role
      self.path = path
      self.digest = digest
    }
  }

  public var decision: String
  public var ruleset: String
  public var version: Int
  public var path: String
  /// The digest of the ruleset: of its canonical tokens and of what it uses.
  public var rulesetDigest: Digest
  public var hitPolicy: String
  public var fields: [Field]
  public var ranks: [Rank]
  public var rules: [Rule]
  public var models: [Model]
  public var overrides: [Override]
  public var artefacts: [Artefact]
  /// What the outcome is; its texts are in the bodies.
  public var outcomeType: ValueType

  package init(
    decision: String, ruleset: String, version: Int, path: String, rulesetDigest: Digest,
    hitPolicy: String, fields: [Field], ranks: [Rank], rules: [Rule], models: [Model],
    overrides: [Override], artefacts: [Artefact], outcomeType: ValueType
  ) {
    self.decision = decision
    self.ruleset = ruleset
    self.version = version
    self.path = path
    self.rulesetDigest = rulesetDigest
    self.hitPolicy = hitPolicy
    self.fields = fields
    self.ranks = ranks
    self.rules = rules
    self.models = models
    self.overrides = overrides
    self.artefacts = artefacts
    self.outcomeType = outcomeType
  }
}
