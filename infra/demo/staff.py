"""One member of staff for every office of the product, all with one password known to everybody.

Their second factors follow from the seed: the sign-in page of a demo shows the code of the moment.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert
from sqlmodel import Session, col

from infra.demo.beginning import Beginning
from infra.demo.canteens import KEY as CANTEEN
from infra.demo.divisions import Divisions
from infra.demo.sites import FIRST_CARE_HOME, FIRST_FILING_HOME, FIRST_HOME_CARE
from server import clock
from server.identity.models import Role, SecondFactor, Staff, StaffPassword, StaffRole
from server.identity.roles import NEED_SECOND_FACTOR
from server.identity.service.passwords import hash_password
from server.identity.service.second_factors import seal_secret

PASSWORD = "yinling-demo"


@dataclass(frozen=True)
class PlannedStaff:
    """Someone with one office: at a site, or over a division of the first village's chain."""

    sign_in_name: str
    display_name: str
    role: Role
    site_key: str | None = None
    digits: int | None = None


STAFF: Sequence[PlannedStaff] = (
    PlannedStaff("canteen", "秦小满", Role.CANTEEN_STAFF, site_key=f"{CANTEEN}01"),
    PlannedStaff("canteen2", "梁谷雨", Role.CANTEEN_STAFF, site_key=f"{CANTEEN}05"),
    PlannedStaff("operator", "宋知秋", Role.FACILITY_OPERATOR, site_key=FIRST_CARE_HOME),
    PlannedStaff("operator2", "许长宁", Role.FACILITY_OPERATOR, site_key=FIRST_FILING_HOME),
    PlannedStaff("homecare", "韩清和", Role.HOME_CARE_PROVIDER, site_key=FIRST_HOME_CARE),
    PlannedStaff("careworker", "段暖", Role.CARE_WORKER, site_key=FIRST_HOME_CARE),
    PlannedStaff("careworker2", "白露", Role.CARE_WORKER, site_key=FIRST_HOME_CARE),
    PlannedStaff("community", "牛春分", Role.COMMUNITY_WORKER, digits=12),
    PlannedStaff("county", "申明远", Role.COUNTY_OFFICER, digits=6),
    PlannedStaff("city", "郝正言", Role.CITY_OFFICER, digits=4),
    PlannedStaff("approver", "焦慎行", Role.APPROVER, digits=4),
    PlannedStaff("cashier", "靳分明", Role.CASHIER, digits=4),
    PlannedStaff("auditor", "原察", Role.AUDITOR, digits=4),
    PlannedStaff("admin", "庞守一", Role.ADMINISTRATOR, digits=4),
)


def put_staff(
    session: Session, beginning: Beginning, divisions: Divisions, site_ids: Mapping[str, int]
) -> int:
    """Enter the staff with their offices; returns how many."""
    people = [
        {
            "sign_in_name": member.sign_in_name,
            "display_name": member.display_name,
            "language": "zh-CN",
        }
        for member in STAFF
    ]
    entered = insert(Staff).returning(col(Staff.id), sort_by_parameter_order=True)
    ids = [row.id for row in session.execute(entered, people)]
    _put_secrets(session, beginning, ids)
    first_village = divisions.village(0, 0, 0)
    offices = [
        {
            "staff_id": staff_id,
            "role": member.role,
            "division_code": first_village[: member.digits] if member.digits else None,
            "site_id": site_ids[member.site_key] if member.site_key else None,
            "starts_on": beginning.day,
        }
        for staff_id, member in zip(ids, STAFF, strict=True)
    ]
    session.execute(insert(StaffRole), offices)
    return len(ids)


def second_factor_secret(seed: int, sign_in_name: str) -> str:
    """Return the secret of a demo person's authenticator, the same for the same seed."""
    made_up = hashlib.sha256(f"{seed}/second factor/{sign_in_name}".encode()).digest()
    return base64.b32encode(made_up[:20]).decode()


def _put_secrets(session: Session, beginning: Beginning, ids: Sequence[int]) -> None:
    now = clock.now()
    password_hash = hash_password(PASSWORD)
    session.execute(
        insert(StaffPassword),
        [{"staff_id": one, "password_hash": password_hash, "changed_at": now} for one in ids],
    )
    factors = [
        {
            "staff_id": staff_id,
            "secret_cipher": seal_secret(second_factor_secret(beginning.seed, member.sign_in_name)),
            "begun_at": now,
            "confirmed_at": now,
        }
        for staff_id, member in zip(ids, STAFF, strict=True)
        if member.role in NEED_SECOND_FACTOR
    ]
    session.execute(insert(SecondFactor), factors)
