"""What belongs to a copy, table by table, and what is left out of it and why.

A table that holds a resident's or an account's number stands in one of the two lists.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.audit.models import ActRow
from server.caregivers.allowances.models import (
    AllowanceClaim,
    AllowanceClaimLine,
    CaregiverEntitlement,
)
from server.caregivers.asking.models import CaregiverOpening, CaregiverProof, EmploymentTakeover
from server.caregivers.models import (
    AttendanceDay,
    AttendanceMonth,
    Caregiver,
    CaregiverBreach,
    CaregiverEducation,
    ContinuingEducation,
    Employment,
    EmploymentContract,
    SkillCertificate,
)
from server.caregivers.reminders.models import Reminder
from server.caregivers.training.models import (
    CompletionCertificate,
    ContestEntrant,
    CourseAttendance,
    Enrolment,
    ExamResult,
    TrainingSubsidy,
)
from server.db.tables import Table
from server.facilities.contracts.models import BillCorrection, Contract, StayBill
from server.facilities.models import BedOccupancy, Stay
from server.facilities.referrals.models import Referral
from server.facilities.viewings.models import Viewing
from server.facilities.waiting.models import BedOffer, WaitingEntry
from server.homecare.alarms.models import HomeAlarm
from server.homecare.beds.models import (
    HomeBedAcceptance,
    HomeBedAgreement,
    HomeBedBuild,
    HomeBedMove,
    HomeBedNotice,
)
from server.homecare.callbacks.models import CallBack
from server.homecare.models import HomeBed
from server.homecare.months.models import HomeMonthBed
from server.homecare.orders.models import CareOrder
from server.homecare.plans.models import CarePlan, CarePlanItem
from server.homecare.renovations.models import Renovation, RenovationMove
from server.homecare.visits.models import CareVisit, CareWish, VisitProof, VisitRating
from server.homecare.vouchers.models import CareAllowance, CareAllowanceEntry, CareEntitlement
from server.i18n.catalogues import marked
from server.identity.models import Account, SignIn
from server.meals.counter.models import MealCard
from server.meals.models import Booking, DietaryNote
from server.meals.settlement.models import MealFact
from server.meals.standing.models import MealPause, StandingOrder, StandingRefusal
from server.meals.voices.models import MealNoticeRead, MealRating, MealVoice
from server.meals.waiting.models import MealWaiting
from server.meals.wallets.models import Wallet, WalletEntry, WalletRequest
from server.notifications.models import Message, MessageOptOut, PushDevice
from server.payments.models import Payment
from server.residents.assessments.models import Assessment
from server.residents.consents.models import Consent
from server.residents.models import (
    CareLink,
    HardshipPeriod,
    Opening,
    Resident,
    ResidentGrant,
    SpecialCarePeriod,
)
from server.subsidies.claims.models import (
    SubsidyClaim,
    SubsidyClaimLook,
    SubsidyClaimPaper,
    SubsidyClaimStep,
)
from server.subsidies.models import SubsidyFact, SubsidyLine
from server.subsidies.notices.models import SubsidyObjection
from server.subsidies.payments.models import SubsidyPayment, SubsidyPaymentLine
from server.subsidies.recoveries.models import (
    SubsidyRecovery,
    SubsidyRecoveryDecision,
    SubsidyRecoveryEntry,
)


@dataclass(frozen=True)
class Part:
    """Rows of a table that are somebody's: by the resident's number, the account's, or either.

    `of_stay` names a column by which a row is about a stay of the resident's, `of_caregiver` one
    that holds the caregiver whose phone this is, and `within` one that names a row of another part.
    Rows `of_payee` are about whom they pay, and those `of_lines` about whom a subsidy's line is.
    """

    table: type[Table]
    of_resident: str | None = None
    of_account: str | None = None
    of_stay: str | None = None
    of_caregiver: str | None = None
    within: tuple[str, "Part"] | None = None
    of_payee: bool = False
    of_lines: "Part | None" = None


EMPLOYMENT = Part(Employment, of_caregiver="caregiver_id")
SUBSIDY_LINE = Part(SubsidyLine, of_resident="resident_id", of_caregiver="caregiver_id")
SUBSIDY_PAYMENT = Part(SubsidyPayment, of_payee=True)
SUBSIDY_RECOVERY = Part(SubsidyRecovery, of_payee=True)
SUBSIDY_CLAIM = Part(SubsidyClaim, of_resident="resident_id", of_caregiver="caregiver_id")
ENROLMENT = Part(Enrolment, of_account="account_id", of_caregiver="caregiver_id")

PARTS: Sequence[Part] = (
    Part(Resident, of_resident="id"),
    Part(HardshipPeriod, of_resident="resident_id"),
    Part(SpecialCarePeriod, of_resident="resident_id"),
    Part(Assessment, of_resident="resident_id"),
    Part(Booking, of_resident="resident_id"),
    Part(Stay, of_resident="resident_id"),
    Part(BedOccupancy, of_resident="resident_id"),
    Part(Contract, of_stay="stay_id"),
    Part(StayBill, of_stay="stay_id"),
    Part(BillCorrection, of_stay="stay_id"),
    Part(Referral, of_resident="resident_id"),
    Part(WaitingEntry, of_resident="resident_id"),
    Part(BedOffer, of_resident="resident_id"),
    Part(Viewing, of_resident="resident_id"),
    Part(HomeBed, of_resident="resident_id"),
    Part(HomeBedMove, of_resident="resident_id"),
    Part(HomeBedNotice, of_resident="resident_id"),
    Part(HomeBedAgreement, of_resident="resident_id"),
    Part(HomeBedBuild, of_resident="resident_id"),
    Part(HomeBedAcceptance, of_resident="resident_id"),
    Part(HomeMonthBed, of_resident="resident_id"),
    Part(CarePlan, of_resident="resident_id"),
    Part(CarePlanItem, of_resident="resident_id"),
    Part(CareVisit, of_resident="resident_id"),
    Part(VisitProof, of_resident="resident_id"),
    Part(VisitRating, of_resident="resident_id"),
    Part(CareWish, of_resident="resident_id"),
    Part(HomeAlarm, of_resident="resident_id"),
    Part(CareEntitlement, of_resident="resident_id"),
    Part(CareAllowance, of_resident="resident_id"),
    Part(CareAllowanceEntry, of_resident="resident_id"),
    Part(CareOrder, of_resident="resident_id"),
    Part(Renovation, of_resident="resident_id"),
    Part(RenovationMove, of_account="account_id"),
    Part(CallBack, of_resident="resident_id"),
    Part(DietaryNote, of_resident="resident_id"),
    Part(StandingOrder, of_resident="resident_id"),
    Part(MealPause, of_resident="resident_id"),
    Part(StandingRefusal, of_resident="resident_id"),
    Part(MealWaiting, of_resident="resident_id"),
    Part(Wallet, of_resident="resident_id"),
    Part(WalletEntry, of_resident="resident_id"),
    Part(WalletRequest, of_resident="resident_id"),
    Part(MealCard, of_resident="resident_id"),
    Part(MealFact, of_resident="resident_id"),
    Part(MealRating, of_resident="resident_id"),
    Part(MealVoice, of_resident="resident_id"),
    Part(Payment, of_resident="resident_id"),
    Part(CareLink, of_resident="resident_id"),
    Part(ResidentGrant, of_resident="resident_id", of_account="account_id"),
    Part(Consent, of_resident="resident_id", of_account="account_id"),
    Part(Opening, of_resident="resident_id"),
    Part(ActRow, of_resident="for_resident_id", of_account="account_id"),
    Part(Account, of_account="id"),
    Part(SignIn, of_account="account_id"),
    Part(MealNoticeRead, of_account="account_id"),
    ENROLMENT,
    Part(CourseAttendance, within=("enrolment_id", ENROLMENT)),
    Part(ExamResult, within=("enrolment_id", ENROLMENT)),
    Part(CompletionCertificate, within=("enrolment_id", ENROLMENT)),
    Part(TrainingSubsidy, within=("enrolment_id", ENROLMENT)),
    Part(Message, of_account="account_id"),
    Part(MessageOptOut, of_account="account_id"),
    Part(PushDevice, of_account="account_id"),
    Part(Caregiver, of_account="account_id"),
    Part(CaregiverEducation, of_caregiver="caregiver_id"),
    EMPLOYMENT,
    Part(EmploymentContract, within=("employment_id", EMPLOYMENT)),
    Part(EmploymentTakeover, of_caregiver="caregiver_id"),
    Part(SkillCertificate, of_caregiver="caregiver_id"),
    Part(CaregiverProof, of_caregiver="caregiver_id"),
    Part(AttendanceDay, of_caregiver="caregiver_id"),
    Part(AttendanceMonth, of_caregiver="caregiver_id"),
    Part(ContinuingEducation, of_caregiver="caregiver_id"),
    Part(CaregiverBreach, of_caregiver="caregiver_id"),
    Part(ContestEntrant, of_caregiver="caregiver_id"),
    Part(CaregiverEntitlement, of_caregiver="caregiver_id"),
    Part(AllowanceClaim, of_caregiver="caregiver_id"),
    Part(AllowanceClaimLine, of_caregiver="caregiver_id"),
    Part(Reminder, of_caregiver="caregiver_id"),
    Part(CaregiverOpening, of_caregiver="caregiver_id"),
    SUBSIDY_LINE,
    Part(SubsidyFact, of_lines=SUBSIDY_LINE),
    SUBSIDY_PAYMENT,
    Part(SubsidyPaymentLine, within=("payment_id", SUBSIDY_PAYMENT)),
    SUBSIDY_RECOVERY,
    Part(SubsidyRecoveryEntry, within=("recovery_id", SUBSIDY_RECOVERY)),
    Part(SubsidyRecoveryDecision, within=("recovery_id", SUBSIDY_RECOVERY)),
    SUBSIDY_CLAIM,
    Part(SubsidyClaimStep, of_account="account_id", within=("claim_id", SUBSIDY_CLAIM)),
    Part(SubsidyClaimLook, within=("claim_id", SUBSIDY_CLAIM)),
    Part(SubsidyClaimPaper, within=("claim_id", SUBSIDY_CLAIM)),
    Part(SubsidyObjection, of_account="account_id"),
)

AT_THE_WINDOW = marked("It is noted at a window, and shown there.")

LEFT_OUT: Mapping[str, str] = {
    # Row security keeps these to the offices over the village (ADR 26).
    **dict.fromkeys(
        (
            "hukou",
            "disability_certificate",
            "guardianship",
            "care_insurance",
            "payee_account",
            "identity_document",
            "resident_contact",
        ),
        AT_THE_WINDOW,
    ),
    "visit_correction": marked("How a visit was put right is shown by the provider."),
    "care_order_check": marked("What a checker found on the spot is the county's business."),
    "departure": marked("Reports of a death or a move are shown at the window."),
    **dict.fromkeys(
        ("finding", "subsidy_difference"),
        marked("What is still being examined is told once it is settled."),
    ),
    "home_bed_objection": marked("What somebody said against a bed protects who said it."),
    "file": marked("Photos and scans are shown at the window."),
    "helper_code": marked("A code for a helper lives for ten minutes."),
    **dict.fromkeys(
        ("ledger_account", "ledger_entry"),
        marked("Payments and deposits are shown by the home that took them."),
    ),
    "assessment_sheet": marked("The answers of an assessment are shown at the window."),
}
