public import DataFields

/// What the bytes of one decision's traces mean: names, types, cut points, rules and artefacts.
///
/// A schema is derived from a ruleset and stored once, under its SHA-256 digest; each body names
/// that digest. With it a trace can be read without the engine, and without the ruleset.
public struct TraceSchema: Sendable, Hashable {
  /// A value that the decision rests on.
  public struct Field: Sendable, Hashable {
    /// What the value is to the decision.
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
      case key, input, aggregate, derived, score, outcome
    }

    /// As rules write it: `enterprise.employees`.
    public var name: String
    /// Key, input, aggregate, derived value, score or another decision's outcome.
    public var kind: Kind
    /// Type, digits after the point and unit.
    public var type: ValueType
    /// How it is derived, as the ruleset writes it; empty for an input.
    public var definition: String
    /// Where it is defined in the ruleset, from 1; 0 for an input.
    public var line: Int
    /// Whether it belongs to a person: `personal`, and keys.
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
    /// As rules write it.
    public var name: String
    /// Index in ``TraceSchema/fields`` of the value that is ranked.
    public var field: Int
    /// The scale's name.
    public var scale: String
    /// The scale's levels from the lowest, and what reasons call them.
    public var levels: [String]
    public var levelTexts: [String]
    /// Rising along the axis, as words of the field's type; n cut points make n + 1 intervals.
    public var cutPoints: [Int128]
    /// Each named after the level that begins there, going up the axis.
    public var cutPointNames: [String]
    /// Whether a value on the cut point belongs to the interval below it.
    public var belongsBelow: [Bool]
    /// The level of each interval.
    public var intervalLevels: [Int]
    /// Where it stands in the ruleset, from 1.
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

  /// One comparison within a condition.
  public struct Clause: Sendable, Hashable {
    /// As the ruleset writes it.
    public var text: String
    /// What stands on the left.
    public var left: Operand
    /// What stands on the right.
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

  /// A piece of a reason text.
  public enum ReasonPiece: Sendable, Hashable {
    case text(String)
    case operand(Operand)
  }

  /// A rule, a row of a table, or `otherwise`.
  public struct Rule: Sendable, Hashable {
    /// The rule's name; `row 3` in a table.
    public var name: String
    /// Whether it is the default, which has no condition.
    public var isOtherwise: Bool
    /// The code of `reason`.
    public var reasonCode: String?
    /// The text of `reason`, with what its names stand for.
    public var reason: [ReasonPiece]
    /// The condition as the ruleset writes it.
    public var text: String
    /// The comparisons of the condition, in the order in which they are tried.
    public var clauses: [Clause]
    /// Where it stands in the ruleset, from 1.
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

  /// A model that the decision asks.
  public struct Model: Sendable, Hashable {
    /// As rules write it.
    public var name: String
    /// The file, as the ruleset resolves it.
    public var path: String
    /// SHA-256 of the file.
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
    /// Whether bodies leave the attributions out, since who reads a trace works them out: they follow
    /// from the body, the model and what it is set against.
    public var isAttributedOnRead: Bool

    package init(
      name: String, path: String, digest: Digest, features: [String], featureFields: [Int],
      scoreFields: [Int], method: String, attributed: String, isAttributedOnRead: Bool = false
    ) {
      self.name = name
      self.path = path
      self.digest = digest
      self.features = features
      self.featureFields = featureFields
      self.scoreFields = scoreFields
      self.method = method
      self.attributed = attributed
      self.isAttributedOnRead = isAttributedOnRead
    }
  }

  /// An override that may replace the outcome.
  public struct Override: Sendable, Hashable {
    /// As rules write it.
    public var name: String
    /// The code of `reason`.
    public var reasonCode: String?
    /// By whose authority.
    public var authority: String
    /// The last day on which it holds.
    public var until: CalendarDate?
    /// The condition as the ruleset writes it.
    public var text: String
    /// Where it stands in the ruleset, from 1.
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
    /// `ruleset`, `model`, `background`, `covers`, `rates`, `list`.
    public var role: String
    /// The file, as the ruleset resolves it.
    public var path: String
    /// SHA-256 of its bytes; of a ruleset, of its canonical tokens.
    public var digest: Digest

    package init(role: String, path: String, digest: Digest) {
      self.role = role
      self.path = path
      self.digest = digest
    }
  }

  /// The decision's name.
  public var decision: String
  /// The ruleset's name.
  public var ruleset: String
  /// The ruleset's version.
  public var version: Int
  /// The ruleset's file.
  public var path: String
  /// The digest of the ruleset: of its canonical tokens and of what it uses.
  public var rulesetDigest: Digest
  /// DMN's name of the hit policy.
  public var hitPolicy: String
  /// Whether every rule that holds is part of the outcome: DMN's C, C+ and C#.
  package var takesInAllRules: Bool {
    ["collect", "collect sum", "collect count"].contains(hitPolicy)
  }

  /// The values that the decision rests on.
  public var fields: [Field]
  /// The ranks among them, with their thresholds.
  public var ranks: [Rank]
  /// The rules in document order, `otherwise` last.
  public var rules: [Rule]
  /// The models that it asks.
  public var models: [Model]
  /// What may replace the outcome.
  public var overrides: [Override]
  /// The files that it depends on, by digest.
  public var artefacts: [Artefact]
  /// What the outcome is; its texts are in the bodies.
  public var outcomeType: ValueType
  /// Whether the outcome is a list of such values: `hit collect` without an aggregator.
  public var outcomeIsList: Bool

  package init(
    decision: String, ruleset: String, version: Int, path: String, rulesetDigest: Digest,
    hitPolicy: String, fields: [Field], ranks: [Rank], rules: [Rule], models: [Model],
    overrides: [Override], artefacts: [Artefact], outcomeType: ValueType,
    outcomeIsList: Bool = false
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
    self.outcomeIsList = outcomeIsList
  }
}
