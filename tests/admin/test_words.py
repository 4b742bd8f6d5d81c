"""Every code that the console shows has a word in both languages."""

import pytest

from admin.contracts import forms as money_forms
from admin.facilities import forms as bed_forms
from admin.facilities import path_forms
from admin.facilities.overview_views import FIGURES
from admin.facilities.reading import FREE, UNCLEANED
from admin.facilities.return_forms import ReportForm, ReturnForm, StaffingForm
from admin.findings import meals as meal_findings
from admin.findings.forms import DeathForm, SettleForm, TakeForm
from admin.homecare import forms as care_forms
from admin.homecare.alarms import forms as alarm_forms
from admin.homecare.beds import forms as home_bed_forms
from admin.homecare.calls import forms as call_forms
from admin.homecare.devices import forms as device_forms
from admin.identity.forms import DONE
from admin.meals.reading import Phase
from admin.meals.settlement import forms as settlement_forms
from admin.meals.voices import forms as voice_forms
from admin.navigation import DOORS
from admin.providers import site_forms
from admin.providers.detail_kinds import KINDS as SITE_KINDS
from admin.residents import duplicate_forms, fact_forms, forms
from admin.residents.assessment_forms import CHECK, FINDINGS
from admin.residents.fact_kinds import KINDS
from admin.residents.fact_reading import CHOICES, GRADES, LEVELS
from admin.wallets import forms as wallet_forms
from server.caregivers.asking.models import ProofKind, Settled
from server.caregivers.certifying import Standing as CertificateStanding
from server.caregivers.missing import Lack
from server.caregivers.models import (
    AttendanceSource,
    Degree,
    InsurancePayer,
    LeavingReason,
    Post,
)
from server.db.acts import Face
from server.facilities.contracts.models import CorrectionReason, FeeItem
from server.facilities.contracts.standings import MoneyFigure, MoneyStanding
from server.facilities.models import BedKind, BedState, EndReason, StayStatus
from server.facilities.referrals.models import ReferralReason, ReferralState, RequestedBy
from server.facilities.returns.rules import Freshness, Standing
from server.facilities.staffing.rules import Care, Shift, Staffing
from server.facilities.viewings.models import PartOfDay, ViewingState
from server.facilities.waiting.models import WaitingGround
from server.files.models import FileKind, FilePurpose
from server.findings.models import FindingKind, FindingState
from server.homecare.alarms.models import AlarmKind, AlarmOutcome, AlarmState, CalleeKind
from server.homecare.alarms.queries import Answered
from server.homecare.callbacks.models import CallResult, CallState, TryOutcome
from server.homecare.callbacks.rules import Content, Did, Stayed, There
from server.homecare.checks.checks import BY_KIND
from server.homecare.devices.models import DeviceKind
from server.homecare.devices.queries import Standing as DeviceStanding
from server.homecare.models import HomeBedEnd, HomeBedPause, HomeBedState
from server.homecare.orders.models import CheckResult, OrderState
from server.homecare.orders.states import OrderStep
from server.homecare.plans.models import PlanState
from server.homecare.plans.rules import Shortfall
from server.homecare.states import Step
from server.homecare.visits.doubts import Doubt
from server.homecare.visits.models import (
    CareWishKind,
    ConfirmedBy,
    CorrectionState,
    VisitState,
)
from server.homecare.vouchers.models import (
    EntitlementEnd,
    EntitlementState,
    EntryKind,
    Programme,
)
from server.i18n.catalogues import LANGUAGES, catalogue
from server.identity.models import Role
from server.identity.scopes import FIELDS_OF
from server.ledger.models import AccountKind, PostingKind
from server.meals.models import (
    Allergen,
    BookedBy,
    BookingStatus,
    CanteenKind,
    Diet,
    Handing,
    Meal,
    OperatingModel,
)
from server.meals.queries.sittings import SittingState
from server.meals.settlement.models import AdjustmentState, SettlementStage
from server.meals.standing.models import PauseCause
from server.meals.viability.rules import Standing as CanteenStanding
from server.meals.voices.models import MealVoiceKind
from server.meals.wallets.models import RequestKind, Via, WalletMove
from server.payments.models import ProviderName, Verdict
from server.providers.models import (
    CareService,
    CreditStatus,
    FacilityKind,
    OpeningState,
    Ownership,
    PaperKind,
    PriceItem,
)
from server.residents.assessments.models import (
    AbilityLevel,
    Adjustment,
    AssessmentReason,
    AssessmentStatus,
    CareRisk,
)
from server.residents.consents.models import GivenHow, Giver, WithdrawnHow
from server.residents.departures.models import DepartureKind
from server.residents.merging.collisions import OF_A_CONSTRAINT, OF_BOTH
from server.residents.merging.models import Likeness, MergeState
from server.residents.merging.queries import Part
from server.residents.models import HardshipTier, HelperScope, Relation, Sex, SpecialCare

