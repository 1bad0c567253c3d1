extension FindingPage {
  private static let scored = FindingModels.regression

  /// Types, units, ranks, windows, reasons, and what is understood but not run.
  static let typePages = [
    FindingPage(
      "Y1", "The types do not fit",
      meaning: """
        Each place takes values of certain types. Nothing is converted silently: no text to a \
        number, no number to a truth value, no exact number to a float.
        """,
      example: .firm("let late_in_the_alphabet = firm.city > \"M\""),
      mend: "Use a value of the type that the message names."),
    FindingPage(
      "Y2", "The units differ",
      meaning: """
        Sums and comparisons need one unit on both sides. Units are inferred through products \
        and quotients. A bare number has no unit; only 0 fits them all.
        """,
      example: .firm("let is_large = firm.employees >= 250"),
      mend: "Write the unit at the number, or bring both sides to one unit."),
    FindingPage(
      "Y3", "Ranks of different scales are compared",
      meaning: """
        Levels have an order within their scale only. Two scales compare after `align`, which says \
        that they line up by position.
        """,
      example: .firm(
        """
        scale Age: New < Grown < Old

        rank crowd: Age by firm.employees {
          New   below 10 person
          Grown below 20 person
          Old   otherwise
        }

        let in_step = size == crowd
        """),
      mend: "Add `align Size with Age` if they do line up; otherwise compare ranks of one scale."),
    FindingPage(
      "Y4", "A float is compared for equality",
      meaning: """
        A model's score is a floating point number: whether it equals another one depends on \
        rounding far behind the point.
        """,
      example: .firm(
        FindingModels.declaration(of: scored) + "\n\nlet is_sure = revenue.forecast == 1",
        beside: ["model.pmml": scored]),
      mend: "Compare with `<` or `>=`, or give the score ranks."),
    FindingPage(
      "Y5", "A divisor may be zero",
      meaning: "A quotient needs a proof that its divisor is not zero: bounds on inputs are one.",
      example: .rules(
        """
        input firm from "firms" {
          id         text  key
          employees  int
        }

        let share = 100 / firm.employees
        """),
      mend: """
        Give the input bounds without zero (`in 1 ... 1_000_000`), or say with `missing` what \
        holds where the quotient has no value.
        """),
    FindingPage(
      "Y6", "Not in this place",
      meaning: """
        Aggregates stand alone in a `let`, fields of events inside aggregates and conditions on \
        events, `as float` in a `feed`.
        """,
      example: .firm(
        """
        event order from "orders" by firm = firm.id {
          firm    text
          pieces  int   in 0 ... 1_000
          at      date  time
        }

        let dozens = sum(order.pieces) over all time / 12
        """),
      mend: "Give the aggregate a `let` of its own, and compute with its name in another."),
    FindingPage(
      "Y7", "Missing does not apply here",
      meaning: """
        `missing` says what holds where an input or an aggregate has no value. Counts always have \
        one, and an event without one of its fields is a dead letter.
        """,
      example: .firm(
        """
        event order from "orders" by firm = firm.id {
          firm  text
          at    date  time
        }

        let orders = count(order) over all time   missing 0
        """),
      mend: "Leave `missing` out."),
    FindingPage(
      "R1", "Cut points that do not rise",
      meaning: """
        The levels of a rank follow each other along the axis: each ends where the next begins. \
        That way ranks have no gap and no overlap.
        """,
      example: .rules(
        """
        unit person

        input firm from "firms" {
          id         text        key
          employees  int person  in 1 ... 1_000
        }

        scale Size: S < M < L

        rank size: Size by firm.employees {
          S below 250 person
          M below  50 person
          L otherwise
        }
        """),
      mend: "Sort the levels by their cut points."),
    FindingPage(
      "R2", "The levels of a rank do not fit its scale",
      meaning: """
        A rank gives each level of its scale once, all rising or all falling along the axis, and \
        ends in `otherwise`.
        """,
      example: .rules(
        """
        unit person

        input firm from "firms" {
          id         text        key
          employees  int person  in 1 ... 1_000
        }

        scale Size: S < M < L

        rank size: Size by firm.employees {
          M below  50 person
          S below 250 person
          L otherwise
        }
        """),
      mend: "Name every level of the scale once, in the scale's order or against it."),
    FindingPage(
      "W1", "A window that does not fit",
      meaning: """
        A window has an extent, which is a multiple of what it moves on by; a session has a gap.
        """,
      example: .rules("window month = 30 d sliding by 40 d"),
      mend: "Slide by a part of the extent: `30 d sliding by 10 d`."),
    FindingPage(
      "M1", "A reason that is missing or used twice",
      meaning: """
        Every rule has a reason code of its own, and each code one text: a page and an auditor \
        tell rules apart by them.
        """,
      example: .firm(
        """
        decision offer: text hit first {
          rule large reason A-1 "Size {size}."
            when size == L
            then "call"
          otherwise reason A-1 "Size {size} is not large."
            then "mail"
        }
        """),
      mend: "Give each rule a code of its own, and a text once."),
    FindingPage(
      "M2", "A reason text would show a masked value",
      meaning:
        "What is `masked` never stands on a page in full, and a reason text would show it, or what is "
        + "copied, computed or picked from it.",
      example: .firm(
        """
        decision offer: text hit first {
          rule large reason A-1 "{firm.id} is large."
            when size == L
            then "call"
          otherwise reason A-2 "Size {size}."
            then "mail"
        }
        """),
      mend: "Leave the value out of the text, or take `masked` off the field."),
    FindingPage(
      "L1", "Understood, and not run by this version",
      meaning: """
        The construct is parsed and checked, and then refused rather than ignored, so that nothing \
        passes for a result that it is not.
        """,
      example: .rules(
        """
        input firm from "firms" {
          id    text  key
          tags  list of text
        }
        """),
      mend: """
        Supply what is needed in another form, here as an event with a list, or write the rules without \
        it until a later version runs it.
        """),
  ]
}
