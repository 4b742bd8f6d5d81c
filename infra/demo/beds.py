"""Rooms and beds of the demo's care homes, and who of its residents lives there, for two years.

A few statements for the whole city: what follows from the seed is reckoned by the database.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Row, insert, text
from sqlmodel import Session, col

from infra.demo.beginning import Beginning
from infra.demo.faces import FACES
from infra.demo.sites import FILING
from server import clock
from server.facilities.models import (
    Bed,
    BedKind,
    BedLicence,
    BedOccupancy,
    BedState,
    EndReason,
    Room,
    Stay,
    StayStatus,
)
from server.facilities.stays.knowing import STILL_HERE
from server.residents.models import CareLink

ROOMS_A_FLOOR, BEDS_A_ROOM = 15, 2
MEDICAL_OF_100, NURSING_OF_100 = 6, 60
SHARE_TAKEN = 0.5
SHARE_OF_RESIDENTS = 0.3  # However small the demo, most people live at home.
LONGEST_STAY_DAYS = 720
OPENED_BEFORE = timedelta(days=1_100)
EVIDENCE = ["电动护理床", "呼叫铃", "无障碍卫生间"]
# Of a hundred beds that somebody has.
ON_LEAVE_OF_100, IN_HOSPITAL_OF_100, HELD_OF_100, LEFT_OF_100 = 4, 3, 3, 12
OUT_OF_USE = (
    (BedState.UNDER_REPAIR, "床头灯和呼叫铃检修"),
    (BedState.CLOSED, "楼层改造"),
    (BedState.OTHER_USE, "改作康复训练室"),
)

# Days; the others (left again, out of use) may be two months ago.
_LONGEST_AWAY = {BedState.ON_LEAVE: 5, BedState.IN_HOSPITAL: 15}

ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM bed)")
HOMES = text(
    "SELECT id, beds_declared AS beds FROM site WHERE source_name = 'demo'"
    "   AND kind IN ('care_home', 'township_home') AND beds_declared IS NOT NULL"
    "   AND source_key <> ALL(:filing) ORDER BY source_key"
)
# Whoever is on the demo's phones lives at home; so does who has died or moved away.
PEOPLE = text(
    "SELECT id FROM (SELECT id, died_on, moved_away_on FROM resident ORDER BY id OFFSET :faces) r"
    " WHERE died_on IS NULL AND moved_away_on IS NULL ORDER BY md5(:seed || '/beds/' || id)"
    " LIMIT :most"
)
HOW_MANY = text("SELECT count(*) FROM resident")

Line = dict[str, Any]


def are_beds_there(session: Session) -> bool:
    """True for a demo whose homes have beds already."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar_one())


def put_beds(session: Session, beginning: Beginning) -> int:
    """Put up the homes' beds and let people live in them, once; returns how many beds."""
    if are_beds_there(session):
        return 0
    homes = session.connection().execute(HOMES, {"filing": list(FILING)}).all()
    beds = _put_up(session, beginning, homes)
    chance = Random(f"{beginning.seed}/beds")
    takings = list(_takings(chance, beds, _people(session, beginning, len(beds))))
    _move_in(session, [one for one in takings if one["resident_id"] is not None])
    _take_beds(session, takings)
    return len(beds)


