"""Who lives in the demo city: any number of residents, each found again from an ordinal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from infra.demo.beginning import Beginning
from infra.demo.divisions import Divisions
from infra.demo.faces import FACES
from infra.demo.id_numbers import IdNumbers, weighed
from infra.demo.names import make_name, spelled
from server.residents.models import HardshipTier, Sex

BLOCK = 1_000
PHONE_SHARE = 0.62
USUAL_CANTEEN_SHARE = 0.7
# Villages near a canteen have more people in a small demo, so that a canteen has its eaters.
TIMES_IN_CANTEEN_VILLAGE = 12
TIMES_IN_CANTEEN_TOWN = 3
# Which share of all residents is at most in this tier or one before it.
HARDSHIP = (
    (0.015, HardshipTier.TEKUN),
    (0.020, HardshipTier.TEKUN_IN_CARE),
    (0.085, HardshipTier.DIBAO),
    (0.120, HardshipTier.DIBIAN),
)
LONGEST_HARDSHIP_DAYS = 1_500


class Person(NamedTuple):
    """One made-up resident; without a tier there is no hardship period."""

    ordinal: int
    name: str
    pinyin: str
    initials: str
    sex: Sex
    born_on: date
    id_number: str
    village_code: str
    address: str
    phone: str | None
    usual_canteen_id: int | None
    tier: HardshipTier | None
    tier_from: date | None
    tier_until: date | None


class Home(NamedTuple):
    """A village as a place to put people: the n-th of its county in the order of filling."""

    village: str
    address: str
    county: str
    weighed_county: int
    place_in_county: int
    canteens: Sequence[int]


class Population:
    """Everybody who could live in the city, by ordinal; the first few are `FACES`."""

    def __init__(
        self, beginning: Beginning, divisions: Divisions, canteens: Sequence[tuple[int, str]]
    ) -> None:
        """`canteens` are the demo's, in their order, as (site id, village code)."""
        self._beginning = beginning
        self._divisions = divisions
        self._canteens = canteens
        self._numbers = IdNumbers(beginning.seed, on=beginning.day)
        self._homes = _homes(beginning.seed, divisions, canteens)
        self._homes_in: Mapping[str, int] = _counted(home.county for home in self._homes)

    @property
    def beginning(self) -> Beginning:
        return self._beginning

    @property
    def first_village(self) -> str:
        """The village that the demo's community worker looks after."""
        return self._divisions.village(0, 0, 0)

    def id_number(self, ordinal: int) -> str:
        """Return the number that tells whether this resident is in the register already."""
        if ordinal < len(FACES):
            return self._face(ordinal).id_number
        return self._who(ordinal)[1][2]

    def people(self, start: int, stop: int) -> Iterator[Person]:
        """Yield the residents from one ordinal until before another."""
        yield from (self._face(ordinal) for ordinal in range(start, min(stop, len(FACES))))
        for block in range(start // BLOCK, -(-stop // BLOCK)):
            chance = Random(f"{self._beginning.seed}/residents/{block}")
            for ordinal in range(block * BLOCK, min(stop, (block + 1) * BLOCK)):
                person = self._person(ordinal, chance)
                if ordinal >= max(start, len(FACES)):
                    yield person

    def face_counties(self) -> list[str]:
        """Return the counties in which `FACES` live, in their order."""
        return [self._canteens[face.canteen_no][1][:6] for face in FACES]

    def _who(self, ordinal: int) -> tuple[Home, tuple[Sex, date, str]]:
        round_no, place = divmod(ordinal, len(self._homes))
        home = self._homes[place]
        k = round_no * self._homes_in[home.county] + home.place_in_county
        return home, self._numbers.person(home.county, home.weighed_county, k)

    def _person(self, ordinal: int, chance: Random) -> Person:
        """Every resident takes the same turns from `chance`, whoever is left out."""
        home, (sex, born_on, number) = self._who(ordinal)
        surname, given = make_name(chance, sex)
        lane, house, phone, eats, luck, since = (chance.random() for _ in range(6))
        tier, tier_from, tier_until = self._hardship(luck, since)
        canteen = home.canteens[int(eats * 997) % len(home.canteens)] if home.canteens else None
        return Person(
            ordinal,
            surname + given,
            *spelled(surname, given),
            sex,
            born_on,
            number,
            home.village,
            f"{home.address}{int(lane * 30) + 1}巷{int(house * 60) + 1}号",
            f"+861990{ordinal + 1000:07d}" if phone < PHONE_SHARE else None,
            canteen if eats < USUAL_CANTEEN_SHARE else None,
            tier,
            tier_from,
            tier_until,
        )

    def _hardship(
        self, luck: float, since: float
    ) -> tuple[HardshipTier | None, date | None, date | None]:
        if luck >= HARDSHIP[-1][0]:
            return None, None, None
        tier = next(tier for share, tier in HARDSHIP if luck < share)
        first = self._beginning.day - timedelta(days=int(since * LONGEST_HARDSHIP_DAYS))
        return tier, first, first + timedelta(days=1_826) if since > 0.85 else None

    def _face(self, ordinal: int) -> Person:
        face = FACES[ordinal]
        canteen_id, village = self._canteens[face.canteen_no]
        first_of_year = self._beginning.day.replace(month=1, day=1)
        return Person(
            ordinal,
            face.name,
            *spelled(face.surname, face.given),
            face.sex,
            face.born_on(self._beginning, ordinal),
            face.id_number(self._beginning, ordinal, village[:6]),
            village,
            self._divisions.spelled_out(village) + face.house,
            face.phone,
            canteen_id,
            face.tier,
            first_of_year if face.tier else None,
            None,
        )


def _homes(seed: int, divisions: Divisions, canteens: Sequence[tuple[int, str]]) -> Sequence[Home]:
    """Every village at least once, mixed, so that any first thousand lives all over the city."""
    villages = [village for village in divisions.villages for _ in range(_times(village, canteens))]
    Random(f"{seed}/villages").shuffle(villages)
    places = {county: iter(range(len(villages))) for county in divisions.counties}
    return [
        Home(
            village,
            divisions.spelled_out(village),
            village[:6],
            weighed(village[:6], 0),
            next(places[village[:6]]),
            _canteens_near(village, canteens),
        )
        for village in villages
    ]


def _times(village: str, canteens: Sequence[tuple[int, str]]) -> int:
    if any(village == code for _, code in canteens):
        return TIMES_IN_CANTEEN_VILLAGE
    if any(village[:9] == code[:9] for _, code in canteens):
        return TIMES_IN_CANTEEN_TOWN
    return 1


def _canteens_near(village: str, canteens: Sequence[tuple[int, str]]) -> Sequence[int]:
    """The canteens of the village; else of its town; else of its county."""
    for length in (12, 9, 6):
        near = [site_id for site_id, code in canteens if code[:length] == village[:length]]
        if near:
            return near
    return []


def _counted(things: Iterator[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for thing in things:
        counts[thing] = counts.get(thing, 0) + 1
    return counts
