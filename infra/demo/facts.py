"""What is noted of the demo's first residents: hukou, papers, insurance, accounts, whom to call."""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import Any

from sqlalchemy import Row, insert, text
from sqlmodel import Session

from infra.demo.beginning import Beginning
from infra.demo.faces import DAUGHTERS_PHONE, MOTHER
from server.residents.facts.models import (
    ACCOUNT_FIELD,
    CERTIFICATE_FIELD,
    CareInsurance,
    CareScheme,
    DisabilityCategory,
    DisabilityCertificate,
    GuardianBasis,
    Guardianship,
    Hukou,
    HukouKind,
    Incapacity,
    PayeeAccount,
)
from server.residents.models import ID_NUMBER_FIELD, Relation, ResidentContact
from server.secrets.fields import keyring

# As many as show every page and every list; the others can be noted by whoever tries the forms.
NOTED = 300
SINCE = date(2021, 1, 1)
BANK = "示范农村商业银行"
ELSEWHERE = "河南省焦作市沁阳市"
# Of a hundred residents.
ELSEWHERE_OF_100, DISABLED_OF_100, INSURED_OF_100, GUARDED_OF_100, CALLED_OF_100 = 6, 9, 55, 2, 70

ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM hukou)")
FIRST_RESIDENTS = text(
    "SELECT id, name, village_code, id_number_cipher FROM resident ORDER BY id LIMIT :limit"
)


def are_facts_there(session: Session) -> bool:
    """True for a demo whose residents have facts already."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar_one())


def put_facts(session: Session, beginning: Beginning) -> int:
    """Note facts of the first residents, once; returns of how many."""
    if are_facts_there(session):
        return 0
    people = session.connection().execute(FIRST_RESIDENTS, {"limit": NOTED}).all()
    chance = Random(f"{beginning.seed}/facts")
    noted = {
        Hukou: [_hukou(one, chance) for one in people],
        CareInsurance: list(_insurances(people, chance)),
        DisabilityCertificate: list(_certificates(people, chance)),
        Guardianship: list(_guardians(people, chance)),
        PayeeAccount: [_account(one, place) for place, one in enumerate(people)],
        ResidentContact: list(_contacts(people, chance)),
    }
    for table, rows in noted.items():
        if rows:
            session.execute(insert(table), rows)
    return len(people)


def _hukou(person: Row[Any], chance: Random) -> dict[str, Any]:
    is_elsewhere = chance.randrange(100) < ELSEWHERE_OF_100
    return {
        "resident_id": person.id,
        "kind": HukouKind.UNIFIED,
        "division_code": None if is_elsewhere else person.village_code,
        "place": ELSEWHERE if is_elsewhere else "",
        "starts_on": SINCE,
    }


def _insurances(people: Sequence[Row[Any]], chance: Random) -> Iterator[dict[str, Any]]:
    for person in people:
        if chance.randrange(100) < INSURED_OF_100:
            yield {
                "resident_id": person.id,
                "scheme": chance.choice(list(CareScheme)),
                "level": chance.choice((None, None, None, 0, 1, 2, 3, 4, 5)),
                "starts_on": SINCE,
            }


def _certificates(people: Sequence[Row[Any]], chance: Random) -> Iterator[dict[str, Any]]:
    categories = list(DisabilityCategory)
    for place, person in enumerate(people):
        if place == MOTHER or chance.randrange(100) < DISABLED_OF_100:
            digit, grade = chance.randint(1, len(categories)), chance.randint(1, 4)
            own = keyring().decrypt(bytes(person.id_number_cipher), ID_NUMBER_FIELD)
            number = f"{own}{digit}{grade}"
            yield {
                "resident_id": person.id,
                "category": categories[digit - 1],
                "grade": grade,
                "number_cipher": keyring().encrypt(number, CERTIFICATE_FIELD),
                "number_digest": keyring().digest(number, CERTIFICATE_FIELD),
                "starts_on": SINCE,
            }


def _guardians(people: Sequence[Row[Any]], chance: Random) -> Iterator[dict[str, Any]]:
    for place, person in enumerate(people):
        if place == MOTHER or chance.randrange(100) < GUARDED_OF_100:
            yield {
                "resident_id": person.id,
                "incapacity": Incapacity.LIMITED,
                "basis": GuardianBasis.APPOINTED,
                "guardian_name": "李明霞",
                "relation": Relation.CHILD,
                "phone": DAUGHTERS_PHONE,
                "starts_on": SINCE,
            }


def _account(person: Row[Any], place: int) -> dict[str, Any]:
    """The mother's money goes to the daughter who acts for her; the number is nobody's."""
    number = f"999900000000{place:07d}"
    is_mothers = place == MOTHER
    return {
        "resident_id": person.id,
        "bank": BANK,
        "account_cipher": keyring().encrypt(number, ACCOUNT_FIELD),
        "account_digest": keyring().digest(number, ACCOUNT_FIELD),
        "last_four": number[-4:],
        "holder_name": "李明霞" if is_mothers else person.name,
        "relation": Relation.CHILD if is_mothers else None,
        "starts_on": SINCE,
    }


def _contacts(people: Sequence[Row[Any]], chance: Random) -> Iterator[dict[str, Any]]:
    for place, person in enumerate(people):
        if place == MOTHER or chance.randrange(100) < CALLED_OF_100:
            is_mothers = place == MOTHER
            yield {
                "resident_id": person.id,
                "name": "李明霞" if is_mothers else "演示联系人",
                "relation": Relation.CHILD if is_mothers else chance.choice(list(Relation)),
                "phone": DAUGHTERS_PHONE if is_mothers else f"+86199000{place:05d}",
                "is_emergency": True,
                "call_order": 1,
                "note": "",
            }
