public import DataFields

/// A ruleset that is written in Swift.
///
/// It prints rule text, and that text is what is compiled: the program, its digest and its traces
/// are those of a file that holds the text. Name what is referred to, then list everything in the
/// order of the text:
///
/// ```swift
/// let person = RuleUnit("person")
/// let shop = Input("shop", of: Shop.self, from: "shops") {
///   Field(\.id, "id", .text).key()
///   Field(\.staff, "staff", .int(person)).in(1...1_000)
/// }
/// let busyShops = Ruleset("busy-shops", version: 1, owner: "Sales") {
///   person
///   shop
///   RuleDecision("busy", hit: .first) {
///     Rule("large", reason: "B-1", when: shop.staff >= person(10), then: "busy")
///     Otherwise(reason: "B-2", then: "idle")
///   }
/// }
/// ```
///
/// Mistakes are found when a `DecisionLibrary` is made of it: as diagnostics on the printed text,
/// each with the line of Swift that built it.
public struct Ruleset: Sendable, CustomStringConvertible {
  /// The ruleset's name: `invoice-profile`.
  public let name: String
  /// The path under which it is compiled, which traces and diagnostics show and to which paths in
  /// it are relative.
  public let path: String
  /// Its version.
  public let version: Int
  /// The rule text, laid out as `explain format` does.
  public let text: String
  /// The places in Swift of the text's lines.
  package let places: [BuildPlace?]
  /// The rulesets in Swift that it uses.
  package let uses: [Ruleset]

  /// A ruleset of the components that `content` lists.
  ///
  /// - Parameters:
  ///   - path: where its text would stand; `NAME.rules` by default.
  ///   - summary: one sentence on what it decides.
  ///   - owner, approved, source: who answers for it, who approved it, where the rules come from.
  ///   - effective: the days on which it is in effect.
  ///   - background: the reference population of its models.
  public init(
    _ name: String, version: Int, path: String? = nil, summary: String? = nil,
    owner: String? = nil, approved: String? = nil, effective: EffectiveDays? = nil,
    source: String? = nil, background: FileReference? = nil, fileID: String = #fileID,
    line: Int = #line, @RulesetBuilder content: () -> [Declaration]
  ) {
    let place = BuildPlace(fileID, line)
    var header: [BuiltLine] = []
    func add(_ word: String, _ value: String?) {
      if let value { header.append(BuiltLine("\(word) \(value)", place)) }
    }
    add("owner", owner.map(Spelling.quoted))
    add("approved", approved.map(Spelling.quoted))
    add("effective", effective?.text)
    add("source", source.map(Spelling.quoted))
    add("background", background?.text)
    let head = Declaration(
      .text, block: "ruleset \(Spelling.dashed(name)) version \(version)", header, place)
    let declarations = content()
    self.name = name
    self.version = version
    self.path = path ?? name + ".rules"
    (text, places) = RulesetLayout.lay(summary: summary, head, declarations, place)
    uses = declarations.flatMap(\.uses)
  }

  public var description: String { "\(name) version \(version)" }
}

/// The days on which a ruleset is in effect.
public struct EffectiveDays: Sendable {
  package let text: String

  /// From a day on.
  public static func from(_ day: CalendarDate) -> Self { Self(text: "from \(day)") }
  /// Until a day, which is the first no longer.
  public static func until(_ day: CalendarDate) -> Self { Self(text: "until \(day)") }
  /// From a day until another, which is the first no longer.
  public static func days(_ days: Range<CalendarDate>) -> Self {
    Self(text: "\(days.lowerBound) ..< \(days.upperBound)")
  }
}

/// A file that a ruleset names, by path and digest; the path is relative to the ruleset's own.
public struct FileReference: Sendable {
  package let text: String

  /// - Parameter sha256: the file's digest, which is checked when the ruleset is loaded.
  public init(_ path: String, sha256: String) {
    text = "\(Spelling.quoted(path)) sha256 \(Spelling.quoted(sha256))"
  }
}
