"""Caregivers, where they work, and what they are certified for."""

from datetime import date
from itertools import count

from server import clock
from server.caregivers.models import (
    AttendanceMonth,
    AttendanceSource,
    Caregiver,
    CaregiverEducation,
    Degree,
    Employment,
    EmploymentContract,
    InsurancePayer,
    LeavingReason,
    Post,
    SkillCertificate,
)
from server.people.papers import pinyin_of
from server.secrets.fields import keyring
from tests.factories.meals import make_site
from tests.factories.people import an_id_number

_numbers = count(1)
BORN_ON = date(1985, 3, 12)
HIRED_ON = date(2023, 7, 15)


def make_caregiver(session, site=None, **given):
    """Somebody whose file is kept at the site; works nowhere yet."""
    number = next(_numbers)
    born_on = given.get("born_on", BORN_ON)
    name = given.get("name", f"孙{'一二三四五六七八九十'[number % 10]}兰")
    id_number = given.pop("id_number", None) or an_id_number(number, born_on)
    pinyin, initials = pinyin_of(name)
    values = {
        "name": name,
        "pinyin": pinyin,
        "initials": initials,
        "born_on": born_on,
        "id_number_cipher": keyring().encrypt(id_number, "caregiver.id_number"),
        "id_number_digest": keyring().digest(id_number, "caregiver.id_number"),
        "phone": f"+86139{number:08d}",
        "keeper_site_id": (site or make_site(session)).id,
        "registered_at": clock.now(),
    } | given
    return _put(session, Caregiver(**values))


def make_employment(session, caregiver, site=None, *, starts_on=HIRED_ON, ends_on=None, **given):
    """A front-line, full-time employment of the caregiver, at their keeper's site at first."""
    values = {
        "caregiver_id": caregiver.id,
        "site_id": site.id if site else caregiver.keeper_site_id,
        "post": Post.CARE,
        "is_front_line": True,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "leaving_reason": None if ends_on is None else LeavingReason.RESIGNED,
        "recorded_at": clock.now(),
    } | given
    return _put(session, Employment(**values))


def make_contract(session, employment, *, starts_on=None, ends_on=None, **given):
    """The labour contract of an employment; without an end it has no fixed term."""
    values = {
        "employment_id": employment.id,
        "starts_on": starts_on or employment.starts_on,
        "ends_on": ends_on,
        "insurance_payer": InsurancePayer.EMPLOYER,
    } | given
    return _put(session, EmploymentContract(**values))


def make_degree(session, caregiver, degree=Degree.BACHELOR, *, obtained_on=None, **given):
    """A degree that is recognised, unless `recognised_on=None`."""
    obtained_on = obtained_on or date(2010, 6, 30)
    values = {"recognised_on": obtained_on} | given
    recognition = "" if values["recognised_on"] is None else f"XL{next(_numbers):08d}"
    return _put(
        session,
        CaregiverEducation(
            caregiver_id=caregiver.id,
            degree=degree,
            school="长治医学院",
            obtained_on=obtained_on,
            recognition=recognition,
            **values,
        ),
    )


def make_certificate(session, caregiver, *, level=5, issued_on=date(2023, 1, 10), **given):
    number = next(_numbers)
    values = {
        "caregiver_id": caregiver.id,
        "level": level,
        "number": f"S1405{number:08d}",
        "issuer": "晋城市职业技能鉴定中心",
        "issued_on": issued_on,
        "check_code": f"check-code-of-tests-{number:08d}",
        "recorded_at": clock.now(),
    } | given
    return _put(session, SkillCertificate(**values))


def make_attendance(session, employment, month, days=22):
    """The caregiver was at work for so many days of the month (its first day)."""
    return _put(
        session,
        AttendanceMonth(
            caregiver_id=employment.caregiver_id,
            site_id=employment.site_id,
            month=month,
            days=days,
            source=AttendanceSource.FILED,
            filed_at=clock.now(),
        ),
    )


def _put(session, row):
    session.add(row)
    session.flush()
    return row
