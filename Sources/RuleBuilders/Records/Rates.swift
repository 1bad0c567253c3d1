/// A table of currency rates by day, and its declaration.
public struct Rates: RulesetComponent {
  let name: String
  public let declarations: [Declaration]

  /// - Parameters:
  ///   - date, currency, rate: the columns of the file.
  ///   - digits: how many digits after the point rates have.
  ///   - days: how old the last rate before a day without one may be.
  public init(
    _ name: String, from file: FileReference, date: String, currency: String, rate: String,
    digits: Int, previousWithin days: Int? = nil, fileID: String = #fileID, line: Int = #line
  ) {
    let place = BuildPlace(fileID, line)
    self.name = name
    var lines = [
      "date column \(Spelling.quoted(date))", "currency column \(Spelling.quoted(currency))",
      "rate column \(Spelling.quoted(rate)) decimal(\(digits))",
    ]
    if let days { lines.append("previous within \(days) d") }
    declarations = [
      Declaration(
        .rates, block: "rates \(Spelling.name(name)) from \(file.text)",
        lines.map { BuiltLine($0, place) }, place)
    ]
  }
}
