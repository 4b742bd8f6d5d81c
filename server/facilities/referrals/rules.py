"""What may follow what with a referral."""

from datetime import date, timedelta

from server.facilities.models import BedKind
from server.facilities.referrals.errors import ReferralNotSo, ReferralTooLate
from server.facilities.referrals.models import Referral, ReferralState

DECIDE_DAYS = "beds.referral_days"


def decide_by(today: date, *, days: int) -> date:
    """Return the last day on which a referral of today may be answered."""
    return today + timedelta(days=days)


def check_state(referral: Referral, *allowed: ReferralState) -> None:
    """Raise `ReferralNotSo` unless the referral is in one of these."""
    if referral.state not in allowed:
        raise ReferralNotSo(state=referral.state.value)


def check_in_time(referral: Referral, *, today: date) -> None:
    """Raise `ReferralTooLate` for an answer after its last day."""
    if referral.decide_by < today:
        raise ReferralTooLate(decide_by=referral.decide_by.isoformat())


def may_suspend(to_kind: BedKind, *, same_site: bool) -> bool:
    """True where the bed left may be kept: while a medical bed of another facility cares."""
    return to_kind is BedKind.MEDICAL and not same_site
