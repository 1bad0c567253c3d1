extension FindingPage {
  /// Faults in the text of rule files, whatever it means.
  static let textPages = [
    FindingPage(
      "X1", "A character without meaning",
      meaning: """
        Outside texts and comments, rule files consist of Latin letters, digits and the signs of \
        the language. A letter of another script that looks like a Latin one is named with its \
        code point.
        """,
      example: .rules("let r\u{430}te = 10"),
      mend: """
        Remove the character, or put it between quotes if it belongs to a text. `explain check \
        --fix` replaces letters that only look Latin.
        """),
    FindingPage(
      "X2", "A text that is not closed",
      meaning: "A text stands between two `\"` on one line.",
      example: .rules("let greeting = \"good morning"),
      mend: "Add the closing `\"`. A line break in a text is written `\\n`, a quote `\\\"`."),
    FindingPage(
      "X3", "A number that cannot be read",
      meaning: """
        Numbers are decimal, with at most 18 digits after the point, and `_` only between digits. \
        Some, as the versions of rulesets, have bounds of their own.
        """,
      example: .rules("let limit = 10__000"),
      mend: "Write the number with digits, one point at most, and single `_` between digits."),
    FindingPage(
      "X4", "A date that does not exist",
      meaning: "Dates are written `2021-01-27`, of the Gregorian calendar.",
      example: .rules("let start = 2021-02-30"),
      mend: "Write a day that the month has."),
    FindingPage(
      "X5", "Something else was expected here",
      meaning: """
        The text does not follow the grammar. The message says what was expected and what stands \
        there; the parser goes on with the next declaration, so that one run reports every fault.
        """,
      example: .rules("let limit 10"),
      mend: "Follow the grammar in docs/rule-language.md."),
    FindingPage(
      "X6", "Nested too deep",
      meaning: """
        Parentheses, chains of operators, definitions that rest on each other and files that use \
        files have limits, far beyond what a person reads.
        """,
      example: .rules(
        "let deep = " + String(repeating: "(", count: 70) + "1" + String(repeating: ")", count: 70)),
      mend: "Give parts names with `let`, and use the names."),
    FindingPage(
      "X7", "Too large",
      meaning: """
        A rule file has at most 4 MiB and its lines 64 KiB; a scale has at most 256 levels, a \
        record 1,000 fields, a file of examples 100,000 rows.
        """,
      example: .rules("scale Grade: " + (1...300).map { "G\($0)" }.joined(separator: " < ")),
      mend: "Split what is too large, or move data into the files that rules name."),
    FindingPage(
      "X8", "A hidden character",
      meaning: """
        Control characters, characters of no width and marks that turn the direction of writing \
        make a file look other than it is. They are refused everywhere, in texts and comments too.
        """,
      example: .rules("let limit = 10 // \u{202E}001"),
      mend: "Remove the character. An editor that shows invisible characters finds it."),
    FindingPage(
      "X9", "A layout that would change the file",
      meaning: """
        `explain format` reads again what it has laid out. Were words, lines or comments not the \
        same as before, as in the second file here, the first is left as it is. The fault is then \
        the formatter's.
        """,
      example: FindingExample(
        .format,
        [
          .init(name: "example.rules", text: "let rest = 10 - 2\n"),
          .init(name: "laid-out.rules", text: "let rest = 10\n"),
        ]),
      mend: "The file can be used as it is. Please report it to the project."),
  ]

  /// Faults in what names stand for.
  static let namePages = [
    FindingPage(
      "N1", "A name that stands for nothing",
      meaning: """
        No declaration of this file, nor of the files that it uses, has this name. Near names are \
        suggested. Parts of a declaration that must be there and are not are reported so too.
        """,
      example: .firm("let half = firm.employes / 2"),
      mend: "Correct the name, declare it, or `use` the file that does."),
    FindingPage(
      "N2", "Declared twice",
      meaning: """
        Names are unique in a ruleset with everything that it uses; so are the columns, levels \
        and rules of one declaration.
        """,
      example: .rules("let limit = 10\nlet limit = 20"),
      mend: "Rename one of them, or remove it."),
    FindingPage(
      "N3", "A name of another kind",
      meaning: "The name is declared, and stands for something that does not fit here.",
      example: .firm("let half = firm / 2"),
      mend: "Name a part of it (`firm.employees`), or what was meant."),
    FindingPage(
      "N4", "Something rests on itself",
      meaning: """
        Values are computed one after the other, so none may rest on itself, by whatever way. Nor \
        may a file use itself.
        """,
      example: .rules("let a = b + 1\nlet b = a + 1"),
      mend: "Break the circle: give one of the values another source."),
  ]
}
