"""Renovations of the demo: homes in each stage of the way, with drawn pictures of rooms."""

import io
import random
from collections.abc import Callable, Sequence
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import Row, text
from sqlmodel import Session

from infra.demo.sites import FIRST_HOME_CARE
from server import clock
from server.facilities.referrals.models import RequestedBy
from server.homecare.renovations import applying, building, catalogue, photos, quoting, surveying
from server.homecare.renovations.errors import HomeRenovated
from server.homecare.renovations.models import (
    PhotoPhase,
    RenovationAcceptance,
    RenovationItem,
    Room,
)
from server.homecare.renovations.queries import find_quote, list_needs

# How far each home of the demo has come: the number of steps below that were taken for it.
FAR = (5, 1, 2, 3, 4, 6, 7, 8, 8, 8, 4, 0)
NEEDED = ((Room.TOILET, "grab_bar", 2), (Room.TOILET, "shower_chair", 1),
          (Room.BEDROOM, "bed_rail", 1))  # fmt: skip
PRICES_FEN = {"grab_bar": 28_000, "shower_chair": 42_000, "bed_rail": 36_000}
ROOMS = (Room.TOILET, Room.BEDROOM)
# Devices named for beds at home by Nanjing (S21); for renovations nobody has published them.
OF_THE_CITY = (("emergency_call", "紧急呼叫器", "Emergency call", 60_000),
               ("smoke_gas_alarm", "烟感燃气报警器", "Smoke and gas alarm", 40_000),
               ("toilet_rail", "坐便器扶手", "Rail at the toilet", 45_000))  # fmt: skip
ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM renovation)")
PROVIDER = text("SELECT id, x, y FROM site WHERE source_key = :key")
ACCEPTORS = text(
    "SELECT s.id FROM staff s WHERE s.sign_in_name IN ('community', 'county') ORDER BY s.id"
)
# Couples who share a phone and parents with helpers are left, so that one can apply for them.
PEOPLE = text(
    """
    SELECT r.id, r.address FROM resident r
     WHERE r.died_on IS NULL AND r.moved_away_on IS NULL AND r.merged_into_id IS NULL
       AND r.address <> ''
       AND NOT EXISTS (SELECT 1 FROM home_bed h WHERE h.resident_id = r.id)
       AND NOT EXISTS (SELECT 1 FROM stay s WHERE s.resident_id = r.id)
       AND NOT EXISTS (SELECT 1 FROM resident_grant g WHERE g.resident_id = r.id
                        AND (g.kind = 'helper' OR EXISTS (
                             SELECT 1 FROM resident_grant o
                              WHERE o.account_id = g.account_id AND o.resident_id <> r.id)))
     ORDER BY r.village_code IN (SELECT o.division_code FROM staff_role o
                                 WHERE o.role = 'community_worker') DESC, r.village_code, r.id
     LIMIT :limit
    """
)
HERE = (112.85, 35.49)


