"""Residents, accounts and staff."""

from datetime import date, timedelta
from functools import cache
from itertools import count

from server import clock
from server.identity.models import Role, Staff, StaffPassword, StaffRole
from server.identity.service.accounts import open_account
from server.identity.service.passwords import hash_password
from server.identity.service.sign_ins import open_sign_in
from server.residents.models import GrantKind, HardshipPeriod, HardshipTier, Sex
from server.residents.service import grant, register_resident
from tests.cities import VILLAGE

_numbers = count(1)
PASSWORD = "a long demo password"
LONG_AGO = date(2020, 1, 1)


def an_id_number(number: int, born_on: date = date(1944, 5, 6)) -> str:
    """Return a made-up ID number of 城区 with a valid check digit."""
    body = f"140502{born_on:%Y%m%d}{number % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def make_resident(session, **given):
    number = next(_numbers)
    born_on = given.get("born_on", date(1944, 5, 6))
    values = {
        "name": f"赵{'一二三四五六七八九十'[number % 10]}梅",
        "sex": Sex.FEMALE,
        "born_on": born_on,
        "id_number": an_id_number(number, born_on),
        "village_code": VILLAGE,
    } | given
    return register_resident(session, **values)


def make_account(session, *residents, kind=GrantKind.SELF, phone=None):
    account = open_account(session, phone=phone or f"1990000{next(_numbers) % 10000:04d}")
    for resident in residents:
        grant(
            session,
            account_id=account.id,
            resident_id=resident.id,
            kind=kind,
            starts_on=LONG_AGO,
        )
    return account


def make_sign_in(session, *, account=None, staff=None, second_factor=True, days=1):
    """Return the token of a fresh sign-in; staff have passed their second factor."""
    signed_in = open_sign_in(
        session,
        account_id=account.id if account else None,
        staff_id=staff.id if staff else None,
        device_label="",
        now=clock.now(),
        lasts=timedelta(days=days),
        second_factor_at=clock.now() if staff and second_factor else None,
    )
    return signed_in.token


def give_password(session, staff, password):
    """As if the person had chosen it; how good it is is not asked."""
    session.add(
        StaffPassword(staff_id=staff.id, password_hash=hashed(password), changed_at=clock.now())
    )
    session.flush()


@cache
def hashed(password):
    """argon2id is slow on purpose; tests need each hash once."""
    return hash_password(password)


def make_staff(session, role, *, site_id=None, division_code=None, password=None,
               starts_on=LONG_AGO):  # fmt: skip
    """Somebody with an office; whoever comes in by the door needs a password as well."""
    staff = Staff(
        sign_in_name=f"staff-{next(_numbers)}",
        display_name="王主任",
    )
    session.add(staff)
    session.flush()
    if password is not None:
        give_password(session, staff, password)
    session.add(
        StaffRole(
            staff_id=staff.id,
            role=Role(role),
            site_id=site_id,
            division_code=division_code,
            starts_on=starts_on,
        )
    )
    session.flush()
    return staff


def make_hardship(session, resident, tier=HardshipTier.DIBAO, starts_on=LONG_AGO, ends_on=None):
    period = HardshipPeriod(
        resident_id=resident.id, tier=tier, starts_on=starts_on, ends_on=ends_on
    )
    session.add(period)
    session.flush()
    return period