def _put_up(session: Session, beginning: Beginning, homes: Sequence[Row[Any]]) -> list[Line]:
    """Fifteen rooms a floor, two beds a room; the last rooms of a home are its medical ones."""
    opened_on = beginning.day - OPENED_BEFORE
    rooms = [room for home in homes for room in _rooms(home)]
    entered = insert(Room).returning(col(Room.id), sort_by_parameter_order=True)
    ids = session.execute(entered, rooms).scalars().all()
    medical = {home.id: home.beds * (100 - MEDICAL_OF_100) // 100 for home in homes}
    nursing = {home.id: home.beds * NURSING_OF_100 // 100 for home in homes}
    sizes = {home.id: home.beds for home in homes}
    beds: list[Line] = []
    placed = dict.fromkeys(sizes, 0)
    for room_id, room in zip(ids, rooms, strict=True):
        site_id = room["site_id"]
        for number in range(1, min(BEDS_A_ROOM, sizes[site_id] - placed[site_id]) + 1):
            is_nursing = placed[site_id] < nursing[site_id]
            is_medical = placed[site_id] >= medical[site_id]
            beds.append(
                {
                    "site_id": site_id,
                    "room_id": room_id,
                    "kind": BedKind.MEDICAL if is_medical else BedKind.INSTITUTION,
                    "label": f"{room['name']}-{number}",
                    "is_nursing": is_nursing,
                    "nursing_evidence": EVIDENCE if is_nursing else [],
                    "opened_on": opened_on,
                    "recorded_at": clock.now(),
                }
            )
            placed[site_id] += 1
    numbers = session.execute(
        insert(Bed).returning(col(Bed.id), sort_by_parameter_order=True), beds
    ).scalars()
    _license(session, beds)
    return [bed | {"bed_id": number} for bed, number in zip(beds, numbers, strict=True)]


def _rooms(home: Row[Any]) -> Iterator[Line]:
    for place in range(-(-home.beds // BEDS_A_ROOM)):
        floor, number = divmod(place, ROOMS_A_FLOOR)
        yield {"site_id": home.id, "floor": floor + 1, "name": f"{floor + 1}{number + 1:02d}"}


def _license(session: Session, beds: Sequence[Line]) -> None:
    counted: dict[tuple[int, BedKind], list[int]] = {}
    for bed in beds:
        sums = counted.setdefault((bed["site_id"], bed["kind"]), [0, 0])
        sums[0] += 1
        sums[1] += bed["is_nursing"]
    rows = [
        {
            "site_id": site_id,
            "kind": kind,
            "licensed": licensed,
            "nursing": nursing,
            "document": "示范备案",
            "starts_on": beds[0]["opened_on"],
        }
        for (site_id, kind), (licensed, nursing) in counted.items()
    ]
    if rows:
        session.execute(insert(BedLicence), rows)


def _people(session: Session, beginning: Beginning, beds: int) -> Iterator[int]:
    everybody = session.connection().execute(HOW_MANY).scalar_one()
    most = min(int(beds * SHARE_TAKEN), int(everybody * SHARE_OF_RESIDENTS))
    values = {"faces": len(FACES), "seed": str(beginning.seed), "most": most}
    return iter(session.connection().execute(PEOPLE, values).scalars().all())


def _takings(chance: Random, beds: Sequence[Line], people: Iterator[int]) -> Iterator[Line]:
    """Home by home, until nobody is left; every home has a bed under repair and one uncleaned."""
    by_home: dict[int, list[Line]] = {}
    for bed in beds:
        by_home.setdefault(bed["site_id"], []).append(bed)
    for of_home in by_home.values():
        chance.shuffle(of_home)
        out_of_use = of_home[: len(OUT_OF_USE)]
        for bed, (state, reason) in zip(out_of_use, OUT_OF_USE, strict=False):
            yield _taking(chance, bed, None, state=state, reason=reason)
        wanted = of_home[len(OUT_OF_USE) : len(OUT_OF_USE) + int(len(of_home) * SHARE_TAKEN)]
        for bed, resident_id in zip(wanted, islice(people, len(wanted)), strict=False):
            yield _taking(chance, bed, resident_id)


def _taking(
    chance: Random, bed: Line, resident_id: int | None, *, state: BedState | None = None,
    reason: str = "",
) -> Line:  # fmt: skip
    state = state or _state(chance.randrange(100))
    came_days_ago = 3 + int(LONGEST_STAY_DAYS * chance.random() ** 1.6)
    away_for = chance.randint(1, min(_LONGEST_AWAY.get(state, 60), came_days_ago - 1))
    return {
        "bed": bed,
        "resident_id": resident_id,
        "state": state,
        "came_on": clock.today() - timedelta(days=came_days_ago),
        "away_on": clock.today() - timedelta(days=away_for),
        "reason": reason,
    }


def _state(luck: int) -> BedState | None:
    """None for whoever has left again: the bed waits to be cleaned, or is ready."""
    for share, state in (
        (ON_LEAVE_OF_100, BedState.ON_LEAVE),
        (IN_HOSPITAL_OF_100, BedState.IN_HOSPITAL),
        (HELD_OF_100, BedState.HELD),
        (LEFT_OF_100, None),
    ):
        if luck < share:
            return state
        luck -= share
    return BedState.OCCUPIED


def _move_in(session: Session, takings: Sequence[Line]) -> None:
    """Enter the stays, and let the homes know their people."""
    if not takings:
        return
    stays = [_stay(one) for one in takings]
    entered = insert(Stay).returning(col(Stay.id), sort_by_parameter_order=True)
    for one, stay_id in zip(takings, session.execute(entered, stays).scalars(), strict=True):
        one["stay_id"] = stay_id
    links = [
        {
            "resident_id": one["resident_id"],
            "site_id": one["bed"]["site_id"],
            "starts_on": one["came_on"],
            "ends_on": STILL_HERE,
        }
        for one in takings
    ]
    session.execute(insert(CareLink), links)


def _stay(taking: Line) -> Line:
    is_held, has_left = taking["state"] is BedState.HELD, taking["state"] is None
    planned_on = clock.today() if is_held else taking["came_on"]
    statuses = {BedState.HELD: StayStatus.HELD, None: StayStatus.ENDED}
    return {
        "resident_id": taking["resident_id"],
        "site_id": taking["bed"]["site_id"],
        "kind": taking["bed"]["kind"],
        "status": statuses.get(taking["state"], StayStatus.STAYING),
        "planned_on": planned_on,
        "hold_until": planned_on + timedelta(days=3),
        "admitted_on": None if is_held else taking["came_on"],
        "ended_on": taking["away_on"] if has_left else None,
        "end_reason": EndReason.WENT_HOME if has_left else None,
        "note": "",
    }


def _take_beds(session: Session, takings: Sequence[Line]) -> None:
    rows = [row for taking in takings for row in _occupancies(taking)]
    if rows:
        session.execute(insert(BedOccupancy), rows)
    left = [one["bed"]["bed_id"] for one in takings if one["state"] is None]
    uncleaned = text("UPDATE bed SET left_uncleaned_at = :at WHERE id = ANY(:beds)")
    session.connection().execute(uncleaned, {"at": clock.now(), "beds": left[::2]})


def _occupancies(taking: Line) -> Iterator[Line]:
    """Who is away was here before; who has left was here until then."""
    state, came_on, away_on = taking["state"], taking["came_on"], taking["away_on"]
    if state is BedState.HELD:
        today = clock.today()
        yield _occupancy(taking, state, today, today + timedelta(days=3))
    elif state in (BedState.ON_LEAVE, BedState.IN_HOSPITAL):
        yield _occupancy(taking, BedState.OCCUPIED, came_on, away_on)
        yield _occupancy(taking, state, away_on, None)
    elif state is None:
        yield _occupancy(taking, BedState.OCCUPIED, came_on, away_on)
    else:
        yield _occupancy(taking, state, came_on if state is BedState.OCCUPIED else away_on, None)


def _occupancy(taking: Line, state: BedState, starts_on: Any, ends_on: Any) -> Line:
    now = clock.now()
    return {
        "bed_id": taking["bed"]["bed_id"],
        "site_id": taking["bed"]["site_id"],
        "kind": taking["bed"]["kind"],
        "state": state,
        "stay_id": taking.get("stay_id"),
        "resident_id": taking["resident_id"],
        "starts_on": starts_on,
        "ends_on": ends_on,
        "reason": taking["reason"],
        "recorded_at": now,
        "end_recorded_at": now if ends_on else None,
    }
