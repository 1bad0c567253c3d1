internal import DataFields
internal import ReferenceData

extension FindingPage {
  /// Files that rulesets name, dates of effect, and models as rules see them.
  static let filePages = [
    FindingPage(
      "F1", "A file that cannot be read",
      meaning: "A ruleset names files relative to its own folder. This one cannot be had there.",
      example: .rules("use \"common.rules\""),
      mend: "Correct the path, or put the file there."),
    FindingPage(
      "D1", "Dates of effect that overlap or leave a hole",
      meaning: """
        Of the versions of one ruleset, exactly one is in effect on each day from the first to \
        the last.
        """,
      example: FindingExample(
        .check,
        [
          .init(
            name: "old.rules",
            text: "ruleset example version 1 {\n  effective from 2021-01-01\n}\n"),
          .init(
            name: "new.rules",
            text: "ruleset example version 2 {\n  effective from 2022-01-01\n}\n"),
        ]),
      mend: "End each version where the next begins: `effective 2021-01-01 ..< 2022-01-01`."),
    FindingPage(
      "D2", "A digest that is absent or differs",
      meaning: """
        Lists, rates, models and examples are named with the SHA-256 of their bytes, so that a \
        ruleset means one thing for ever. The file is not the one that was named.
        """,
      example: .firm(
        """
        let is_blocked = firm.id in list "blocked.csv"
        """, beside: ["blocked.csv": "id\n4711\n"]),
      mend: "If the file is the right one, let `explain check --fix` write its digest."),
    FindingPage(
      "D3", "Something that the model does not have",
      meaning: """
        A ruleset feeds fields that the model takes, all that it needs, and reads results that it \
        gives. Attributions are set against record counts that the model holds, or against covers that \
        were counted for this very model.
        """,
      example: .firm(
        FindingModels.declaration(of: FindingModels.regression, feeding: "STAFF"),
        beside: ["model.pmml": FindingModels.regression]),
      mend: "Name what `explain inspect MODEL` shows."),
    FindingPage(
      "D4", "A cut point outside the score's range",
      meaning: """
        A score is declared with its range, and this cut point, or threshold of a condition, cannot \
        divide it.
        """,
      example: .firm(
        FindingModels.declaration(of: FindingModels.regression)
          + """


          rank prospect: Size by revenue.forecast {
            S below  0.5
            M below 50
            L otherwise
          }
          """, beside: ["model.pmml": FindingModels.regression]),
      mend: "Correct the cut point, or the range at the score."),
  ]

  /// Rows, lists and rates that are read.
  static let inputPages = [
    FindingPage(
      "I1", "A file that cannot be opened, read or written",
      meaning: "The operating system says why.",
      example: FindingExample(.open("no-such-model.pmml"), []),
      mend: "Correct the path, its permissions, or the disk."),
    FindingPage(
      "I2", "Nothing in it",
      meaning: "A file of rows has a header line, and rates at least one row.",
      example: blocked(""),
      mend: "Supply the file's content: an interrupted download leaves it empty."),
    FindingPage(
      "I3", "A header that cannot be used",
      meaning:
        "A header names each column once, with quotes that are closed, on lines that end in LF.",
      example: blocked("id,id\n4711,4712\n"),
      mend: "Correct the header."),
    FindingPage(
      "I4", "A column that is not there",
      meaning:
        "Rules name columns by their headers. This file has no such column, or not just one.",
      example: blocked("id,since\n4711,2021-01-01\n"),
      mend: "Name a column that the file has."),
    FindingPage(
      "I5", "An encoding that is not UTF-8",
      meaning: "Text is read as UTF-8, uncompressed.",
      example: blocked([0xFF, 0xFE] + Array("id\n".utf8).flatMap { [$0, 0] }),
      mend: "Convert the file (`iconv -t UTF-8`), or unpack it."),
    FindingPage(
      "I6", "A row that cannot be used",
      meaning: "Lists and rates must be right as a whole: each faulty row is named.",
      example: .rules(
        """
        currency HUF

        rates huf from "rates.csv" sha256 "\(Digest(of: Array(faultyRates.utf8)))" {
          date      column "date"
          currency  column "currency"
          rate      column "huf"  decimal(2)
          previous  within 7 d
        }
        """, beside: ["rates.csv": faultyRates]),
      mend: "Correct the row, and the digest with it."),
    FindingPage(
      "I7", "A source that no ruleset reads",
      meaning:
        "`--input SOURCE=FILE` names a source as a ruleset does: `input firm from \"firms\"`.",
      example: .rules(
        """
        input firm from "firms" {
          id  text  key
        }
        """, .decide(source: "firm")),
      mend: "Name one of the sources that the message lists."),
  ]

  private static let faultyRates = "date,currency,huf\n2021-01-01,EUR,362.5\n2021-02-30,EUR,361\n"

  private static func blocked(_ list: String) -> FindingExample { blocked(Array(list.utf8)) }

  private static func blocked(_ list: [UInt8]) -> FindingExample {
    let digest = Digest(of: list)
    let rules = FindingExample.firm(
      "let is_blocked = firm.id in list \"blocked.csv\" sha256 \"\(digest)\"")
    return FindingExample(rules.run, rules.files + [.init(name: "blocked.csv", bytes: list)])
  }
}
