package import DecisionTrace

/// The file that a disclosure travels in; `docs/disclosure.schema.json` describes it.
extension Disclosure {
  private static let version = 1
  /// No file of a disclosure is larger.
  package static let sizeLimit = 1 << 26

  /// One object; bytes are hexadecimal digits.
  package var json: [UInt8] {
    var json = JSONBytes()
    json.object { json in
      json.member("disclosure_version", Self.version)
      json.member("name", name)
      json.member("value", HexadecimalText.text(value))
      json.member("salt", HexadecimalText.text(salt))
      json.key("before")
      json.array(before) { $0.string(HexadecimalText.text($1)) }
      json.key("after")
      json.array(after) { $0.string(HexadecimalText.text($1)) }
      json.member("entry", HexadecimalText.text(entry))
    }
    return json.bytes + [0x0A]
  }

  /// - Throws: `TraceFault` if the bytes are no such file.
  package init(json bytes: [UInt8]) throws(TraceFault) {
    guard bytes.count <= Self.sizeLimit else {
      throw TraceFault(offset: 0, reason: "the file is too large for a disclosure")
    }
    var reader = FlatJSONReader(bytes)
    let members = try reader.object()
    func fault(_ name: String, _ reason: String) -> TraceFault {
      TraceFault(offset: 0, reason: "`\(name)` \(reason)")
    }
    func text(_ name: String) throws(TraceFault) -> String {
      guard case .text(let text) = members[name] else { throw fault(name, "is no string") }
      return text
    }
    func digits(_ text: String, _ name: String) throws(TraceFault) -> [UInt8] {
      guard let bytes = HexadecimalText.bytes(text) else {
        throw fault(name, "is not hexadecimal")
      }
      return bytes
    }
    func list(_ name: String) throws(TraceFault) -> [[UInt8]] {
      guard case .texts(let texts) = members[name] else {
        throw fault(name, "is no list of strings")
      }
      var list: [[UInt8]] = []
      for text in texts { list.append(try digits(text, name)) }
      return list
    }
    guard case .number(Self.version) = members["disclosure_version"] else {
      throw fault("disclosure_version", "is not \(Self.version)")
    }
    self.init(
      entry: try digits(try text("entry"), "entry"), name: try text("name"),
      value: try digits(try text("value"), "value"), salt: try digits(try text("salt"), "salt"),
      before: try list("before"), after: try list("after"))
  }
}
