internal import SourceDiagnostics
internal import XMLReading

// Attributes of an element must be read before its first child is asked for.
extension DocumentReader {
  func string(_ name: AttributeName, of element: Element) -> String? {
    xml.attribute(name.number, of: element.event)
  }

  func required(_ name: AttributeName, of element: Element) -> String {
    if let text = string(name, of: element) { return text }
    report(
      "P3",
      "required attribute `\(xml.elementName(element.event))@\(name.rawValue)` is missing",
      at: element)
    return ""
  }

  func number(_ name: AttributeName, of element: Element) -> Double? {
    var read: Double?
    let isThere = xml.withAttribute(name.number, of: element.event) {
      read = XMLNumber.double($0)
    }
    guard isThere else { return nil }
    if let number = read, !number.isNaN { return number }
    let text = string(name, of: element) ?? ""
    report("P4", "`\(name.rawValue)` is not a number: `\(text)`", at: element)
    return nil
  }

  func requiredNumber(_ name: AttributeName, of element: Element) -> Double {
    if xml.hasAttribute(name.number, of: element.event) { return number(name, of: element) ?? 0 }
    _ = required(name, of: element)
    return 0
  }

  func integer(_ name: AttributeName, of element: Element) -> Int? {
    guard let text = string(name, of: element) else { return nil }
    if let number = Int(text.trimmingWhitespace()) { return number }
    report("P4", "`\(name.rawValue)` is not a whole number: `\(text)`", at: element)
    return nil
  }

  func boolean(_ name: AttributeName, of element: Element) -> Bool? {
    switch string(name, of: element) {
    case nil: return nil
    case "true", "1": return true
    case "false", "0": return false
    case let text?:
      report("P4", "`\(name.rawValue)` is not a boolean: `\(text)`", at: element)
      return nil
    }
  }

  /// One of an enumeration's values; nil if the attribute is absent or unknown (then reported).
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: AttributeName, of element: Element, as: Choice.Type = Choice.self
  ) -> Choice? where Choice.RawValue == String {
    guard let text = string(name, of: element) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    report(
      "P5",
      "`\(text)` is not a value of "
        + "`\(xml.elementName(element.event))@\(name.rawValue)` that is supported",
      at: element, help: ["known values are \(known)"])
    return nil
  }

  func requiredChoice<Choice: RawRepresentable & CaseIterable>(
    _ name: AttributeName, of element: Element, as type: Choice.Type = Choice.self
  ) -> Choice? where Choice.RawValue == String {
    if xml.hasAttribute(name.number, of: element.event) {
      return choice(name, of: element, as: type)
    }
    _ = required(name, of: element)
    return nil
  }

  /// Warns of attributes that PMML does not know; those that start with `x-` are anyone's.
  func warnOfUnknownAttributes(_ element: Element) {
    guard element.event.hasUnknownAttributes else { return }
    xml.forEachAttribute(of: element.event) { number, name in
      if number < 0, !name.hasPrefix("x-") {
        report(
          "P6", "unknown attribute `\(name)` is ignored", at: element, severity: .warning)
      }
    }
  }
}

extension AttributeName {
  private static let numbers: [AttributeName: Int] = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($0.element, $0.offset) })

  /// A case without payload is stored as its position. Should it not be, a table has it.
  private static let isStoredAsNumber = allCases.enumerated().allSatisfy {
    $0.element.storedNumber == $0.offset
  }

  private var storedNumber: Int {
    withUnsafeBytes(of: self) { bytes in
      bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
  }

  var number: Int { Self.isStoredAsNumber ? storedNumber : Self.numbers[self] ?? -1 }
}

extension String {
  func trimmingWhitespace() -> String {
    guard let first = utf8.first, let last = utf8.last, first <= 0x20 || last <= 0x20 else {
      return self
    }
    return String(Substring(self).trimmingWhitespace())
  }
}

extension Substring {
  /// Byte by byte: to drop a character costs as much as there are.
  func trimmingWhitespace() -> Substring {
    var bytes = utf8
    while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    return Substring(bytes)
  }
}
