"""Customers' features from the files that `explain sample` writes, by the rules' own definitions."""

import csv
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pandas

UNKNOWN_SIZES = {"", "Ismeretlen", "0"}


def read_rates(path):
    with open(path, newline="") as file:
        return {(row["date"], row["currency"]): Fraction(row["huf"]) for row in csv.DictReader(file)}


def read_profiles(sample: Path, rates_path: Path) -> pandas.DataFrame:
    """One row for each customer with a known size and at least one kept invoice.

    INVOICE_COUNT and CURRENCIES are `count(kept)` and the distinct foreign currencies of
    rules/invoice-profile.rules; AVERAGE is the mean kept invoice in HUF.
    """
    rates = read_rates(rates_path)
    cache = {}

    def rate(day, currency):
        key = (day, currency)
        if key not in cache:
            issued = date.fromisoformat(day)
            days = (str(issued - timedelta(back)) for back in range(8))
            cache[key] = next(rates[d, currency] for d in days if (d, currency) in rates)
        return cache[key]

    counts, sums, foreign = defaultdict(int), defaultdict(Fraction), defaultdict(set)
    with open(sample / "invoices.csv", newline="") as file:
        for row in csv.DictReader(file):
            payable = Fraction(row["payableamount"])
            if payable < 0:
                continue
            party, currency = row["party_id"], row["currency"]
            counts[party] += 1
            if currency != "HUF":
                foreign[party].add(currency)
                # Once per event, half to even, to hundredths of a forint.
                payable = Fraction(round(payable * rate(row["issuedate"], currency) * 100), 100)
            sums[party] += payable
    rows = []
    with open(sample / "static.csv", newline="") as file:
        for row in csv.DictReader(file):
            party = row["PARTY_ID"]
            if row["SIZE"] in UNKNOWN_SIZES or party not in counts:
                continue
            rows.append(
                {
                    "PARTY_ID": party,
                    "INVOICE_COUNT": counts[party],
                    "SIZE": int(row["SIZE"]),
                    "CURRENCIES": len(foreign[party]),
                    "AVERAGE": float(sums[party] / counts[party]),
                    "PREMIUM": int(int(row["PACKAGE"]) >= 8),
                }
            )
    return pandas.DataFrame(rows)
