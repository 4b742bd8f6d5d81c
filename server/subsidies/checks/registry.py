"""The 25 cross-checks of domain.md §5.2, and which checks answer each, here and elsewhere.

A test holds it complete: each number is answered, and each check of a run answers a number.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from server.findings.models import FindingKind as Kind

ANSWERS: Final[Mapping[int, Sequence[Kind]]] = {
    1: (
        Kind.SUBSIDY_AFTER_DEATH,
        Kind.MEAL_AFTER_DEPARTURE,
        Kind.HOME_VISIT_AFTER_DEPARTURE,
        Kind.NIGHT_AFTER_DEPARTURE,
        Kind.HARDSHIP_AFTER_DEPARTURE,
    ),
    2: (Kind.SUBSIDY_DAYS_OVER_BEDS, Kind.RETURN_DIFFERS),
    3: (Kind.SUBSIDY_DAYS_NOT_IN_LEDGER,),
    4: (Kind.SUBSIDY_LIVED_IN_A_HOME, Kind.HOME_VISIT_IN_A_HOME, Kind.MEAL_IN_A_HOME),
    5: (Kind.SUBSIDY_DAYS_IN_HOSPITAL, Kind.HOME_VISIT_IN_HOSPITAL, Kind.MEAL_IN_HOSPITAL),
    6: (
        Kind.SUBSIDY_LEVEL_DIFFERS,
        Kind.SUBSIDY_LEVEL_EXPIRED,
        Kind.SUBSIDY_LEVEL_ROSE,
        Kind.SUBSIDY_ASSESSOR_HURRIED,
    ),
    7: (Kind.SUBSIDY_HEADS_DIFFER, Kind.RETURN_DIFFERS),
    8: (Kind.HOME_VISITS_OVERLAP, Kind.HOME_TRAVEL_TOO_FAST),
    9: (Kind.HOME_VISIT_OUTSIDE_FENCE, Kind.HOME_VISIT_WITHOUT_POSITION, Kind.HOME_PHOTO_AGAIN),
    10: (Kind.HOME_VISIT_TOO_SHORT, Kind.HOME_DAY_TOO_LONG, Kind.HOME_HOURS_SHIFTED),
    11: (Kind.HOME_VISIT_BACK_FILLED, Kind.HOME_VISIT_SENT_LATE),
    12: (Kind.SUBSIDY_ONE_SIGNER, Kind.HOME_CALL_CONTRADICTS, Kind.HOME_PHOTO_AGAIN),
    13: (
        Kind.SUBSIDY_MINUTES_NOT_PROVED,
        Kind.HOME_BED_SILENT,
        Kind.HOME_BED_UNSERVED,
        Kind.HOME_DEVICE_SILENT,
    ),
    14: (Kind.SUBSIDY_INVOICE_TWICE,),
    15: (Kind.SUBSIDY_BUILT_TWICE,),
    16: (
        Kind.MEAL_OVER_THE_CAP,
        Kind.MEAL_TWO_CANTEENS,
        Kind.MEAL_IN_A_HOME,
        Kind.MEAL_IN_HOSPITAL,
        Kind.MEAL_AFTER_DEPARTURE,
    ),
    17: (Kind.MEAL_MORE_THAN_SEATS, Kind.MEAL_COLLECTED_IN_A_BURST, Kind.MEAL_ONE_HAND),
    18: (Kind.SUBSIDY_MEALS_UNPAID, Kind.SUBSIDY_MEALS_UNDERPAID),
    19: (Kind.SUBSIDY_STANDING_DIFFERS, Kind.MEAL_TIER_DIFFERS),
    20: (
        Kind.SUBSIDY_CAREGIVER_UNINSURED,
        Kind.SUBSIDY_TWO_EMPLOYERS,
        Kind.SUBSIDY_ATTENDANCE_SHORT,
    ),
    21: (Kind.SUBSIDY_CERTIFICATE_LACKING,),
    22: (Kind.SUBSIDY_REWARD_UNENTITLED,),
    23: (Kind.TRAINEE_ON_SHIFT, Kind.TRAINEE_SERVED_ELSEWHERE),
    24: (Kind.SUBSIDY_ACCOUNT_SHARED, Kind.SUBSIDY_ACCOUNT_OF_STAFF),
    25: (
        Kind.SUBSIDY_CLOSE_TO_OPERATOR,
        Kind.SUBSIDY_ASSESSOR_APPROVED,
        Kind.SUBSIDY_PAID_IN_NOTICE,
        Kind.SUBSIDY_OVER_BUDGET,
        Kind.SUBSIDY_VENDOR_RELATED,
    ),
}
