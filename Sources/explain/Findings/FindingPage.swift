/// What `explain code` says about one code: what it means, an example, and how to mend it.
///
/// The example is run whenever the page is printed, so that its message is the one of today.
struct FindingPage: Sendable {
  let code: String
  let title: String
  /// What the code means: plain sentences.
  let meaning: String
  let example: FindingExample
  /// How to mend it: plain sentences.
  let mend: String

  init(
    _ code: String, _ title: String, meaning: String, example: FindingExample, mend: String
  ) {
    self.code = code
    self.title = title
    self.meaning = meaning
    self.example = example
    self.mend = mend
  }

  /// Every page, by code: letters first, then the number.
  static let all: [FindingPage] =
    (textPages + namePages + typePages + analysisPages + filePages + inputPages + modelPages
    + expressionPages + kafkaPages).sorted { $0.order < $1.order }

  private var order: (Substring, Int) {
    (code.prefix { $0.isLetter }, Int(code.drop { $0.isLetter }) ?? 0)
  }

  /// The page of a code, whatever the case of its letters.
  static func page(_ code: String) -> FindingPage? {
    all.first { $0.code == code.uppercased() }
  }
}
