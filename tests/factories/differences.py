"""Runs as they would have been reckoned on a day, from what the registers said then."""

from server.policies.programmes.reckoning import reckon
from server.policies.programmes.schema import Programme
from server.subsidies.reckoning.cells import facts_from
from tests.factories.subsidies import JANUARY, make_run
from tests.factories.subsidy_facts import facts_of


def reckoned_run(session, version, first=JANUARY, months=1, **given):
    """A regular run of the version over all that the registers say now."""
    programme = Programme.model_validate(version.content)
    until = first.replace(
        year=first.year + (first.month + months - 1) // 12,
        month=(first.month + months - 1) % 12 + 1,
    )
    lines = [
        _line(programme, row) for row in facts_of(session, programme.facts, first, until)
    ]  # fmt: skip
    return make_run(session, lines, version=version, first_month=first, months=months, **given)


def due_of(session, version, first=JANUARY, months=1):
    """What such a run would give, as (person, month, part) → fen."""
    programme = Programme.model_validate(version.content)
    until = first.replace(
        year=first.year + (first.month + months - 1) // 12,
        month=(first.month + months - 1) % 12 + 1,
    )
    rows = facts_of(session, programme.facts, first, until)
    amounts = {
        (row.beneficiary_id, row.month, row.part): _line(programme, row)["amount_fen"]
        for row in rows
    }
    return {case: fen for case, fen in amounts.items() if fen}


def _line(programme, row):
    outcome = reckon(programme, facts_from(row.facts), on=row.on_day)
    named = ("resident_id", "caregiver_id", "site_id", "month", "part", "subject", "facts")
    return {
        **{name: getattr(row, name) for name in named},
        "beneficiary_id": row.beneficiary_id,
        "amount_fen": outcome.amount_fen,
        "outcome": "refused" if outcome.reasons else "due" if outcome.amount_fen else "nothing",
    }
