"""Rate a meal, complain or suggest, answer, and announce."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.errors import NotFound
from server.identity.roles import may
from server.meals.models import BookingStatus
from server.meals.voices.errors import (
    MealNotEaten,
    RatingIsFinal,
    VoiceAnswered,
    VoiceFollowed,
    VoiceNotAnswered,
    VoiceWithCounty,
)
from server.meals.voices.models import MealNotice, MealRating, MealVoice, MealVoiceKind
from server.places.workdays import workday_after
from server.policies.queries import get_figures

ANSWER_DAYS, HEAR = "meals.answer_days", "meals.hear-complaints"
CHANGEABLE = timedelta(days=1)


def rate(session: Session, booking: Row[Any], *, score: int) -> None:
    """Give a meal a face; for a day it can be changed. Raises `MealNotEaten`, `RatingIsFinal`."""
    if booking.status is not BookingStatus.COLLECTED:
        raise MealNotEaten()
    now = clock.now()
    said = {"score": score, "changed_at": now}
    whose = {
        "booking_id": booking.id,
        "resident_id": booking.resident_id,
        "site_id": booking.canteen_id,
        "service_on": booking.service_on,
        "rated_at": now,
    }
    new = upsert(table_of(MealRating)).values(whose | said)
    kept = new.on_conflict_do_update(
        index_elements=["booking_id"],
        set_=said,
        where=col(MealRating.rated_at) > now - CHANGEABLE,
    ).returning(table_of(MealRating).c.id)
    if session.execute(kept).scalar_one_or_none() is None:
        raise RatingIsFinal()


def can_rate(booking: Row[Any], rating: MealRating | None) -> bool:
    """True for a meal that was handed out, until a day after it was rated."""
    if booking.status is not BookingStatus.COLLECTED:
        return False
    return rating is None or rating.rated_at > clock.now() - CHANGEABLE


def say(session: Session, booking: Row[Any], *, kind: MealVoiceKind, words: str) -> MealVoice:
    """Complain of a meal or suggest something; the canteen answers by a day."""
    said = _said(session, booking.resident_id, booking.canteen_id, kind, words)
    said.booking_id = booking.id
    session.add(said)
    session.flush()
    return said


def say_not_solved(session: Session, voice_id: int, *, words: str) -> MealVoice:
    """Say of an answer that nothing is solved, once: the county looks into it.

    Raises `NotFound`, `VoiceNotAnswered`, and `VoiceFollowed`.
    """
    before = _hold(session, voice_id)
    if before.answered_at is None:
        raise VoiceNotAnswered()
    said = _said(session, before.resident_id, before.site_id, before.kind, words)
    said.booking_id, said.follows_id = before.booking_id, before.id
    with refusing(session, {"uq_meal_voice_follows_id": VoiceFollowed()}):
        session.add(said)
    return said


def hand_to_canteen(session: Session, voice_id: int, *, words: str) -> MealVoice:
    """The county lets the canteen answer what its answer has not solved, by a new day.

    Raises `NotFound`, and `VoiceAnswered` unless it waits with the county.
    """
    held = _hold(session, voice_id)
    if held.answered_at is not None or not is_with_county(held):
        raise VoiceAnswered()
    due_on = _due_on(session, held.kind)
    held.handed_at, held.handed_by = clock.now(), actor_of(session).staff_id
    held.handed_words, held.due_on = words, due_on
    session.flush()
    return held


def answer(session: Session, voice_id: int, *, words: str) -> MealVoice:
    """Say what becomes of it, once; what was not solved the county answers, or hands on.

    Raises `NotFound`, `VoiceAnswered`, `VoiceWithCounty`.
    """
    held = _hold(session, voice_id)
    if held.answered_at is not None:
        raise VoiceAnswered()
    if is_with_county(held) and not may(actor_of(session), HEAR):
        raise VoiceWithCounty()
    held.answer, held.answered_at = words, clock.now()
    held.answered_by = actor_of(session).staff_id
    session.flush()
    return held


def is_with_county(voice: MealVoice | Row[Any]) -> bool:
    """True for what an answer has not solved, until the county hands it on."""
    return voice.follows_id is not None and voice.handed_at is None


def announce(
    session: Session,
    *,
    site_id: int | None,
    division_code: str | None,
    title: str,
    words: str,
    starts_on: date,
    ends_on: date,
) -> MealNotice:
    """Tell the eaters of a canteen, or of all canteens of a county, something for some days."""
    staff_id = actor_of(session).staff_id
    assert staff_id is not None, "somebody of an office announces"
    told = MealNotice(
        site_id=site_id,
        division_code=division_code,
        title=title,
        words=words,
        starts_on=starts_on,
        ends_on=ends_on,
        made_at=clock.now(),
        made_by=staff_id,
    )
    session.add(told)
    session.flush()
    return told


def withdraw_notice(session: Session, notice_id: int) -> None:
    """Take an announcement back; doing it twice is as good as once. Raises `NotFound`."""
    told = session.get(MealNotice, notice_id)
    if told is None:
        raise NotFound()
    told.withdrawn_at = told.withdrawn_at or clock.now()
    session.flush()


def _said(
    session: Session, resident_id: int, site_id: int, kind: MealVoiceKind, words: str
) -> MealVoice:
    return MealVoice(
        kind=kind,
        resident_id=resident_id,
        site_id=site_id,
        words=words,
        said_at=clock.now(),
        due_on=_due_on(session, kind),
    )


def _hold(session: Session, voice_id: int) -> MealVoice:
    query = select(MealVoice).where(col(MealVoice.id) == voice_id).with_for_update()
    fresh = query.execution_options(populate_existing=True)
    held: MealVoice | None = session.execute(fresh).scalar_one_or_none()
    if held is None:
        raise NotFound()
    return held


def _due_on(session: Session, kind: MealVoiceKind) -> date:
    figure = get_figures(session, [ANSWER_DAYS], on=clock.today())[ANSWER_DAYS]
    what = "suggestion" if kind is MealVoiceKind.SUGGESTION else "complaint"
    return workday_after(clock.today(), int(figure.value[what]))
