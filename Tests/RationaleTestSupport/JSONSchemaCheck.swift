import Foundation

/// Checks values against as much of JSON Schema as the schemas in `docs` use. A keyword that
/// it does not know is a fault, so that the schema cannot say more than is checked.
package struct JSONSchemaCheck {
  private let root: [String: Any]

  package init(path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    root = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  /// What is wrong with a line of JSON; empty if nothing is.
  package func faults(_ json: [UInt8]) throws -> [String] {
    let value = try JSONSerialization.jsonObject(with: Data(json), options: .fragmentsAllowed)
    return faults(value, root, "$")
  }

  private func faults(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    var faults: [String] = []
    for (keyword, rule) in schema {
      switch keyword {
      case "$schema", "$defs", "title", "description": break
      case "$ref":
        let name = (rule as? String)?.split(separator: "/").last.map(String.init) ?? ""
        let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any]
        faults += target.map { self.faults(value, $0, path) } ?? ["\(path): no \(name)"]
      case "type":
        let types = rule as? [String] ?? [rule as? String ?? ""]
        if !types.contains(where: { Self.matches(value, $0) }) {
          faults.append("\(path): is not \(types.joined(separator: " or "))")
        }
      case "const": if !Self.equals(value, rule) { faults.append("\(path): is not \(rule)") }
      case "enum":
        if !(rule as? [Any] ?? []).contains(where: { Self.equals(value, $0) }) {
          faults.append("\(path): \(value) is not allowed")
        }
      case "minimum":
        if let number = value as? NSNumber, let least = rule as? NSNumber,
          number.doubleValue < least.doubleValue
        {
          faults.append("\(path): is less than \(least)")
        }
      case "pattern":
        if let text = value as? String, let pattern = rule as? String,
          text.range(of: pattern, options: .regularExpression) == nil
        {
          faults.append("\(path): does not match \(pattern)")
        }
      case "properties", "required", "additionalProperties":
        faults += members(value, keyword, rule, schema, path)
      case "items":
        for (index, item) in (value as? [Any] ?? []).enumerated() {
          faults += self.faults(item, rule as? [String: Any] ?? [:], "\(path)[\(index)]")
        }
      case "anyOf", "oneOf":
        let matching = (rule as? [[String: Any]] ?? []).count {
          self.faults(value, $0, path).isEmpty
        }
        if keyword == "oneOf" ? matching != 1 : matching == 0 {
          faults.append("\(path): fits \(matching) of \(keyword)")
        }
      default: faults.append("\(path): the schema uses `\(keyword)`, which is not checked")
      }
    }
    return faults
  }

  private func members(
    _ value: Any, _ keyword: String, _ rule: Any, _ schema: [String: Any], _ path: String
  ) -> [String] {
    guard let object = value as? [String: Any] else { return [] }
    let known = schema["properties"] as? [String: Any] ?? [:]
    switch keyword {
    case "required":
      return (rule as? [String] ?? []).filter { object[$0] == nil }.map { "\(path): no \($0)" }
    case "additionalProperties":
      let others = object.filter { known[$0.key] == nil }
      guard let schema = rule as? [String: Any] else {
        return others.keys.map { "\(path): unknown \($0)" }
      }
      return others.flatMap { name, value in faults(value, schema, "\(path).\(name)") }
    default:
      return known.flatMap { name, rule in
        object[name].map { faults($0, rule as? [String: Any] ?? [:], "\(path).\(name)") } ?? []
      }
    }
  }

  private static func matches(_ value: Any, _ type: String) -> Bool {
    let number = value as? NSNumber
    // Foundation reads both numbers and booleans as NSNumber; a boolean is a C char inside.
    let isBoolean = number.map { String(cString: $0.objCType) == "c" } ?? false
    return switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "null": value is NSNull
    case "boolean": isBoolean
    case "number": number != nil && !isBoolean
    case "integer":
      number != nil && !isBoolean && number?.doubleValue.rounded() == number?.doubleValue
    default: false
    }
  }

  private static func equals(_ left: Any, _ right: Any) -> Bool {
    (left as? NSObject)?.isEqual(right) ?? false
  }
}
