"""What must hold at the end of a year, each as a figure expected and a figure found."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from infra.bench.report import aligned
from infra.bench.year_city import YearSize
from infra.bench.year_hands import platform
from infra.bench.year_living import FALLS, RISES, Span, Year
from server.subsidies.reckoning.recomputing import recompute
from server.subsidies.reckoning.service import get_run

HEADINGS = ("", "runs", "claims", "cases", "due", "refused", "yuan", "findings",
            "claim s", "run s", "check s", "approve s", "notice s", "pay s",
            "differences s")  # fmt: skip
STEPS = ("claim", "run", "check", "approve", "notice", "pay", "differences")
RECOMPUTED = 3
SEVERE_FEN, WITH_FOUR_STARS, MOST_PERCENT = 30_000, 33_000, 30
OF_A_RUN = "r.kind <> 'what_if' AND r.stage <> 'discarded'"
SUMS = {
    "entries of the ledger": "SELECT coalesce(sum(amount_fen), 0) FROM ledger_entry",
    "postings out of balance": (
        "SELECT count(*) FROM (SELECT 1 FROM ledger_entry GROUP BY posting_id"
        " HAVING sum(amount_fen) <> 0) AS wrong"
    ),
    "runs with something due and not paid": (
        f"SELECT count(*) FROM subsidy_run r WHERE {OF_A_RUN} AND r.stage <> 'paid' AND EXISTS"
        " (SELECT 1 FROM subsidy_line l WHERE l.run_id = r.id AND l.outcome = 'due'"
        "  AND l.amount_fen > 0)"
    ),
    "batches not reconciled": "SELECT count(*) FROM subsidy_batch WHERE state <> 'reconciled'",
    "lines paid twice": (
        "SELECT count(*) FROM (SELECT 1 FROM subsidy_payment_line WHERE is_live"
        " GROUP BY run_id, number HAVING count(*) > 1) AS twice"
    ),
    "recoveries whose parts are not the whole": (
        "SELECT count(*) FROM subsidy_recovery"
        " WHERE amount_fen < netted_fen + received_fen + written_off_fen"
    ),
}
DUE = (
    f"SELECT coalesce(sum(l.amount_fen), 0) FROM subsidy_line l JOIN subsidy_run r"
    f" ON r.id = l.run_id WHERE {OF_A_RUN} AND l.outcome = 'due' AND l.amount_fen > 0"
)
IN_PAYMENTS = (
    "SELECT coalesce(sum(x.amount_fen), 0) FROM subsidy_payment_line x JOIN subsidy_payment p"
    " ON p.id = x.payment_id WHERE x.is_live AND p.state = 'paid'"
)
TO_ACCOUNTS = "SELECT coalesce(sum(amount_fen), 0) FROM subsidy_payment WHERE state = 'paid'"
NETTED = "SELECT coalesce(sum(netted_fen), 0) FROM subsidy_payment WHERE state = 'paid'"
CHANGED = (
    "SELECT coalesce(sum(l.amount_fen), 0) FROM subsidy_line l JOIN subsidy_run r"
    " ON r.id = l.run_id WHERE r.kind = 'difference' AND l.resident_id = :who"
)
TAKEN_FROM_SMALL = (
    "SELECT coalesce(max(100 * p.netted_fen / p.gross_fen), 0) FROM subsidy_payment p"
    " WHERE p.payee_kind = 'site' AND p.payee_id = :site AND p.state = 'paid'"
)
OWED_BY_SMALL = (
    "SELECT coalesce(sum(netted_fen), 0) FROM subsidy_recovery"
    " WHERE payee_kind = 'site' AND payee_id = :site"
)


@dataclass(frozen=True)
class Proof:
    """A figure that must be what is expected, to the fen."""

    what: str
    expected: int
    found: int

    @property
    def holds(self) -> bool:
        return self.expected == self.found


def prove(year: Year, size: YearSize, *, seed: int) -> list[Proof]:
    """Return everything that must hold of the year."""
    with platform() as session:
        return [
            *_nothing_wrong(session),
            *_money(session, year),
            *_put_right(session, year.span, size),
            *_claimed(year),
            *_recomputed(session, year, seed),
        ]


def table(year: Year) -> str:
    """Return what each programme came to and how long its steps took."""
    rows: list[tuple[str, ...]] = [HEADINGS]
    for name, one in year.tallies.items():
        counted = (one.runs, one.claims, one.cases, one.lines, one.refused)
        took = (f"{one.seconds.get(step, 0.0):.1f}" for step in STEPS)
        numbers = (f"{number:,}" for number in counted)
        rows.append((name, *numbers, f"{one.fen / 100:,.2f}", f"{one.findings:,}", *took))
    paid = year.paid
    return (
        f"{aligned(rows)}\n{paid.batches:,} batches, {paid.payments:,} payments of which"
        f" {paid.failed:,} failed and were paid again; the bank paid"
        f" {paid.statement_fen / 100:,.2f} yuan"
    )


def _nothing_wrong(session: Session) -> Iterator[Proof]:
    for what, asked in SUMS.items():
        yield Proof(what, 0, _figure(session, asked))


def _money(session: Session, year: Year) -> Iterator[Proof]:
    due, netted = _figure(session, DUE), _figure(session, NETTED)
    yield Proof("fen of lines in paid payments", due, _figure(session, IN_PAYMENTS))
    accounts = _figure(session, TO_ACCOUNTS)
    yield Proof("fen that the bank paid", accounts, year.paid.statement_fen)
    yield Proof("fen to accounts and netted", due, accounts + netted)


def _claimed(year: Year) -> Iterator[Proof]:
    for name, (handed_in, accepted) in year.claims.items():
        yield Proof(f"claims of {name} accepted", max(1, handed_in), accepted)


def _put_right(session: Session, span: Span, size: YearSize) -> Iterator[Proof]:
    """The months after a death, of a level that rose, and of one that fell."""
    owed = span.months_dead * SEVERE_FEN
    expected = {
        "told dead late": (size.late_dead, -owed),
        "level raised": (RISES, span.months_raised * WITH_FOUR_STARS),
        "level lowered": (FALLS, -span.months_lowered * WITH_FOUR_STARS),
    }
    for what, (who, fen) in expected.items():
        yield Proof(f"fen put right: {what}", fen, _figure(session, CHANGED, who=who))
    site = {"site": size.small_home}
    most = (span.months - span.late_after) * 3 * SEVERE_FEN * MOST_PERCENT // 100
    yield Proof("fen netted of the small home", min(owed, most),
                _figure(session, OWED_BY_SMALL, **site))  # fmt: skip
    yield Proof("most of a payment taken, in hundredths", MOST_PERCENT,
                _figure(session, TAKEN_FROM_SMALL, **site))  # fmt: skip


def _recomputed(session: Session, year: Year, seed: int) -> Iterator[Proof]:
    runs = sorted(run for run, name in year.runs.items())
    for run_id in Random(seed).sample(runs, RECOMPUTED):
        verdict = recompute(session, get_run(session, run_id))
        found = verdict.total_fen if verdict.holds else -1
        yield Proof(f"run {run_id} ({year.runs[run_id]}) recomputed", verdict.stored_fen, found)


def _figure(session: Session, asked: str, **given: Any) -> int:
    return int(session.connection().execute(text(asked), given).scalar_one())
