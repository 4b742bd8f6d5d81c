"""The few residents whom a visitor of the demo meets by name, and the phones that act for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import text
from sqlmodel import Session

from infra.demo.beginning import Beginning
from infra.demo.id_numbers import id_number, years_before
from server import clock
from server.identity.models import Account
from server.identity.queries import find_account
from server.identity.service.accounts import open_account
from server.residents.models import ID_NUMBER_FIELD, GrantKind, HardshipTier, HelperScope, Sex
from server.residents.service import grant
from server.secrets.fields import keyring

OWN_PHONE = "+8619900000001"
DAUGHTERS_PHONE = "+8619900000002"
OF_A_DAUGHTER = (HelperScope.BOOK_MEALS, HelperScope.APPLY, HelperScope.SEE_VISITS)
SHARED_PHONE = "+8619900000003"
FIRST_SEQUENCE = 200  # Below those of everybody else, see `id_numbers`.

BY_DIGEST = text("SELECT id FROM resident WHERE id_number_digest = :digest")


AGREE = text(
    """
    INSERT INTO consent (account_id, resident_id, purpose, text_id, given_at, how, given_by)
    SELECT CASE WHEN t.purpose = 'notice' THEN CAST(:account AS bigint) END,
           CASE WHEN t.purpose <> 'notice' THEN g.resident_id END,
           t.purpose, t.id, :now, 'app', 'self'
      FROM consent_text t
      LEFT JOIN resident_grant g
        ON g.account_id = :account AND t.purpose <> 'notice'
     WHERE t.language = 'zh-CN' AND (t.purpose = 'notice' OR g.id IS NOT NULL)
        ON CONFLICT DO NOTHING
    """
)


@dataclass(frozen=True)
class Face:
    """A resident with a name of their own; `canteen_no` says near which canteen they live."""

    surname: str
    given: str
    sex: Sex
    age: int
    canteen_no: int
    house: str
    phone: str | None = None
    tier: HardshipTier | None = None

    @property
    def name(self) -> str:
        return self.surname + self.given

    def born_on(self, beginning: Beginning, ordinal: int) -> date:
        """The birthday was some weeks before the demo began, so that the age is sure."""
        return years_before(beginning.day - timedelta(days=40 + 31 * ordinal), self.age)

    def id_number(self, beginning: Beginning, ordinal: int, county: str) -> str:
        sequence = FIRST_SEQUENCE + 2 * ordinal + (self.sex is Sex.MALE)
        return id_number(county, self.born_on(beginning, ordinal), sequence)


FACES: Sequence[Face] = (
    Face("王", "秀兰", Sex.FEMALE, 72, 0, "3号楼2单元101", phone=OWN_PHONE),
    Face("李", "德福", Sex.MALE, 84, 4, "16号", tier=HardshipTier.DIBAO),
    Face("张", "桂英", Sex.FEMALE, 81, 4, "16号", tier=HardshipTier.DIBAO),
    Face("赵", "建国", Sex.MALE, 76, 0, "5号楼1单元302", phone=SHARED_PHONE),
    Face("孙", "玉珍", Sex.FEMALE, 74, 0, "5号楼1单元302", phone=SHARED_PHONE),
)
MOTHER = 2


@dataclass(frozen=True)
class PhoneHolder:
    """A phone that signs in, and for whom: places in `FACES`."""

    phone: str
    kind: GrantKind
    residents: Sequence[int]


PHONE_HOLDERS: Sequence[PhoneHolder] = (
    PhoneHolder(OWN_PHONE, GrantKind.SELF, (0,)),
    PhoneHolder(DAUGHTERS_PHONE, GrantKind.HELPER, (1, 2)),
    PhoneHolder(SHARED_PHONE, GrantKind.SELF, (3, 4)),
)


def find_holders(session: Session) -> list[Account]:
    """Return the accounts of the demo's phones that are there."""
    found = [find_account(session, holder.phone) for holder in PHONE_HOLDERS]
    return [account for account in found if account is not None]


def open_accounts(session: Session, beginning: Beginning, counties: Sequence[str]) -> int:
    """Open the accounts with their grants; `counties` are those of `FACES`, in their order."""
    for holder in PHONE_HOLDERS:
        account = open_account(session, phone=holder.phone)
        for place in holder.residents:
            number = FACES[place].id_number(beginning, place, counties[place])
            given = grant(
                session,
                account_id=account.id or 0,
                resident_id=find_resident(session, number) or 0,
                kind=holder.kind,
                starts_on=beginning.day,
            )
            if holder.kind is GrantKind.HELPER:
                given.scopes = [scope.value for scope in OF_A_DAUGHTER]
        _agree(session, account.id or 0)
    session.flush()
    return len(PHONE_HOLDERS)


def find_resident(session: Session, number: str) -> int | None:
    """Return the resident with this ID number."""
    digest = keyring().digest(number, ID_NUMBER_FIELD)
    found: int | None = session.connection().execute(BY_DIGEST, {"digest": digest}).scalar()
    return found


def _agree(session: Session, account_id: int) -> None:
    """A visitor of the demo finds everything open; helpers' elders have agreed as well."""
    session.connection().execute(AGREE, {"account": account_id, "now": clock.now()})
