"""对账: a day's statement of the provider held beside what is written here."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from server import clock
from server.db.refusals import refusing_finally
from server.db.sessions import TryAgain
from server.payments import queries, rules
from server.payments.models import PaymentDay, ProviderName
from server.payments.providing import StatementLine


def list_missed(
    session: Session, provider: ProviderName, day: date, lines: Sequence[StatementLine]
) -> list[str]:
    """Return the numbers that were paid and never told; the provider is asked of each."""
    return rules.missed(rules.differences(_ours(session, provider, day), _theirs(lines)))


def compare_day(
    session: Session, provider: ProviderName, day: date, lines: Sequence[StatementLine]
) -> PaymentDay:
    """Write down how the day compares; earlier comparisons stay to be read."""
    ours, theirs = _ours(session, provider, day), _theirs(lines)
    compared = PaymentDay(
        provider=provider,
        day=day,
        number=queries.last_number(session, provider, day) + 1,
        our_count=len(ours),
        our_fen=sum(ours.values()),
        their_count=len(theirs),
        their_fen=sum(theirs.values()),
        differences=rules.differences(ours, theirs),
        compared_at=clock.now(),
    )
    with refusing_finally({"uq_payment_day_provider_day_number": TryAgain()}):
        session.add(compared)
        session.flush()
    return compared


def _ours(session: Session, provider: ProviderName, day: date) -> dict[str, int]:
    begins = datetime.combine(day, time(), clock.CITY)
    ends = begins + timedelta(days=1)
    rows = queries.list_paid_between(session, provider, begins, ends)
    return {row.number: row.amount_fen for row in rows}


def _theirs(lines: Sequence[StatementLine]) -> dict[str, int]:
    """Together by number: what was paid twice under one number differs, and is seen."""
    theirs: Counter[str] = Counter()
    for line in lines:
        theirs[line.number] += line.amount_fen
    return dict(theirs)
