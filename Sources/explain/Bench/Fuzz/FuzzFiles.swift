internal import DataFields
internal import ReferenceData
internal import RuleLanguage
internal import SourceDiagnostics

/// The files that rulesets of a fuzz run may name, small and held in memory.
struct FuzzFiles: RuleFileSource, ModelCatalog {
  /// The ruleset itself.
  var input: [UInt8]
  /// Other rulesets, by path.
  var others: [String: [UInt8]] = [:]

  static let path = "r.rules"

  private static let texts: [String: String] = [
    "huf-rates.csv": "date,currency,huf\n2020-01-01,EUR,331.5000\n2020-01-01,USD,295.0000\n",
    "do-not-contact.csv": "PARTY_ID\n1\n22\n",
    "premium.background.csv": "INVOICE_COUNT,SIZE,CURRENCIES\n1,1,0\n3,40,2\n",
    "premium.covers.csv":
      "tree,node,recordCount,model,background,rows\n0,0,2,\(modelDigest),,2\n0,1,1,,,\n",
    "examples.csv": "c.n0,c.n1,d0\n1,2,one\n,3,missing\n",
  ]

  static let rates = file("huf-rates.csv")
  static let list = file("do-not-contact.csv")
  static let background = file("premium.background.csv")
  static let covers = file("premium.covers.csv")
  static let examples = file("examples.csv")
  static let model = "\"premium.pmml\" sha256 \"\(modelDigest)\""

  private static let modelDigest = Digest(of: Array("premium.pmml".utf8))

  /// A file's name with its digest, as rulesets write them.
  private static func file(_ name: String) -> String { "\"\(name)\" sha256 \"\(digest(name))\"" }

  private static func digest(_ name: String) -> String {
    Digest(of: Array((texts[name] ?? "").utf8)).description
  }

  func bytes(at path: String) throws(DiagnosticsError) -> [UInt8] {
    if path == Self.path { return input }
    if let bytes = others[path] { return bytes }
    let name = path.split(separator: "/").last.map { String($0) } ?? path
    if let text = Self.texts[name] { return Array(text.utf8) }
    throw DiagnosticsError(Diagnostic(code: "F1", message: "no such file", file: path))
  }

  /// A classifier of three numbers, under any path that ends in `.pmml`.
  func signature(ofModelAt path: String) throws(DiagnosticsError) -> ModelSignature {
    guard path.hasSuffix(".pmml") else {
      throw DiagnosticsError(Diagnostic(code: "I1", message: "no such file", file: path))
    }
    var signature = ModelSignature(
      path: path, digest: Self.modelDigest, element: "MiningModel", modelName: nil,
      function: .classification,
      inputs: ["INVOICE_COUNT", "SIZE", "CURRENCIES"].map {
        ModelField(name: $0, dataType: .double, opType: .continuous)
      },
      target: nil, classes: ["0", "1"], outputs: [], attribution: .always)
    signature.takesCovers = true
    return signature
  }

  /// A ruleset from the disk with the digests of the small files in place of its own.
  static func localized(_ text: [UInt8]) -> [UInt8] {
    var text = String(decoding: text, as: UTF8.self)
    for name in texts.keys.sorted() + ["premium.pmml"] {
      let digest = name == "premium.pmml" ? modelDigest.description : digest(name)
      var pieces = text.components(separatedBy: name + "\" sha256 \"")
      for index in pieces.indices.dropFirst() where pieces[index].utf8.count > 64 {
        pieces[index] = digest + pieces[index].dropFirst(64)
      }
      text = pieces.joined(separator: name + "\" sha256 \"")
    }
    return Array(text.utf8)
  }
}

extension String {
  /// The parts between occurrences of a text that is not empty.
  fileprivate func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var start = startIndex
    var rest = self[...]
    while let place = rest.firstRange(of: separator) {
      parts.append(String(self[start..<place.lowerBound]))
      start = place.upperBound
      rest = self[start...]
    }
    return parts + [String(self[start...])]
  }
}
