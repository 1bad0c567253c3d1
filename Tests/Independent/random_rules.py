#!/usr/bin/env python3
"""Random rulesets, decided by `explain` and by a plain reading of what they mean.

    Tests/Independent/random_rules.py EXPLAIN [RULESETS] [SEED]

Each ruleset has inputs that may be missing, computed values, named conditions, ranks and a decision
with one of the hit policies. What `explain decide --rows` says of random rows, of rows on the cut
points and beside them, must be what the plain reading says; a rule of which `explain check` says that
it never holds or never decides must decide none of them, and where it finds no gap there must be none.
"""
import csv, json, os, random, re, subprocess, sys, tempfile
from fractions import Fraction

MISSING = None


class Ruleset:
    """A random ruleset: its text, and how it decides."""

    def __init__(self, rng):
        self.rng = rng
        self.values = {}   # name -> (kind, definition)
        self.asked = set()
        self.text = []
        self.inputs()
        self.lets()
        self.scales()
        self.decision()

    # ---- declarations

    def inputs(self):
        rng = self.rng
        lines = ['input e from "rows" {', "  id  text key"]
        self.fields = []
        for number in range(rng.randint(2, 4)):
            name = "e.n%d" % number
            low = rng.choice([0, 0, 1, -5])
            high = low + rng.choice([3, 6, 10])
            stand_in = rng.choice([None, None, rng.randint(low, high)])
            scale = rng.choice([0, 0, 1])
            kind = "int" if scale == 0 else "decimal(1)"
            missing = '   missing as ""' + (" missing %d" % stand_in if stand_in is not None else "")
            lines.append("  n%d  %s  in %d ... %d%s" % (number, kind, low, high, missing))
            self.fields.append((name, low, high, scale))
            self.values[name] = ("number", ("field", stand_in), (low, high))
        lines.append('  k   text   missing as ""')
        self.values["e.k"] = ("text", ("field", None), None)
        self.text += lines + ["}"]

    def numbers(self):
        return [name for name, value in self.values.items() if value[0] == "number"]

    def lets(self):
        rng = self.rng
        for number in range(rng.randint(0, 3)):
            name = "v%d" % number
            left, right = rng.choice(self.numbers()), rng.choice(self.numbers())
            operation = rng.choice("+-*/")
            if rng.random() < 0.3:
                right = rng.choice([1, 2, 3, 5])
            stand_in = rng.choice([None, rng.randint(-3, 9)])
            if operation == "/" and not self.never_zero(right) and stand_in is None:
                stand_in = 0
            self.values[name] = ("number", ("let", operation, left, right, stand_in), None)
            line = "let %s = %s %s %s" % (name, left, operation, right)
            self.text.append(line + (" missing %d" % stand_in if stand_in is not None else ""))
        for number in range(rng.randint(0, 2)):
            name = "c%d" % number
            condition = self.condition(2, mayAsk=False)
            stand_in = rng.choice([None, None, True, False])
            self.values[name] = ("boolean", ("condition", condition, stand_in), None)
            line = "let %s = %s" % (name, self.spelled(condition))
            self.text.append(
                line + (" missing %s" % str(stand_in).lower() if stand_in is not None else ""))

    def never_zero(self, operand):
        if isinstance(operand, int):
            return operand != 0
        bounds = self.values[operand][2]
        stand_in = self.values[operand][1][1] if bounds else 0
        return bounds is not None and bounds[0] > 0 and stand_in != 0

    def scales(self):
        rng = self.rng
        self.levels = ["A", "B", "C", "D"][: rng.randint(2, 4)]
        self.text.append("scale S: " + " < ".join(self.levels))
        for number in range(rng.randint(0, 2)):
            name, source = "r%d" % number, rng.choice(self.numbers())
            cuts = sorted(rng.sample(range(-3, 12), len(self.levels) - 1))
            words = [rng.choice(["below", "up to"]) for _ in cuts]
            order = list(range(len(self.levels)))
            if rng.random() < 0.3:
                order.reverse()
            self.values[name] = ("rank", ("rank", source, cuts, words, order), None)
            lines = ["rank %s: S by %s {" % (name, source)]
            for level, word, cut in zip(order, words, cuts):
                lines.append("  %s %s %d" % (self.levels[level], word, cut))
            lines.append("  %s otherwise" % self.levels[order[-1]])
            self.text += lines + ["}"]

    def condition(self, depth, mayAsk=True):
        rng = self.rng
        if depth > 0 and rng.random() < 0.55:
            kind = rng.choice(["and", "or", "not"])
            if kind == "not":
                return ("not", self.condition(depth - 1, mayAsk))
            return (kind, [self.condition(depth - 1, mayAsk) for _ in range(rng.randint(2, 3))])
        names = list(self.values)
        name = rng.choice(names)
        kind, definition, _ = self.values[name]
        if mayAsk and rng.random() < 0.12:
            stand_in = definition[1] if kind in ("number", "text") and definition[0] == "field" \
                else definition[-1] if definition[0] in ("let", "condition") else None
            if stand_in is None and definition[0] in ("field", "let"):
                self.asked.add(name)
                return ("missing" if rng.random() < 0.6 else "present", name)
        if kind == "boolean":
            return ("true", name)
        if kind == "text":
            if rng.random() < 0.5:
                return ("among", name, rng.sample(["x", "y", "z"], rng.randint(1, 2)))
            return ("compare", name, rng.choice(["==", "!="]), ("text", rng.choice("xyz")))
        if kind == "rank":
            ranks = [other for other in names if self.values[other][0] == "rank"]
            symbol = rng.choice(["==", "!=", "<", "<=", ">", ">="])
            if len(ranks) > 1 and rng.random() < 0.5:
                return ("compare", name, symbol, ("value", rng.choice(ranks)))
            return ("compare", name, symbol, ("level", rng.randrange(len(self.levels))))
        symbol = rng.choice(["==", "!=", "<", "<=", ">", ">="])
        bounds = self.values[name][2] or (-3, 11)
        if rng.random() < 0.25:
            low = rng.randint(*bounds)
            return ("between", name, low, low + rng.randint(0, 5), rng.random() < 0.5)
        if rng.random() < 0.3:
            return ("compare", name, symbol, ("value", rng.choice(self.numbers())))
        return ("compare", name, symbol, ("number", rng.randint(*bounds)))

    def spelled(self, condition):
        kind = condition[0]
        if kind in ("and", "or"):
            return "(" + (" %s " % kind).join(self.spelled(part) for part in condition[1]) + ")"
        if kind == "not":
            return "not (" + self.spelled(condition[1]) + ")"
        if kind in ("missing", "present"):
            return "%s is %s" % (condition[1], kind)
        if kind == "true":
            return condition[1]
        if kind == "among":
            return "%s in (%s)" % (condition[1], ", ".join('"%s"' % text for text in condition[2]))
        if kind == "between":
            _, name, low, high, closed = condition
            return "%s in %d %s %d" % (name, low, "..." if closed else "..<", high)
        _, name, symbol, (what, other) = condition
        side = {"text": '"%s"', "value": "%s", "number": "%s"}.get(what)
        return "%s %s %s" % (name, symbol, self.levels[other] if what == "level" else side % other)

    def decision(self):
        rng = self.rng
        self.hit = rng.choice(["first", "first", "unique", "any", "priority"])
        outcomes = ["one", "two", "three"]
        self.rules = [(self.condition(3), rng.choice(outcomes)) for _ in range(rng.randint(1, 5))]
        self.otherwise = rng.choice(outcomes) if rng.random() < 0.8 else None
        self.priorities = rng.sample(outcomes, 3)
        hit = self.hit
        if hit == "priority":
            hit += " " + " > ".join('"%s"' % text for text in self.priorities)
        self.text.append("decision d: text hit %s {" % hit)
        for number, (condition, outcome) in enumerate(self.rules):
            self.text.append('  rule q%d reason R-%d "A." when %s then "%s"'
                             % (number, number, self.spelled(condition), outcome))
        if self.otherwise is not None:
            self.text.append('  otherwise reason R-X "B." then "%s"' % self.otherwise)
        self.text.append("}")

    # ---- meaning

    def value(self, name, row, known):
        if name in known:
            return known[name]
        kind, definition, _ = self.values[name]
        if definition[0] == "field":
            found = row[name] if row[name] is not MISSING else definition[1]
        elif definition[0] == "let":
            _, operation, left, right, stand_in = definition
            a = self.value(left, row, known)
            b = Fraction(right) if isinstance(right, int) else self.value(right, row, known)
            if a is MISSING or b is MISSING or (operation == "/" and b == 0):
                found = MISSING
            else:
                found = {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else 0}[operation]
            if found is MISSING and stand_in is not None:
                found = Fraction(stand_in)
        elif definition[0] == "condition":
            needed = [part for part in self.names(definition[1]) if not self.tolerated(part)]
            if any(self.value(part, row, known) is MISSING for part in needed):
                found = definition[2]
            else:
                found = self.holds(definition[1], row, known)
        else:
            _, source, cuts, words, order = definition
            number = self.value(source, row, known)
            found = MISSING
            if number is not MISSING:
                place = len(cuts)
                for index, (cut, word) in enumerate(zip(cuts, words)):
                    if number < cut or (word == "up to" and number == cut):
                        place = index
                        break
                found = order[place]
        known[name] = found
        return found

    def holds(self, condition, row, known):
        kind = condition[0]
        if kind == "and":
            return all(self.holds(part, row, known) for part in condition[1])
        if kind == "or":
            return any(self.holds(part, row, known) for part in condition[1])
        if kind == "not":
            return not self.holds(condition[1], row, known)
        value = self.value(condition[1], row, known)
        if kind == "missing":
            return value is MISSING
        if kind == "present":
            return value is not MISSING
        if value is MISSING:
            return False
        if kind == "true":
            return value
        if kind == "among":
            return value in condition[2]
        if kind == "between":
            _, _, low, high, closed = condition
            return low <= value and (value <= high if closed else value < high)
        _, _, symbol, (what, other) = condition
        if what == "value":
            other = self.value(other, row, known)
            if other is MISSING:
                return False
        return {"==": value == other, "!=": value != other, "<": symbol == "<" and value < other,
                "<=": symbol == "<=" and value <= other, ">": symbol == ">" and value > other,
                ">=": symbol == ">=" and value >= other}[symbol]

    def names(self, condition):
        if condition[0] in ("and", "or"):
            return [name for part in condition[1] for name in self.names(part)]
        if condition[0] == "not":
            return self.names(condition[1])
        names = [condition[1]]
        if condition[0] == "compare" and condition[3][0] == "value":
            names.append(condition[3][1])
        return names

    def operands(self, name):
        definition = self.values[name][1]
        if definition[0] == "let":
            return [side for side in definition[2:4] if not isinstance(side, int)]
        if definition[0] == "condition":
            return self.names(definition[1])
        return [definition[1]] if definition[0] == "rank" else []

    def tolerated(self, name):
        """Whether decisions are made without the value: a rule asks whether it is missing, or whether
        one that it rests on is."""
        definition = self.values[name][1]
        if definition[0] == "field" and definition[1] is not None:
            return False
        if definition[0] in ("let", "condition") and definition[-1] is not None:
            return False
        return name in self.asked or any(self.tolerated(other) for other in self.operands(name))

    def required(self):
        needed, open_names = set(), [n for condition, _ in self.rules for n in self.names(condition)]
        while open_names:
            name = open_names.pop()
            if name in needed:
                continue
            needed.add(name)
            definition = self.values[name][1]
            # A named condition is read as if it stood in its place.
            if definition[0] == "condition" and definition[2] is None and name not in self.asked:
                open_names += self.names(definition[1])
        return [name for name in needed if not self.tolerated(name)]

    def decide(self, row):
        """The outcome, and the rule that decides; or why there is none."""
        known = {}
        if any(self.value(name, row, known) is MISSING for name in self.required()):
            return ("refused", None)
        held = [n for n, (condition, _) in enumerate(self.rules) if self.holds(condition, row, known)]
        if not held:
            return ("gap", None) if self.otherwise is None else (self.otherwise, "otherwise")
        outcomes = {self.rules[number][1] for number in held}
        if self.hit in ("unique", "any") and len(outcomes) > 1:
            return ("conflict", None)
        first = held[0]
        if self.hit == "priority":
            first = min(held, key=lambda n: (self.priorities.index(self.rules[n][1]), n))
        return (self.rules[first][1], "q%d" % first)

    def rows(self, count):
        rng = self.rng
        for _ in range(count):
            row = {}
            for name, low, high, scale in self.fields:
                number = Fraction(rng.randint(low * 10**scale, high * 10**scale), 10**scale)
                row[name] = MISSING if rng.random() < 0.12 else number
            row["e.k"] = rng.choice([MISSING, "x", "y", "z", "other"])
            yield row


