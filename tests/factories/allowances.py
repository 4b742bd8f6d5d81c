"""Caregivers of whom everything is known that allowances ask, and claims of theirs."""

from datetime import date, datetime

from server import clock
from server.caregivers.allowances.models import (
    AllowanceClaim,
    AllowanceClaimLine,
    CaregiverEntitlement,
    ClaimState,
)
from server.caregivers.allowances.reckoning import reckon
from server.caregivers.allowances.terms import Programme
from server.caregivers.models import ContinuingEducation
from server.db.tables import table_of
from server.secrets.fields import keyring
from tests.factories.caregivers import (
    make_attendance,
    make_caregiver,
    make_certificate,
    make_contract,
    make_degree,
    make_employment,
)

IN_JULY = datetime(2026, 7, 10, 10, 0, tzinfo=clock.CITY)
LEARNED_ON = date(2025, 5, 5)
VERIFIED_ON = date(2023, 2, 1)
MONTHS = [date(2026, month, 1) for month in range(1, 7)]
ACCOUNT_NUMBER = "6222020200112233445"


def make_complete(session, site=None, *, months=MONTHS, level=3, learned_on=LEARNED_ON, **given):
    """A bachelor of level 3, front-line since 15 July 2023, who was there every month."""
    payee = {
        "payee_bank": "晋城银行",
        "payee_cipher": keyring().encrypt(ACCOUNT_NUMBER, "caregiver.payee_account"),
        "payee_digest": keyring().digest(ACCOUNT_NUMBER, "caregiver.payee_account"),
    }
    caregiver = make_caregiver(session, site, **payee | given)
    employment = make_employment(session, caregiver)
    make_contract(session, employment)
    make_degree(session, caregiver)
    make_certificate(session, caregiver, level=level, verified_on=VERIFIED_ON)
    for month in months:
        make_attendance(session, employment, month)
    session.add(
        ContinuingEducation(
            caregiver_id=caregiver.id, attended_on=learned_on, minutes=720, subject="失智照护"
        )
    )
    session.flush()
    return caregiver


def reckoned(session, caregiver, months=MONTHS):
    """Reckon these months of a caregiver; returns how many entitlements are new or changed."""
    return reckon(session, [caregiver.id], months)


def make_claim(session, caregiver):
    """A claim for the first instalment of the entry reward, whatever window is open."""
    reckoned(session, caregiver, [])
    table = table_of(CaregiverEntitlement)
    first = session.execute(
        table.select().where(
            table.c.caregiver_id == caregiver.id,
            table.c.programme == Programme.ENTRY_REWARD,
            table.c.period == "1",
            table.c.superseded_at.is_(None),
        )
    ).one()
    named = {"caregiver_id": caregiver.id, "programme": Programme.ENTRY_REWARD, "period": "1"}
    claim = AllowanceClaim(
        **named, site_id=first.site_id, opens_on=first.due_on, closes_on=first.due_on,
        amount_fen=first.amount_fen, missing=[], state=ClaimState.HANDED_IN,
        handed_in_at=clock.now(),
    )  # fmt: skip
    session.add(claim)
    session.flush()
    session.add(
        AllowanceClaimLine(
            **named, claim_id=claim.id, entitlement_id=first.id, amount_fen=first.amount_fen
        )
    )
    session.flush()
    return claim