def are_renovations_there(session: Session) -> bool:
    """True for a demo that has renovations already."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar_one())


def put_renovations(session: Session) -> int:
    """Put homes in each stage down, once; returns how many."""
    provider = session.connection().execute(PROVIDER, {"key": FIRST_HOME_CARE}).one_or_none()
    if provider is None or are_renovations_there(session):
        return 0
    _put_items(session)
    people = session.connection().execute(PEOPLE, {"limit": len(FAR)}).all()
    return sum(
        _put(session, provider.id, person, far) for person, far in zip(people, FAR, strict=False)
    )


def bring(session: Session, site_id: int, renovation_id: int, far: int) -> None:
    """Take the first so many steps for a home that was applied for."""
    for step in STEPS[:far]:
        step(session, renovation_id, site_id)


def _put(session: Session, site_id: int, person: Row[Any], far: int) -> bool:
    try:
        made = applying.apply(
            session, resident_id=person.id, requested_by=RequestedBy.STAFF, wishes="洗澡怕滑倒"
        )
    except HomeRenovated:  # another person of the same home
        return False
    bring(session, site_id, made.id or 0, far)
    return True


def _put_items(session: Session) -> None:
    for code, name_zh, name_en, ceiling_fen in OF_THE_CITY:
        item = RenovationItem(
            code=code, name_zh=name_zh, name_en=name_en, ceiling_fen=ceiling_fen,
            is_basic=False, starts_on=clock.today(),
        )  # fmt: skip
        catalogue.set_item(session, item)


def _take_up(session: Session, number: int, _site: int) -> None:
    applying.take_up(session, number)


def _look(session: Session, number: int, _site: int) -> None:
    for room, item, quantity in NEEDED:
        surveying.note_need(session, number, room=room, item_code=item, quantity=quantity)
    _show(session, number, PhotoPhase.BEFORE)


def _finish_survey(session: Session, number: int, site: int) -> None:
    surveying.finish_survey(session, number, site_id=site, note="卫生间地面滑，起夜不便")


def _quote(session: Session, number: int, _site: int) -> None:
    needs = list_needs(session, number)
    quoting.quote(session, number, {need.id or 0: PRICES_FEN[need.item_code] for need in needs})


def _agree(session: Session, number: int, _site: int) -> None:
    offered = find_quote(session, number)
    assert offered is not None, "what was quoted has its quote"
    quoting.agree(session, number, quote_id=offered.id or 0)


def _build(session: Session, number: int, _site: int) -> None:
    _show(session, number, PhotoPhase.AFTER)
    building.finish(session, number, invoice_ref=f"示范改造{number:06d}")


def _accept(session: Session, number: int, _site: int) -> None:
    acceptors: Sequence[int] = session.connection().execute(ACCEPTORS).scalars().all()
    for place, staff_id in enumerate(acceptors, 1):
        session.add(
            RenovationAcceptance(
                renovation_id=number, place=place, staff_id=staff_id, accepted_at=clock.now()
            )
        )
    session.flush()


def _settle(session: Session, number: int, _site: int) -> None:
    building.settle(session, number)


STEPS: Sequence[Callable[[Session, int, int], None]] = (
    _take_up, _look, _finish_survey, _quote, _agree, _build, _accept, _settle,
)  # fmt: skip


def _show(session: Session, number: int, phase: PhotoPhase) -> None:
    for room in ROOMS:
        drawn = drawn_room(f"{number} {room} {phase}", is_after=phase is PhotoPhase.AFTER)
        photos.add_photo(
            session, number, drawn, phase=phase, room=room, x=HERE[0], y=HERE[1], accuracy_m=20
        )


def drawn_room(seed: str, *, is_after: bool) -> bytes:
    """Draw a wall with a window, a floor, furniture, and after the work a green bar at the wall."""
    chance = random.Random(seed)
    wall, floor = 205 + chance.randrange(40), 320 + chance.randrange(50)
    image = Image.new("RGB", (640, 480), (wall, wall - 6, wall - 18))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, floor, 640, 480), fill=(chance.randrange(110, 190), 128, 100))
    window = 30 + chance.randrange(420)
    draw.rectangle((window, 40, window + 130, 170), fill=(150, 190, 215), outline="white", width=8)
    for width, height, tone in ((200, 90, (120, 90, 70)), (90, 190, (235, 235, 230)),
                                (140, 120, (90, 110, 130)), (60, 60, (180, 140, 90))):  # fmt: skip
        left, foot = chance.randrange(560 - width), floor + chance.randrange(70)
        draw.rounded_rectangle((left, foot - height, left + width, foot), radius=10, fill=tone)
    if is_after:
        bar = 40 + chance.randrange(240)
        draw.rounded_rectangle((bar, 225, bar + 260, 245), radius=10, fill=(30, 120, 80))
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=80)
    return kept.getvalue()
