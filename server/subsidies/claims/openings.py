"""What can be claimed today: by whom, for which months, until when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from server import clock
from server.db.tables import table_of
from server.policies.programmes.schema import Programme
from server.subsidies.claims.claimants import Who
from server.subsidies.claims.models import Claimant, ClaimState, SubsidyClaim
from server.subsidies.claims.rules import (
    KINDS_OF,
    OpenDays,
    Stretch,
    claimable,
    next_opening,
)
from server.subsidies.claims.versions import list_claimed, working_day


@dataclass(frozen=True)
class Opening:
    """A claim that nobody has begun. Without a window, `opens_on` is when one opens."""

    who: Who
    programme: Programme
    stretch: Stretch | None
    window: OpenDays | None
    opens_on: date | None = None


def list_openings(session: Session, whose: Sequence[Who]) -> list[Opening]:
    """Return what these could claim and have not, with what opens later at the end."""
    today = clock.today()
    programmes = [one.programme for one in list_claimed(session, today)]
    claimed = _claimed(session, whose)
    found = [one for who in whose for one in _of(who, programmes, today)]
    open_now = [one for one in found if one.stretch and _key(one) not in claimed]
    later = [one for one in found if one.stretch is None and one.opens_on]
    return [*sorted(open_now, key=_by_deadline), *sorted(later, key=_by_deadline)]


def _of(who: Who, programmes: Iterable[Programme], today: date) -> Iterable[Opening]:
    for programme in programmes:
        assert programme.claim is not None, "only programmes that are claimed stand here"
        kinds = KINDS_OF.get(programme.facts, ())
        if programme.claim.by != who.claimant.value or (
            who.kind and kinds and who.kind not in kinds
        ):
            continue
        window, stretches = claimable(programme, today, working_day)
        yield from (Opening(who, programme, stretch, window) for stretch in stretches)
        if programme.claim.windows and window is None:
            opens_on = next_opening(programme, today, working_day)
            yield Opening(who, programme, None, None, opens_on)


def _claimed(session: Session, whose: Sequence[Who]) -> set[tuple[Claimant, int, str, date]]:
    claim = table_of(SubsidyClaim)
    query = select(claim.c.claimant, claim.c.claimant_id, claim.c.programme, claim.c.first_month)
    rows = session.execute(
        query.where(
            claim.c.claimant_id.in_({who.claimant_id for who in whose}),
            claim.c.state.not_in([ClaimState.REFUSED, ClaimState.WITHDRAWN]),
        )
    )
    return {(row[0], row[1], row[2], row[3]) for row in rows}


def _key(one: Opening) -> tuple[Claimant, int, str, date]:
    assert one.stretch is not None, "asked of what is open alone"
    who = one.who
    return who.claimant, who.claimant_id, one.programme.programme, one.stretch.first_month


def _by_deadline(one: Opening) -> tuple[date, str, date]:
    ends = one.window.closes_on if one.window else one.opens_on or date.max
    first = one.stretch.first_month if one.stretch else date.max
    return ends, one.programme.programme, first
