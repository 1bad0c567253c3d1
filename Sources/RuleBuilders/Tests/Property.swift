/// Claims about a ruleset that are proved on its thresholds.
///
/// ```swift
/// Property("more employees never lower the size") { size.rises(with: enterprise.employees) }
/// ```
public struct Property: RulesetComponent {
  public let declarations: [Declaration]

  public init(
    _ title: String, fileID: String = #fileID, line: Int = #line,
    @PropertyBuilder claims: () -> [PropertyClaim]
  ) {
    let place = BuildPlace(fileID, line)
    let head = "property \(Spelling.quoted(title))"
    let claims = claims()
    if claims.count == 1 {
      declarations = [Declaration(.test, "\(head) { \(claims[0].text) }", place)]
    } else {
      declarations = [
        Declaration(.test, block: head, claims.map { BuiltLine($0.text, place) }, place)
      ]
    }
  }
}

/// A claim that one value follows another.
public struct PropertyClaim: Sendable {
  let text: String
}

extension RuleExpression where Scope == Subject {
  /// It never falls where the other rises.
  public func rises<Other: RuleType>(with other: Value<Other>) -> PropertyClaim {
    PropertyClaim(text: "\(operand(.sum)) rises with \(other.operand(.sum))")
  }

  /// It never rises where the other rises.
  public func falls<Other: RuleType>(with other: Value<Other>) -> PropertyClaim {
    PropertyClaim(text: "\(operand(.sum)) falls with \(other.operand(.sum))")
  }
}

/// Collects the claims of a property.
@resultBuilder public enum PropertyBuilder {
  public static func buildExpression(_ claim: PropertyClaim) -> [PropertyClaim] { [claim] }
  public static func buildBlock(_ parts: [PropertyClaim]...) -> [PropertyClaim] {
    parts.flatMap { $0 }
  }
}

/// A file of which every row is a test.
public struct Examples: RulesetComponent {
  public let declarations: [Declaration]

  public init(from file: FileReference, fileID: String = #fileID, line: Int = #line) {
    declarations = [
      Declaration(.test, "examples from \(file.text)", BuildPlace(fileID, line))
    ]
  }
}