def number_text(value, scale):
    return "%.*f" % (scale, value) if scale else str(int(value))


def run(explain, folder, number, rng):
    ruleset = Ruleset(rng)
    path = os.path.join(folder, "r.rules")
    header = 'ruleset random version 1 {\n  owner "Tests"\n}\n'
    with open(path, "w") as file:
        file.write(header + "\n".join(ruleset.text) + "\n")
    check = subprocess.run([explain, "check", path], capture_output=True, text=True)
    found = re.findall(r"^(error|warning|note)\[(\w+)\]: (.*)$", check.stdout + check.stderr, re.M)
    rows = list(ruleset.rows(150))
    expected = [ruleset.decide(row) for row in rows]
    faults = []
    codes = {code for _, code, _ in found}
    if codes & {"X5", "Y1", "Y2", "N1", "X7"}:
        return "unsound", []
    if "P1" not in codes:
        if "G1" not in codes and "G2" not in codes and any(e[0] == "gap" for e in expected):
            faults.append("a gap that was not found")
        if "O1" not in codes and any(e[0] == "conflict" for e in expected):
            faults.append("a conflict that was not found")
        deciding = {rule for _, rule in expected}
        for _, code, message in found:
            name = re.match(r"`(q\d+|otherwise)`", message)
            if code in ("U1", "U2") and name and name[1] in deciding:
                faults.append("%s decides, but: %s" % (name[1], message))
    if any(severity == "error" for severity, _, _ in found):
        return "refused", faults
    table = os.path.join(folder, "rows.csv")
    with open(table, "w", newline="") as file:
        writer = csv.writer(file)
        names = [field[0] for field in ruleset.fields]
        writer.writerow(["e.id"] + names + ["e.k"])
        for place, row in enumerate(rows):
            cells = ["" if row[field[0]] is MISSING else number_text(row[field[0]], field[3])
                     for field in ruleset.fields]
            writer.writerow([place] + cells + [row["e.k"] or ""])
    log = os.path.join(folder, "log")
    subprocess.run(["rm", "-rf", log])
    decided = subprocess.run(
        [explain, "decide", path, "--rows", table, "--log", log, "--as-of", "2024-01-01"],
        capture_output=True, text=True)
    if decided.returncode != 0:
        return "failed", faults + ["decide: " + decided.stderr.strip()[:200]]
    lines = [json.loads(line) for line in decided.stdout.splitlines() if line.startswith("{")]
    if len(lines) != len(rows):
        return "failed", faults + ["%d decisions on %d rows" % (len(lines), len(rows))]
    for line, want, row in zip(lines, expected, rows):
        got = (line["outcome"], line["rule"]) if line["status"] == "decided" else ("refused", None)
        if want[0] in ("gap", "conflict"):
            want = ("refused", None)
        if got != want:
            shown = {name: None if value is None else str(value) for name, value in row.items()}
            faults.append("%s: decided %s, expected %s" % (shown, got, want))
            break
    return "decided", faults


def main():
    explain = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    ended, wrong = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            end, faults = run(explain, folder, number, random.Random("%d %d" % (seed, number)))
            ended[end] = ended.get(end, 0) + 1
            if faults:
                wrong += 1
                print("ruleset %d of seed %d:" % (number, seed))
                for fault in faults:
                    print("  " + fault)
                print(open(os.path.join(folder, "r.rules")).read())
    print("%d random rulesets: %s; %d with differences"
          % (count, ", ".join("%d %s" % (n, end) for end, n in sorted(ended.items())), wrong))
    return 1 if wrong or ended.get("decided", 0) * 10 < count else 0


sys.exit(main())
