"""What a claim would come to by what is known today, before anybody begins it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from server import clock
from server.i18n.catalogues import gettext as _
from server.policies.programmes.schema import Programme
from server.subsidies.claims.asking import get_claimed_by, open_for
from server.subsidies.claims.claimants import get_who
from server.subsidies.claims.looking import How, Look, Wanted, look
from server.subsidies.claims.models import Claimant
from server.subsidies.claims.rules import Stretch, claimable
from server.subsidies.claims.versions import working_day
from server.subsidies.models import Outcome
from server.subsidies.reckoning.explaining import Case, Said, in_brief
from server.subsidies.reckoning.wording import yuan


@dataclass(frozen=True)
class Foreseen:
    """The look, and how its sum comes about; where nothing would be paid, why not.

    `known` are the first months of those open periods of which anything is known.
    """

    look: Look
    sentences: Sequence[Said]
    known: Sequence[date]


def foresee(
    session: Session, *, claimant: Claimant, claimant_id: int, programme: str, first_month: date
) -> Foreseen:
    """Look at what a claim of this period would be for. Raises `ClaimsClosed` and `NotFound`."""
    get_who(session, claimant, claimant_id)
    found = get_claimed_by(session, claimant, programme)
    stretch = open_for(found.programme, first_month)[1]
    wanted = Wanted(found.programme, claimant, claimant_id, stretch)
    seen = look(session, wanted)
    sentences = _sentences(found.programme, found.version_id, seen.how)
    return Foreseen(seen, sentences, _known(session, wanted))


def _known(session: Session, wanted: Wanted) -> list[date]:
    """All that is open is looked at together: periods follow one another without a gap."""
    _, open_now = claimable(wanted.programme, clock.today(), working_day)
    months = sum(one.months for one in open_now)
    whole = replace(wanted, stretch=Stretch(open_now[0].first_month, months))
    there = {date.fromisoformat(f"{one['month']}-01") for one in look(session, whole).cases}
    return [
        one.first_month
        for one in open_now
        if any(one.first_month <= month < one.until for month in there)
    ]


def _sentences(programme: Programme, version_id: int, cases: Sequence[How]) -> list[Said]:
    """What several cases have in common is said once, with how many there are."""
    told = [(how.amount_fen, tuple(_brief(programme, version_id, how))) for how in cases]
    found: list[Said] = []
    for (fen, said), times in Counter(told).items():
        if fen:
            found.append(_times(times, fen))
        found += said
    return list(dict.fromkeys(found))


def _brief(programme: Programme, version_id: int, how: How) -> Sequence[Said]:
    outcome = Outcome.REFUSED if how.trace.get("reasons") else Outcome.DUE
    case = Case(
        programme, version_id, how.on_day, how.on_day, how.facts, outcome, how.amount_fen,
        how.trace, {},
    )  # fmt: skip
    return in_brief(case)


def _times(times: int, fen: int) -> Said:
    if times == 1:
        return Said(_("Once {amount}:", amount=yuan(fen)))
    return Said(_("{number} times {amount}, together {sum}:", number=times, amount=yuan(fen),
                  sum=yuan(fen * times)))  # fmt: skip
