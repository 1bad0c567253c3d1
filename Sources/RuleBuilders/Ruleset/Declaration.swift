/// Where in a service's code a part of a ruleset is built: `Rules/InvoiceProfile.swift:42`.
package struct BuildPlace: Sendable, Hashable, CustomStringConvertible {
  package var fileID: String
  package var line: Int

  package init(_ fileID: String, _ line: Int) {
    self.fileID = fileID
    self.line = line
  }

  package var description: String { "\(fileID):\(line)" }
}

/// One line of the text that a ruleset prints, and what built it.
package struct BuiltLine: Sendable {
  package var text: String
  package var place: BuildPlace?

  package init(_ text: String, _ place: BuildPlace?) {
    self.text = text
    self.place = place
  }
}

/// The text of one declaration of a ruleset. Components make declarations, nobody else does.
public struct Declaration: Sendable {
  /// What it declares; neighbours of one kind stand together in the text.
  package enum Kind: Sendable {
    case comment, use, unit, rates, record, window, value, scale, rank, model, decision, override
    case test, text

    /// Whether declarations of this kind follow each other without a blank line.
    package var isDense: Bool {
      switch self {
      case .comment, .use, .unit, .window, .value, .scale, .rank, .test, .text: true
      case .rates, .record, .model, .decision, .override: false
      }
    }
  }

  package var kind: Kind
  package var lines: [BuiltLine]
  /// The rulesets that it uses.
  package var uses: [Ruleset]

  package init(_ kind: Kind, _ lines: [BuiltLine], uses: [Ruleset] = []) {
    self.kind = kind
    self.lines = lines
    self.uses = uses
  }

  package init(_ kind: Kind, _ text: String, _ place: BuildPlace?) {
    self.init(kind, [BuiltLine(text, place)])
  }

  /// With a place for lines that have none: where the component is listed.
  func placed(at place: BuildPlace) -> Declaration {
    var declaration = self
    for index in lines.indices where lines[index].place == nil {
      declaration.lines[index].place = place
    }
    return declaration
  }

  /// `head {`, the lines, `}`. In the first column a word such as `currency` would begin a
  /// declaration of its own.
  package init(_ kind: Kind, block head: String, _ lines: [BuiltLine], _ place: BuildPlace) {
    let indented = lines.map { BuiltLine($0.text.isEmpty ? "" : "  " + $0.text, $0.place) }
    self.init(kind, [BuiltLine(head + " {", place)] + indented + [BuiltLine("}", place)])
  }
}
