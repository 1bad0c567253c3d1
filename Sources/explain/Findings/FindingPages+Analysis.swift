extension FindingPage {
  /// What is proved about decisions, and what their tests reach.
  static let analysisPages = [
    FindingPage(
      "G1", "A gap: no rule covers a case",
      meaning: """
        A decision without `otherwise` must cover every case. The finding names a case that no \
        rule covers, the whole gap around it, and a row or rule that would close it.
        """,
      example: .firm(
        """
        decision offer: text hit unique {
          rule small reason A-1 "Size {size}."
            when firm.employees < 50 person
            then "mail"
          rule large reason A-2 "Size {size}."
            when firm.employees >= 60 person
            then "call"
        }
        """),
      mend:
        "Add the rule that is missing, or an `otherwise` that says what holds in all other cases."
    ),
    FindingPage(
      "G2", "A value for which there is no rule",
      meaning: """
        A level, a truth value or a text that rules name is met by no rule, whatever the other \
        values are: it was most likely forgotten.
        """,
      example: .firm(
        """
        decision offer: text hit unique {
          rule small reason A-1 "Size {size}."
            when size == S
            then "mail"
          rule large reason A-2 "Size {size}."
            when size == L
            then "call"
        }
        """),
      mend: "Add a rule for the value, or an `otherwise` that says what holds in all other cases."),
    FindingPage(
      "O1", "Two rules hold at once, with different outcomes",
      meaning: """
        With `hit unique` at most one rule may hold. The finding names a case for which two do; \
        such a case would be refused.
        """,
      example: .firm(
        """
        decision offer: text hit unique {
          rule small reason A-1 "Size {size}."
            when size <= M
            then "mail"
          rule large reason A-2 "Size {size}."
            when size >= M
            then "call"
        }
        """),
      mend: "Narrow one of the rules, or choose `hit first` or `hit priority`."),
    FindingPage(
      "O2", "Two rules hold at once, with the same outcome",
      meaning: """
        The outcome is clear: the first of them decides. Which rule and reason are shown rests on \
        their order alone.
        """,
      example: .firm(
        """
        decision offer: text hit unique {
          rule small reason A-1 "Size {size}."
            when size <= M
            then "mail"
          rule large reason A-2 "Size {size}."
            when size >= M
            then "mail"
        }
        """),
      mend: "Narrow one of the rules, or choose `hit any`."),
    FindingPage(
      "U1", "A rule that never decides",
      meaning: """
        No case meets its condition, or one other rule takes every case that does. Dead text \
        misleads whoever reads it.
        """,
      example: .firm(
        """
        decision offer: text hit first {
          rule small reason A-1 "Size {size}."
            when size <= M
            then "mail"
          rule smallest reason A-2 "Size {size}."
            when size == S
            then "none"
          otherwise reason A-3 "Size {size}."
            then "call"
        }
        """),
      mend: "Remove the rule, move it before the one that covers it, or correct its condition."),
    FindingPage(
      "U2", "A rule that others together leave no case",
      meaning: """
        No single rule covers it, but several together do. An `otherwise` below rules that cover \
        everything is dead in the same way.
        """,
      example: .firm(
        """
        decision offer: text hit first {
          rule small reason A-1 "Size {size}."
            when size <= M
            then "mail"
          rule large reason A-2 "Size {size}."
            when size >= M
            then "call"
          otherwise reason A-3 "Size {size}."
            then "none"
        }
        """),
      mend: "Remove it, or correct the rules before it."),
    FindingPage(
      "T1", "A cut point that changes no outcome",
      meaning: """
        On both sides of the cut point every decision ends the same. The threshold looks as if it \
        mattered, and does not.
        """,
      example: .firm(
        """
        decision offer: text hit unique {
          rule small reason A-1 "Size {size}."
            when size <= M
            then "mail"
          rule large reason A-2 "Size {size}."
            when size == L
            then "call"
        }
        """),
      mend: "Remove the cut point, or correct the rules that were to use it."),
    FindingPage(
      "T2", "A rank that changes no outcome",
      meaning: "Whatever its level, every decision that asks for it ends the same.",
      example: .firm(
        """
        decision offer: text hit any {
          rule small reason A-1 "Size {size}."
            when size <= M
            then "mail"
          rule large reason A-2 "Size {size}."
            when size == L
            then "mail"
        }
        """),
      mend: "Leave it out of the decision, or correct the outcomes."),
    FindingPage(
      "T3", "A cut point outside the domain",
      meaning: """
        The input's bounds lie on one side of the cut point, so a level is never reached; or on one \
        side of what a condition compares it with, so that the comparison has one result.
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
          S below    50 person
          M below 2_500 person
          L otherwise
        }
        """),
      mend: "Correct the cut point or the bounds."),
    FindingPage(
      "S1", "How many combinations end in otherwise",
      meaning: """
        Not a fault: it tells how much of the decision is left to the default. `explain check \
        --list` names the combinations.
        """,
      example: .firm(
        """
        decision offer: text hit first {
          rule large reason A-1 "Size {size}."
            when size == L
            then "call"
          otherwise reason A-2 "Size {size}."
            then "mail"
        }
        """),
      mend: "Add rules for cases that deserve one."),
    FindingPage(
      "P1", "Not proved",
      meaning: """
        Every combination is looked at where they are few, and boxes of them where they are many. \
        Beyond a budget the search ends, and says so: nothing is called fine that was not proved. \
        `otherwise` is then required.
        """,
      example: .rules(
        """
        input firm from "firms" {
          id  text  key

        """
          + (1...18).map { "  a\($0)  bool\n  b\($0)  bool" }.joined(separator: "\n")
            + """

            }

            decision offer: text hit first {
              rule all reason A-1 "One of each pair."
                when
            """ + " "
          + (1...18).map { "(firm.a\($0) or firm.b\($0))" }.joined(separator: "\n       and ")
            + """

                  then "call"
              otherwise reason A-2 "A pair without any."
                then "mail"
            }
            """),
      mend: "Split the decision: name parts of its conditions with decisions or ranks of their own."
    ),
    FindingPage(
      "V1", "A test that failed",
      meaning: "The engine, given what the test gives, does not come to what the test expects.",
      example: .firm(
        """
        decision offer: text hit first {
          rule large reason A-1 "Size {size}."
            when size == L
            then "call"
          otherwise reason A-2 "Size {size}."
            then "mail"
        }

        test "a firm of 250" {
          given  firm.employees = 250 person
          expect offer = "mail"
        }
        """, .test),
      mend: "Correct the rules if the test is right, the test if the rules are."),
    FindingPage(
      "V2", "A property that does not hold",
      meaning: """
        A property says that one value rises or falls with another. The finding names two values \
        between which it does not.
        """,
      example: .firm(
        """
        property "more employees, higher size" { size falls with firm.employees }
        """, .test),
      mend: "Correct the rules, or the property."),
    FindingPage(
      "V3", "A property that is not proved",
      meaning: """
        Properties are decided for every input at once. Where that does not follow from how a value \
        is computed, or takes more than the budget, the property is not called proved.
        """,
      example: .firm(
        """
        input market from "markets" {
          id     text  key
          trend  int
        }

        let outlook = firm.employees * market.trend

        property "more employees, better outlook" { outlook rises with firm.employees }
        """, .test),
      mend: "Bound the other inputs, or state the property of a rank or a decision."),
    FindingPage(
      "C1", "A rule without a test",
      meaning: "With `--strict`: no test of the file is decided by this rule, or this override.",
      example: .firm(
        """
        decision offer: text hit first {
          rule large reason A-1 "Size {size}."
            when size == L
            then "call"
          otherwise reason A-2 "Size {size}."
            then "mail"
        }

        test "the last of the small, and the first of the large" {
          given  firm.employees = 250 person
          expect offer = "call"
        }
        """, .strictCheck),
      mend: "Add a test that the rule decides."),
    FindingPage(
      "C2", "A cut point that is not tested on both sides",
      meaning: "With `--strict`: thresholds go wrong by one, and a test on each side would tell.",
      example: .firm(
        """
        test "a small firm" {
          given  firm.employees = 49 person
          expect size = S
        }
        """, .strictCheck),
      mend: "Add tests just below and on the cut point."),
  ]
}
