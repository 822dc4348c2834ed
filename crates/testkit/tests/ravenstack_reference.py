#!/usr/bin/env python3
"""Computes MRR and active clients straight from RavenStack's files, apart from all of Essor's code.

    ravenstack_reference.py DIR DAY...

prints a JSON list with one object a day: {"asOf", "mrrCents", "activeClients"}. A subscription counts on a day when
start <= day < end and it is not a trial; a client is active when its MRR is above zero. Standard library only.
"""

import csv
import datetime
import decimal
import json
import pathlib
import sys


def subscriptions(directory):
    """Yields (account, first day, first day that no longer counts or None, cents a month) of what is paid for."""
    with open(directory / "subscriptions.csv", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["is_trial"].strip().lower() == "true":
                continue
            cents = decimal.Decimal(row["mrr_amount"].strip()) * 100
            # Half-even to the cent, as the product rounds.
            cents = int(cents.quantize(decimal.Decimal(1), rounding=decimal.ROUND_HALF_EVEN))
            end = row["end_date"].strip()
            yield (
                row["account_id"].strip(),
                datetime.date.fromisoformat(row["start_date"].strip()),
                datetime.date.fromisoformat(end) if end else None,
                cents,
            )


def as_of(paid, day):
    """The figures of one day."""
    clients = {}
    for account, start, end, cents in paid:
        if start <= day and (end is None or day < end):
            clients[account] = clients.get(account, 0) + cents
    return {
        "asOf": day.isoformat(),
        "mrrCents": sum(clients.values()),
        "activeClients": sum(1 for cents in clients.values() if cents > 0),
    }


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    paid = list(subscriptions(pathlib.Path(arguments[0])))
    days = [datetime.date.fromisoformat(text) for text in arguments[1:]]
    print(json.dumps([as_of(paid, day) for day in days], indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
