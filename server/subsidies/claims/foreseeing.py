"""What a claim would come to by what is known today, before anybody begins it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from server import clock
from server.i18n.catalogues import gettext as _
from server.policies.programmes.schema import Programme
from server.subsidies.claims.asking import get_claimed_by, open_for
from server.subsidies.claims.claimants import Who, get_who
from server.subsidies.claims.looking import How, Look, Wanted, look, look_at_all
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
    who = get_who(session, claimant, claimant_id)
    found = get_claimed_by(session, claimant, programme)
    stretch = open_for(found.programme, first_month)[1]
    seen = look(session, Wanted(found.programme, claimant, claimant_id, stretch))
    sentences = _sentences(found.programme, found.version_id, seen.how)
    known = list_known(session, who, [found.programme])
    return Foreseen(seen, sentences, known[found.programme.programme])


def list_known(
    session: Session, who: Who, programmes: Sequence[Programme]
) -> dict[str, list[date]]:
    """Return programme → first months of its open periods of which anything is known.

    All that is open is looked at together: periods follow one another without a gap.
    """
    today = clock.today()
    open_now = {one.programme: claimable(one, today, working_day)[1] for one in programmes}
    asked = [one for one in programmes if open_now[one.programme]]
    whose = (who.claimant, who.claimant_id)
    looks = look_at_all(
        session, [Wanted(one, *whose, _all(open_now[one.programme])) for one in asked]
    )
    return {
        one.programme: _among(open_now[one.programme], seen)
        for one, seen in zip(asked, looks, strict=True)
    }


def _all(periods: Sequence[Stretch]) -> Stretch:
    return Stretch(periods[0].first_month, sum(one.months for one in periods))


def _among(periods: Sequence[Stretch], seen: Look) -> list[date]:
    there = {date.fromisoformat(f"{one['month']}-01") for one in seen.cases}
    return [
        one.first_month
        for one in periods
        if any(one.first_month <= month < one.until for month in there)
    ]


def _sentences(programme: Programme, version_id: int, cases: Sequence[How]) -> list[Said]:
    """What several cases have in common is said once, with how many there are."""
    told = [(how.amount_fen, tuple(_brief(programme, version_id, how))) for how in cases]
    found: list[Said] = []
    for (fen, said), times in Counter(told).items():
        if fen and len(told) > 1:
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
