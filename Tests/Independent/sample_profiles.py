#!/usr/bin/env python3
"""Profiles of the sample's customers from its events, by exact fractions and no code of ours.

    sample_profiles.py SAMPLE RATES DECISIONS    compare with the last decision on each customer
"""

import csv
import json
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction

from sme_profiles import profile


def main(sample, rates_path, decisions):
    with open(rates_path, newline="") as file:
        rates = {(row["date"], row["currency"]): Fraction(row["huf"]) for row in csv.DictReader(file)}
    with open(f"{sample}/static.csv", newline="") as file:
        sizes = {row["PARTY_ID"]: row["SIZE"] for row in csv.DictReader(file)}
    sums, counts, foreign, decided = defaultdict(Fraction), Counter(), defaultdict(set), set()
    with open(f"{sample}/invoices.csv", newline="") as file:
        for row in csv.DictReader(file):
            party, payable, day = row["party_id"], Fraction(row["payableamount"]), row["issuedate"]
            if party not in sizes:
                continue
            if day >= "2021-01-01":
                decided.add(party)
            if payable < 0:
                continue
            if row["currency"] != "HUF":
                foreign[party].add(row["currency"])
                days = (str(date.fromisoformat(day) - timedelta(back)) for back in range(8))
                rate = next(rates[d, row["currency"]] for d in days if (d, row["currency"]) in rates)
                payable = Fraction(round(payable * rate * 100), 100)
            sums[party] += payable
            counts[party] += 1
    expected = {}
    for party in decided:
        known = counts[party] and sizes[party] not in ("", "Ismeretlen", "0")
        average = sums[party] / counts[party] if counts[party] else None
        expected[party] = profile(int(sizes[party]), average, len(foreign[party])) if known else None
    with open(decisions) as file:
        lines = (d for d in map(json.loads, file) if d["decision"] == "invoice_profile")
        actual = {d["subject"]: d.get("outcome") for d in lines}
    wrong = [p for p in expected.keys() | actual.keys() if expected.get(p, 0) != actual.get(p, 0)]
    print(f"{len(expected):,} customers of the sample: {dict(Counter(expected.values()))}")
    print(f"{len(wrong)} differences" + "".join(f"\n  {p}: {expected.get(p)} / {actual.get(p)}" for p in sorted(wrong)[:10]))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]) if len(sys.argv) == 4 else __doc__)