RESIDENT_FORMS = (
    settlement_forms.DrawUpForm,
    settlement_forms.PaidForm,
    settlement_forms.AdjustmentForm,
    settlement_forms.DecisionForm,
    voice_forms.AnswerForm,
    voice_forms.HandOnForm,
    voice_forms.NoticeForm,
    forms.OpeningForm,
    forms.ContactForm,
    forms.HelperForm,
    forms.NewPhoneForm,
    forms.EntryForm,
    forms.HardshipForm,
    forms.SpecialCareForm,
    forms.EndForm,
    forms.DepartureForm,
    forms.ReversalForm,
    *(kind.form for kind in KINDS.values()),
    care_forms.MoveForm,
    care_forms.SwapForm,
    care_forms.CancelVisitForm,
    care_forms.AbsenceForm,
    care_forms.CorrectionForm,
    care_forms.DecisionForm,
    care_forms.WishAnswerForm,
    care_forms.PlanForm,
    care_forms.PlanItemForm,
    fact_forms.CallForm,
    path_forms.ReferralForm,
    path_forms.AcceptForm,
    path_forms.HandoverForm,
    path_forms.DeclineForm,
    path_forms.RemoveForm,
    path_forms.AnswerForm,
    forms.ConsentForm,
    forms.ClosingForm,
    duplicate_forms.MergeForm,
    SettleForm,
    DeathForm,
    TakeForm,
    ReturnForm,
    ReportForm,
    StaffingForm,
)
SITE_FORMS = (
    *(kind.form for kind in SITE_KINDS.values()),
    site_forms.BasicsForm,
    site_forms.DecidedForm,
    site_forms.OpeningForm,
    site_forms.CaptionForm,
    money_forms.ContractForm,
    money_forms.ReceiptForm,
    money_forms.BillForm,
    wallet_forms.TopUpForm,
    wallet_forms.TakeBackForm,
    wallet_forms.WalletDecisionForm,
    wallet_forms.CountForm,
    wallet_forms.RefuseRefundForm,
)
HOME_BED_FORMS = (
    call_forms.DrawForm,
    call_forms.AnswerForm,
    call_forms.TryForm,
    home_bed_forms.ApplyForm,
    home_bed_forms.NoteForm,
    home_bed_forms.ReasonForm,
    home_bed_forms.NoticeForm,
    home_bed_forms.ObjectionForm,
    home_bed_forms.FindingForm,
    home_bed_forms.AgreementForm,
    home_bed_forms.BuildForm,
    home_bed_forms.PauseForm,
    home_bed_forms.EndForm,
    device_forms.DeviceForm,
    device_forms.MovingForm,
    device_forms.CalleesForm,
    alarm_forms.ClosingForm,
)
OF_MEALS = ("meal-booked-twice", "subsidised-twice", "wallets-twice")
OF_BEDS = ("beds-overlap", "beds-held-twice")
OF_HOME_BEDS = ("home-beds-twice", "home-bed-grants-twice")
BED_FORMS = (
    bed_forms.HospitalForm,
    bed_forms.MoveForm,
    bed_forms.DischargeForm,
    bed_forms.OutOfUseForm,
    bed_forms.NewcomerForm,
    bed_forms.RoomsForm,
    bed_forms.RoomForm,
    bed_forms.BedForm,
)
DEEDS = (
    "admit_expected",
    "cancel_expected",
    "begin_leave",
    "send_to_hospital",
    "take_back",
    "move",
    "end_stay",
    "mark_cleaned",
    "take_out_of_use",
    "put_back_into_use",
)
CODES = {
    "bed_state": (*(state.value for state in BedState), FREE, UNCLEANED),
    "bed_kind": BedKind,
    "bed_figure": FIGURES,
    "bed_deed": DEEDS,
    "bed_done": DEEDS,
    "end_reason": EndReason,
    **CHOICES,
    "disability_grade": GRADES,
    "care_level": LEVELS,
    "fact": KINDS,
    "fact-none": KINDS,
    "fact-hint": KINDS,
    "file_kind": FileKind,
    "file_purpose": FilePurpose,
    "return_freshness": Freshness,
    "return_standing": Standing,
    "staffing": Staffing,
    "shift": Shift,
    "care": Care,
    "role": Role,
    "facility_kind": FacilityKind,
    "site-part": ["basics", "photos", *SITE_KINDS],
    "paper_kind": PaperKind,
    "price_item": PriceItem,
    "care_service": CareService,
    "credit_status": CreditStatus,
    "stars": range(1, 6),
    "stay_status": StayStatus,
    "fee_item": FeeItem,
    "money_standing": MoneyStanding,
    "money_figure": MoneyFigure,
    "correction_reason": CorrectionReason,
    "posting_kind": PostingKind,
    "ledger_account_kind": AccountKind,
    "ownership": Ownership,
    "opening_state": OpeningState,
    "meal": Meal,
    "phase": Phase,
    "booking_status": BookingStatus,
    "booked_by": BookedBy,
    "handing": Handing,
    "operating_model": OperatingModel,
    "diet": Diet,
    "meal_pause": PauseCause,
    "sitting_state": SittingState,
    "face": Face,
    "trail_operation": ["INSERT", "UPDATE", "DELETE", "ACT"],
    "account_act_done": DONE,
    "scope": list(FIELDS_OF),
    "open_field": {name for names in FIELDS_OF.values() for name in names},
    "sex": Sex,
    "hardship_tier": HardshipTier,
    "special_care": SpecialCare,
    "relation": Relation,
    "helper_scope": HelperScope,
    "departure_kind": DepartureKind,
    "given_how": GivenHow,
    "giver": Giver,
    "withdrawn_how": WithdrawnHow,
    "duplicates_part": Part,
    "likeness": Likeness,
    "finding_kind": FindingKind,
    "home_finding": {*BY_KIND, FindingKind.HOME_CALL_CONTRADICTS},
    "home_finding_why": {*BY_KIND, FindingKind.HOME_CALL_CONTRADICTS},
    "face_said": (1, 2, 3),
    "call_state": CallState,
    "call_result": CallResult,
    "call_outcome": TryOutcome,
    "call_there": There,
    "call_stayed": Stayed,
    "call_did": Did,
    "call_content": Content,
    "finding_state": FindingState,
    "merge_state": MergeState,
    "merge_collision": {
        *OF_BOTH,
        *OF_A_CONSTRAINT.values(),
        *OF_MEALS,
        *OF_BEDS,
        *OF_HOME_BEDS,
        "something-twice",
    },
    "merge_blocker": ("merged-again", "departure-since", "something-twice"),
    "field": {
        name
        for form in (*RESIDENT_FORMS, *BED_FORMS, *SITE_FORMS, *HOME_BED_FORMS)
        for name in form().fields
    },
    "ability_level": AbilityLevel,
    "assessment_reason": AssessmentReason,
    "assessment_status": AssessmentStatus,
    "assessment_step": (FINDINGS, CHECK),
    "adjustment": Adjustment,
    "care_risk": CareRisk,
    "referral_reason": ReferralReason,
    "referral_state": ReferralState,
    "part_of_day": PartOfDay,
    "viewing_state": ViewingState,
    "waiting_ground": WaitingGround,
    "home_bed_state": HomeBedState,
    "home_bed_step": Step,
    "home_bed_end": HomeBedEnd,
    "home_bed_pause": HomeBedPause,
    "requested_by": RequestedBy,
    "visit_state": VisitState,
    "visit_doubt": Doubt,
    "confirmed_by": ConfirmedBy,
    "correction_state": CorrectionState,
    "care_wish": CareWishKind,
    "meal_voice": MealVoiceKind,
    "canteen_standing": CanteenStanding,
    "settlement_stage": SettlementStage,
    "adjustment_state": AdjustmentState,
    "meal_finding": meal_findings.KINDS,
    "meal_finding_why": meal_findings.KINDS,
    "plan_state": PlanState,
    "programme": Programme,
    "entitlement_state": EntitlementState,
    "entitlement_end": EntitlementEnd,
    "entry_kind": EntryKind,
    "order_state": OrderState,
    "order_step": OrderStep,
    "check_result": CheckResult,
    "plan_shortfall": Shortfall,
    "alarm_kind": AlarmKind,
    "alarm_state": AlarmState,
    "alarm_outcome": AlarmOutcome,
    "callee": CalleeKind,
    "answered": Answered,
    "device_kind": DeviceKind,
    "device_standing": DeviceStanding,
    "wallet_move": WalletMove,
    "wallet_via": Via,
    "wallet_request": RequestKind,
    "payment_provider": ProviderName,
    "payment_verdict": Verdict,
    "cash_line": {*WalletMove, "meal_cash"} - {WalletMove.MEAL},
    "weekday": range(1, 8),
    "post": Post,
    "degree": Degree,
    "skill_level": range(1, 6),
    "insurance_payer": InsurancePayer,
    "leaving_reason": LeavingReason,
    "attendance_source": AttendanceSource,
    "certificate_standing": CertificateStanding,
    "proof_kind": ProofKind,
    "settled": Settled,
    "lack": Lack,
    "canteen_kind": CanteenKind,
    "allergen": Allergen,
    "kitchen-part": ["menu", "sheets", "paper", "samples", "dishes", "setup"],
    "navigation": [door.code for door in DOORS] + [door.group for door in DOORS],
    "navigation-what": [door.code for door in DOORS],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CODES)
def test_every_code_has_its_word(language, kind):
    words = catalogue(language, "console")

    missing = [str(code) for code in CODES[kind] if f"{kind}\x04{code}" not in words]

    assert missing == []


def test_both_languages_say_the_same_things():
    assert catalogue("zh-CN", "console").keys() == catalogue("en", "console").keys()
