"""listOpenings: who looked at one's file."""

from datetime import timedelta

from server import clock
from server.residents.models import Opening
from tests.factories.people import make_staff


def test_who_looked_is_told_with_the_reason(phone, session, resident):
    staff = make_staff(session, "county_officer", division_code="140502")
    now = clock.now()
    session.add(
        Opening(
            resident_id=resident.id,
            staff_id=staff.id,
            reason="上门探访",
            opened_at=now,
            expires_at=now + timedelta(minutes=30),
        )
    )

    (opening,) = phone.get(f"/v1/residents/{resident.id}/openings").json["items"]

    assert (opening["name"], opening["reason"]) == ("王主任", "上门探访")
    assert opening["is_export"] is False
