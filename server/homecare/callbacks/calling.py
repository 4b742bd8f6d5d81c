"""One call at a time: taken in hand by one person alone, answered, or tried again later."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of
from server.errors import NotAllowed
from server.findings.models import FindingKind
from server.findings.service import Suspicion, put_findings
from server.homecare.callbacks import rules
from server.homecare.callbacks.errors import CallNotInHand, NoCallWaits
from server.homecare.callbacks.models import (
    CallBack,
    CallResult,
    CallState,
    CallTry,
    TryOutcome,
)
from server.homecare.callbacks.rules import Answers
from server.policies.queries import get_figures

HOLD_MINUTES, MOST_TRIES, AGAIN_HOURS = (
    "callbacks.hold_minutes",
    "callbacks.most_tries",
    "callbacks.again_hours",
)
# Whoever was reached least often comes first; who left a call lying loses it in time.
TAKE = text(
    """
    WITH next AS (
        SELECT id FROM call_back
         WHERE sample_id = :sample
           AND (state = 'waiting' AND (again_at IS NULL OR again_at <= :now)
                OR state = 'in_hand' AND held_until <= :now)
         ORDER BY tries, place LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE call_back c SET state = 'in_hand', tries = tries + 1, again_at = NULL,
           held_by = :staff, held_until = :until
      FROM next WHERE c.id = next.id RETURNING c.id, c.tries
    """
)


@all_or_nothing
def take_next(session: Session, sample_id: int) -> int:
    """Take the next call of a sample in hand, or the one already there; returns its number.

    Nobody else has it meanwhile, for so many minutes. Raises `NoCallWaits`, `NotAllowed`.
    """
    staff_id, now = _person(session), clock.now()
    held = _find_in_hand(session, staff_id)
    if held is not None:
        return held
    _drop_forgotten(session, staff_id)
    until = now + timedelta(minutes=_figures(session)[HOLD_MINUTES])
    values = {"sample": sample_id, "staff": staff_id, "now": now, "until": until}
    row = session.connection().execute(TAKE, values).one_or_none()
    if row is None:
        raise NoCallWaits()
    taken = CallTry(call_id=row.id, number=row.tries, staff_id=staff_id, taken_at=now)
    with refusing(session, {"uq_call_try_call_id_number": NoCallWaits()}):
        session.add(taken)
    return int(row.id)


@all_or_nothing
def answer(session: Session, call_id: int, answers: Answers) -> CallResult:
    """Write down what was said; what contradicts the visit is found, with the visit beside it.

    Raises `CallNotInHand`, `NotAllowed`.
    """
    call = _hold(session, call_id)
    result = rules.result_of(answers)
    call.state, call.result, call.answers = CallState.SETTLED, result, asdict(answers)
    _let_go(session, call, TryOutcome.TALKED)
    if result is CallResult.CONTRADICTS:
        put_findings(session, [_suspicion(call, answers)])
    return result


@all_or_nothing
def not_reached(session: Session, call_id: int, outcome: TryOutcome) -> CallState:
    """Nobody answered, or it was somebody else's number: try again later, so many times at most.

    Raises `CallNotInHand`, `NotAllowed`.
    """
    assert outcome is not TryOutcome.TALKED, "whoever was reached has answered"
    call, figures = _hold(session, call_id), _figures(session)
    if outcome is TryOutcome.PUT_BACK:
        call.state = CallState.WAITING
    elif call.tries >= figures[MOST_TRIES]:
        call.state = CallState.UNREACHED
    else:
        call.state = CallState.WAITING
        call.again_at = clock.now() + timedelta(hours=figures[AGAIN_HOURS])
    _let_go(session, call, outcome)
    return call.state


def find_own(session: Session) -> int | None:
    """Return the call that is in the hands of whoever asks, None for nobody's."""
    staff_id = actor_of(session).staff_id
    return None if staff_id is None else _find_in_hand(session, staff_id)


def _find_in_hand(session: Session, staff_id: int) -> int | None:
    query = select(col(CallBack.id)).where(
        col(CallBack.held_by) == staff_id, col(CallBack.held_until) > clock.now()
    )
    found: int | None = session.execute(query).scalar_one_or_none()
    return found


def _drop_forgotten(session: Session, staff_id: int) -> None:
    """A call that its holder left lying waits for somebody again."""
    lying = update(CallBack).where(
        col(CallBack.held_by) == staff_id, col(CallBack.held_until) <= clock.now()
    )
    session.execute(lying.values(state=CallState.WAITING, held_by=None, held_until=None))


def _hold(session: Session, call_id: int) -> CallBack:
    query = select(CallBack).where(
        col(CallBack.id) == call_id,
        col(CallBack.held_by) == _person(session),
        col(CallBack.held_until) > clock.now(),
    )
    call: CallBack | None = session.execute(query.with_for_update()).scalar_one_or_none()
    if call is None:
        raise CallNotInHand()
    return call


def _let_go(session: Session, call: CallBack, outcome: TryOutcome) -> None:
    call.held_by = call.held_until = None
    session.flush()
    tried = update(CallTry).where(
        col(CallTry.call_id) == call.id, col(CallTry.number) == call.tries
    )
    session.execute(tried.values(ended_at=clock.now(), outcome=outcome))


def _suspicion(call: CallBack, answers: Answers) -> Suspicion:
    evidence = {
        "visits": [call.visit_id],
        "site_id": call.site_id,
        "there": answers.there.value,
        "stayed": answers.stayed.value,
        "did": answers.did.value,
        "call": call.id,
    }
    kind, subject = FindingKind.HOME_CALL_CONTRADICTS, f"care_visit:{call.visit_id}"
    return Suspicion(kind, subject, call.resident_id, evidence)


def _figures(session: Session) -> Mapping[str, Any]:
    found = get_figures(session, [HOLD_MINUTES, MOST_TRIES, AGAIN_HOURS], on=clock.today())
    return {name: int(figure.value) for name, figure in found.items()}


def _person(session: Session) -> int:
    staff_id = actor_of(session).staff_id
    if staff_id is None:
        raise NotAllowed()
    return staff_id
