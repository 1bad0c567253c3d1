#!/usr/bin/env python3
"""Profiles of the published SME data, by exact fractions and no code of ours.

    sme_profiles.py DATA rows FILE       write the aggregates as rows for `explain decide --rows`
    sme_profiles.py DATA compare FILE    compare with what `explain decide` wrote, one JSON a line
"""

import csv
import json
import sys
from collections import Counter
from fractions import Fraction


def customers(data):
    with open(f"{data}/static_data_v1.csv", newline="") as file:
        sizes = {row["PARTY_ID"]: int(row["SIZE"]) for row in csv.DictReader(file)}
    with open(f"{data}/invoices_v1.csv", newline="") as file:
        for row in csv.DictReader(file):
            total, count = row["SUM_TAXINCLUSIVEAMOUNT"], row["INVOICE_COUNT"]
            foreign = sum(row[c] == "1" for c in row if c.startswith("CURRENCY_") and c[-3:] != "HUF")
            if Fraction(total) >= 0:
                yield row[""], sizes[row[""]], f"{total}/{count}", Fraction(total) / int(count), foreign


def rank(value, middle, large):
    return (value >= middle) + (value >= large)


def profile(size, average, foreign):
    amount, head, coverage = rank(average / size, 10_000, 100_000), rank(size, 50, 250), rank(foreign, 3, 6)
    if amount == head == coverage:
        return "Steady Customers"
    return "Under-performing Customers" if head < coverage > amount else "Developed Customers"


def main(data, verb, path):
    real = list(customers(data))
    if verb == "rows":
        with open(path, "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["enterprise.id", "enterprise.employees", "average", "currencies"])
            writer.writerows([party, size, quotient, foreign] for party, size, quotient, _, foreign in real)
        return 0
    expected = {party: profile(size, average, foreign) for party, size, _, average, foreign in real}
    cuts = sum(average / size in (10_000, 100_000) for _, size, _, average, _ in real)
    with open(path) as file:
        decided = {str(d["subject"]): d.get("outcome") for d in map(json.loads, file)}
    wrong = [p for p in expected.keys() | decided.keys() if expected.get(p) != decided.get(p)]
    print(f"{len(expected):,} customers, {cuts} on a cut point: {dict(Counter(expected.values()))}")
    print(f"customer 334628087: {decided.get('334628087')}")
    print(f"{len(wrong)} differences" + "".join(f"\n  {p}: {expected.get(p)} / {decided.get(p)}" for p in sorted(wrong)[:10]))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]) if len(sys.argv) == 4 else __doc__)
