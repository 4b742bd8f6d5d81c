"""A county with a row in every table that holds somebody, all of it named so that it is found."""

from datetime import timedelta
from hashlib import sha256
from itertools import count

from sqlalchemy import text

from server import clock
from server.caregivers.models import AttendanceDay, BreachKind, CaregiverBreach
from server.caregivers.reminders.models import Reminder, ReminderKind
from server.facilities.contracts.models import BillCorrection, Contract, CorrectionReason, StayBill
from server.facilities.models import BedKind
from server.facilities.referrals.models import Referral
from server.facilities.returns.reports import Day, file_report
from server.facilities.staffing.filing import OnDuty, file_week
from server.facilities.staffing.rules import monday_of
from server.facilities.stays.admitting import admit
from server.facilities.viewings.models import Viewing
from server.facilities.waiting.models import BedOffer, WaitingEntry
from server.files.models import FileKind, FilePurpose
from server.files.service import keep_image, replace_photo
from server.findings.models import Finding, FindingKind
from server.homecare.alarms.models import AlarmSignal, AlarmStep
from server.homecare.beds.models import (
    HomeBedAcceptance,
    HomeBedAgreement,
    HomeBedBuild,
    HomeBedMove,
    HomeBedNotice,
    HomeBedObjection,
)
from server.homecare.callbacks.models import CallBack, CallSample, CallTry
from server.homecare.models import HomeBed, HomeBedState
from server.homecare.months.models import HomeMonth, HomeMonthBed, HomeMonthWorker
from server.homecare.orders.models import CareOrderCheck, CareOrderDraw
from server.homecare.renovations.models import (
    Renovation,
    RenovationAcceptance,
    RenovationMove,
    RenovationNeed,
    RenovationPhoto,
    RenovationQuote,
    RenovationQuoteLine,
)
from server.homecare.visits.models import (
    CareWish,
    HomeMonthClose,
    VisitCorrection,
    VisitRating,
)
from server.homecare.vouchers.models import Programme
from server.identity.models import (
    ApiCall,
    Passkey,
    PasskeyChallenge,
    RecoveryCode,
    Role,
    Staff,
    StaffPassword,
    StaffRole,
    TicketPurpose,
)
from server.identity.scopes import SITE_CONTACTS
from server.identity.service import accounts, api_keys
from server.identity.service.staff_door import write_ticket
from server.ledger.models import AccountKind, PostingKind
from server.ledger.service import Draft, post
from server.meals.counter.keys import make_key
from server.meals.counter.models import How, MealCard, MealCollection
from server.meals.days.models import CanteenClosure
from server.meals.deliveries.models import MealDrop, MealRound
from server.meals.kitchen.models import FoodSample, KitchenSheet
from server.meals.kitchen.templates import set_templates
from server.meals.models import BookedBy, DietaryNote, Dish, Meal
from server.meals.service import book_meal
from server.meals.settlement import service as settling
from server.meals.settlement.models import MealAdjustment
from server.meals.standing.models import MealPause, StandingRefusal
from server.meals.voices.models import MealNotice, MealNoticeRead, MealRating
from server.meals.wallets.models import CashCount, Via, WalletMove, WalletRequest
from server.meals.wallets.moving import Move, move_money, open_wallet
from server.notifications.models import Channel, Message, MessageStatus
from server.notifications.service import FACTS_FIELD
from server.payments.models import Payment, PaymentNotice, PaymentRefund
from server.providers.models import (
    OpeningState,
    SiteOpening,
    SitePaper,
    SitePhoto,
    SitePrice,
    SiteStar,
)
from server.residents.departures.models import Departure, DepartureKind
from server.residents.facts.models import (
    CareInsurance,
    DisabilityCertificate,
    Guardianship,
    Hukou,
    PayeeAccount,
)
from server.residents.merging.models import PossibleDuplicate, ResidentMerge
from server.residents.models import (
    DOCUMENT_FIELD,
    GrantKind,
    HelperCode,
    HelperScope,
    IdentityDocument,
    Opening,
    Relation,
    ResidentContact,
    ResidentGrant,
    SpecialCarePeriod,
)
from server.secrets.fields import keyring
from server.subsidies.checks.models import FindingLine
from server.subsidies.differences.models import DifferenceKind, SubsidyDifference
from tests.factories.alarms import make_alarm, make_callee
from tests.factories.allowances import make_claim, make_complete
from tests.factories.asking import make_asked
from tests.factories.assessments import Office, begin
from tests.factories.claims import keys_of_published, make_published
from tests.factories.consents import make_consent
from tests.factories.devices import make_device, was_heard
from tests.factories.eaten import Kitchen, make_voice
from tests.factories.facilities import make_bed
from tests.factories.homecare import make_plan, make_proof, make_visit
from tests.factories.kitchen import served
from tests.factories.meals import make_canteen, make_site, make_sitting
from tests.factories.orders import make_allowance, make_entitlement, make_order
from tests.factories.paid import make_paid
from tests.factories.people import (
    LONG_AGO,
    an_id_number,
    make_account,
    make_hardship,
    make_resident,
    make_sign_in,
)
from tests.factories.pictures import picture
from tests.factories.returns import make_return
from tests.factories.standing import make_standing, make_waiting
from tests.factories.training import make_everything
from tests.factories.written import make_looked_into, make_written
from tests.server.identity.conftest import Authenticator

_numbers = count(1)


class County:
    """`sign` stands in every name of the county, `house` in its sites', `number` in its phones."""

    def __init__(self, session, village, *, sign, house, number):
        self.session, self.village, self.number = session, village, number
        self.sign, self.house = sign, house
        self.code = village[:6]
        self.phone, self.helpers_phone = f"+861390000{number}", f"+861380000{number}"
        self.id_number = an_id_number(number % 1000)
        self._people()
        self._told()
        self._meals()
        self._staff()
        self._file()
        self._facts()
        self._twin()
        self._stay()
        self._paths()
        self._home_bed()
        self._money()
        self._register()
        self._care()
        self._trust()
        self._alarm()
        self._bought()
        self._renovation()
        self._calls()
        self._wallets()
        self._counter()
        self._settled()
        self._allowances()
        self._subsidies()
        self.paid = make_paid(session, self.home, self.resident, self.code)
        self.taught = make_everything(session, self.home, self.sign)
        of_theirs = {"account": self.account, "officer": self.officer, "sign": self.sign}
        make_written(session, self.message_id, **of_theirs)
        session.commit()
        self.assessor = Office(session, Role.COMMUNITY_WORKER, village)
        session.commit()
        self.assessment_id = begin(self.assessor, self.resident.id)
        make_looked_into(self.assessor, self.message_id, self.caregiver.id)

    @property
    def marks(self):
        """What must never be read elsewhere: names, phones, numbers, addresses, reasons."""
        phones = {self.phone.removeprefix("+86"), self.helpers_phone.removeprefix("+86")}
        return phones | {self.sign, self.id_number, self.meal_code}

    @property
    def keys(self):
        """A key of this county for every parameter of an address."""
        return {
            **self.taught,
            **self.asked,
            **self.paid,
            "resident_id": self.resident.id,
            "grant_id": self.grant.id,
            "period_id": self.hardship.id,
            "departure_id": self.departure.id,
            "assessment_id": self.assessment_id,
            "sitting_id": self.sitting.id,
            "canteen_id": self.canteen.site_id,
            "site_id": self.home.id,
            "booking_id": self.booking.id,
            "standing_id": self.standing.id,
            "pause_id": self.pause.id,
            "waiting_id": self.waiting.id,
            "closure_id": self.closure.id,
            "sign_in_id": self.sign_in_id,
            "passkey_id": self.passkey.id,
            "staff_id": self.officer.id,
            "key_id": self.key_id,
            "code": "payee",
            "fact_id": self.payee.id,
            "contact_id": self.contact.id,
            "stay_id": self.stay.id,
            "bed_id": self.bed.id,
            "referral_id": self.referral.id,
            "entry_id": self.entry.id,
            "application_id": self.entry.id,
            "offer_id": self.offer.id,
            "viewing_id": self.viewing.id,
            "home_bed_id": self.home_bed.id,
            "objection_id": self.objection.id,
            "room_id": self.bed.room_id,
            "pair_id": self.merge.pair_id,
            "merge_id": self.merge.id,
            "finding_id": self.finding.id,
            "run_id": self.subsidy_run.id,
            "other_id": self.subsidy_run.id,
            **self.claimed,
            "consent_id": self.consent.id,
            "bill_id": self.bill.id,
            "correction_id": self.correction.id,
            "detail_id": self.paper.id,
            "paper_id": self.paper.id,
            "photo_id": self.photo.id,
            "file_id": self.photo.file_id,
            "visit_id": self.visit.id,
            "plan_id": self.plan.id,
            "visit_correction_id": self.visit_correction.id,
            "wish_id": self.wish.id,
            "device_id": self.device.id,
            "alarm_id": self.alarm.id,
            "entitlement_id": self.entitlement.id,
            "order_id": self.order.id,
            "check_id": self.order_check.id,
            "renovation_id": self.renovation.id,
            "need_id": self.need.id,
            "picture_id": self.picture.id,
            "sample_id": self.sample.id,
            "call_id": self.call.id,
            "dish_id": self.dish.id,
            "food_sample_id": self.food_sample.id,
            "line_id": self.line.id,
            "wallet_id": self.wallet.id,
            "request_id": self.wallet_request.id,
            "round_id": self.round.id,
            "drop_id": self.drop.id,
            "key": self.collection.client_key,
            "settlement_id": self.settlement_id,
            "adjustment_id": self.adjustment.id,
            "voice_id": self.voice.id,
            "notice_id": self.notice.id,
            "card_id": self.meal_card.id,
            "top_up_id": self.payment.id,
            "announcement_id": self.notice.id,
            "caregiver_id": self.caregiver.id,
            "claim_id": self.claim_id,
            "message_id": self.message_id,
        }

    def _allowances(self):
        """A caregiver of the home with everything on file, and a claim for the first instalment."""
        session, now = self.session, clock.now()
        self.caregiver = make_complete(session, self.home, name=f"{self.sign}护工")
        own = {"caregiver_id": self.caregiver.id, "site_id": self.home.id}
        self._put(AttendanceDay(**own, day=clock.today(), arrived_at=now))
        self._put(
            CaregiverBreach(
                **own, kind=BreachKind.ETHICS, happened_on=LONG_AGO, cleared_on=LONG_AGO,
                document=f"{self.sign}处理决定", recorded_at=now,
            )
        )  # fmt: skip
        self.claim_id = make_claim(session, self.caregiver).id
        other = make_site(session, name=f"{self.house}分院", division_code=self.village)
        own = {"sign": self.sign, "number": self._a_number_of_its_own()}
        self.asked = make_asked(session, self.caregiver, other, **own)

    def _subsidies(self):
        """A run of the county on notice, a claim of the home, and what waits to be put right."""
        self.subsidy_run = run = make_published(
            self.session, self.resident, self.home, county=self.village[:6], sign=self.sign
        )
        self.claimed = keys_of_published(self.session, run, self.home, staff=self.officer)
        self._put(FindingLine(finding_id=self.finding.id, run_id=run.id, number=1))
        self._put(
            SubsidyDifference(
                resident_id=self.resident.id, site_id=self.home.id, of_run_id=run.id, of_number=1,
                beneficiary_id=self.resident.id, month=run.first_month, on_day=run.first_month,
                subject="stay:1", kind=DifferenceKind.FACTS, before_fen=30_000, now_fen=0,
                facts={}, trace={}, found_at=clock.now(),
            )
        )  # fmt: skip

    def _a_number_of_its_own(self):
        """One key may be tried on several tables: it must not be another row's there by chance."""
        return 9_000_000_000 + self.number

    def _put(self, row):
        self.session.add(row)
        self.session.flush()
        return row

    def _people(self):
        session = self.session
        self.resident = make_resident(
            session,
            name=f"{self.sign}秀英",
            village_code=self.village,
            phone=self.phone,
            id_number=self.id_number,
            address=f"{self.sign}巷9号",
        )
        self.hardship = make_hardship(session, self.resident)
        self.account = make_account(session, self.resident, phone=self.phone)
        self.token = make_sign_in(session, account=self.account)
        self.helper = accounts.open_account(session, phone=self.helpers_phone)
        self.grant = self._put(
            ResidentGrant(
                account_id=self.helper.id,
                resident_id=self.resident.id,
                kind=GrantKind.HELPER,
                holder_name=f"{self.sign}代办",
                relation=Relation.CHILD,
                scopes=[HelperScope.BOOK_MEALS.value],
                starts_on=LONG_AGO,
            )
        )
        accounts.ask_for_code(session, phone=self.phone, address=self.sign)
        self.message_id = self._written_to()

    def _written_to(self):
        """A message to the resident's own account that waits on the list of calls."""
        phones = text("SELECT id FROM contact WHERE phone = :phone")
        contact_id = self.session.execute(phones, {"phone": self.phone}).scalar_one()
        now, facts = clock.now(), f'{{"code": "{self.sign}"}}'
        message = Message(
            id=self._a_number_of_its_own(), contact_id=contact_id, channel=Channel.SMS,
            kind="identity.sign_in_code", subject=f"told:{self.number}", due_at=now, try_at=now,
            facts_cipher=keyring().encrypt(facts, FACTS_FIELD), status=MessageStatus.CALLING,
            account_id=self.account.id, division_code=self.village,
        )  # fmt: skip
        return self._put(message).id

    def _meals(self):
        session = self.session
        self.home = make_site(session, name=f"{self.house}养老院", division_code=self.village)
        file_report(self.session, self.home.id, clock.today(), Day(9))
        file_week(session, self.home.id, monday_of(clock.today()), OnDuty(2, 2, 1))
        self.canteen = make_canteen(session, name=f"{self.house}食堂", division_code=self.village)
        self.sitting = make_sitting(session, self.canteen)
        self.booking = book_meal(
            session,
            sitting_id=self.sitting.id,
            resident_id=self.resident.id,
            booked_by=BookedBy.SELF,
        )
        self.meal_code = self.booking.code
        self._kitchen()

    def _kitchen(self):
        """A dish with its sample, a sheet, a template, and what the eater may not have."""
        now, canteen_id = clock.now(), self.canteen.site_id
        own = {"id": self._a_number_of_its_own()}
        self.dish = self._put(Dish(**own, canteen_id=canteen_id, name=f"{self.house}豆腐"))
        cook, _ = self.hire("canteen_staff", site_id=canteen_id)
        self.food_sample = self._put(
            FoodSample(
                **own,
                canteen_id=canteen_id,
                sitting_id=self.sitting.id,
                dish_id=self.dish.id,
                grams=125,
                tenths_celsius=40,
                taken_at=now,
                taken_by=cook.id,
                keep_until=now + timedelta(hours=48),
            )
        )
        self._put(
            KitchenSheet(
                sitting_id=self.sitting.id,
                version=1,
                frozen_at=now,
                total=1,
                content={"eaters": [], "dishes": []},
                digest=b"x" * 32,
            )
        )
        self._put(
            DietaryNote(
                resident_id=self.resident.id,
                usual_diet="soft",
                dislikes=[f"{self.sign}香菜"],
                noted_at=now,
            )
        )
        set_templates(self.session, canteen_id, [1], Meal.DINNER, served())
        self._standing()

    def _standing(self):
        """An order with a pause and a day that failed, a place in a line, and a closed day."""
        today = clock.today()
        self.standing = make_standing(self.session, self.resident, self.canteen, meal="dinner")
        of_it = {"resident_id": self.resident.id, "order_id": self.standing.id}
        self.pause = self._put(
            MealPause(
                **of_it, cause="wished", starts_on=today + timedelta(days=9),
                ends_on=today + timedelta(days=10), noted_at=clock.now(),
            )
        )  # fmt: skip
        self._put(
            StandingRefusal(
                **of_it, canteen_id=self.canteen.site_id, service_on=today, code="sitting-full",
                first_at=clock.now(), tried_at=clock.now(),
            )
        )  # fmt: skip
        self.waiting = make_waiting(self.session, self.resident, self.sitting)
        self.closure = self._put(
            CanteenClosure(
                canteen_id=self.canteen.site_id, service_on=today, meal="dinner",
                reason=f"{self.sign}检修", closed_at=clock.now(),
            )
        )  # fmt: skip

    def hire(self, role, **where):
        """Return someone of the county, and a token of theirs."""
        name = f"{role}-{next(_numbers)}"
        staff = self._put(Staff(sign_in_name=name, display_name=f"{self.sign}{role}"))
        where = where or {"division_code": self.code}
        self._put(StaffRole(staff_id=staff.id, role=Role(role), starts_on=LONG_AGO, **where))
        return staff, make_sign_in(self.session, staff=staff)

    def _staff(self):
        session, now = self.session, clock.now()
        self.officer, _ = self.hire("county_officer")
        self._put(StaffPassword(staff_id=self.officer.id, password_hash="x", changed_at=now))
        Authenticator(session, self.officer)
        self._put(RecoveryCode(staff_id=self.officer.id, code_digest=self.sign.encode()))
        write_ticket(
            session,
            self.officer.id,
            TicketPurpose.INVITATION,
            self.sign,
            lives=timedelta(days=1),
        )
        self.passkey = self._put(
            Passkey(
                staff_id=self.officer.id,
                credential_id=self.sign.encode() * 8,
                public_key=b"",
                sign_count=0,
                label=f"{self.sign}电脑",
                created_at=now,
            )
        )
        self._put(
            PasskeyChallenge(
                challenge_digest=self.sign.encode(),
                staff_id=self.officer.id,
                created_at=now,
                expires_at=now + timedelta(minutes=5),
            )
        )
        issued = api_keys.issue_key(
            session,
            owner=f"{self.sign}局",
            purpose=f"{self.sign}用途",
            scopes=[SITE_CONTACTS],
            fields=["name"],
            rate_per_minute=60,
            days=9,
        )
        self.key_id = issued.key.id
        self._put(
            ApiCall(
                api_key_id=self.key_id,
                at=now,
                scope=SITE_CONTACTS,
                purpose=f"{self.sign}用途",
                status=200,
                rows_returned=0,
            )
        )

    def _file(self):
        now, resident_id = clock.now(), self.resident.id
        mine = "SELECT max(id) FROM sign_in WHERE staff_id = :staff"
        found = self.session.execute(text(mine), {"staff": self.officer.id})
        self.sign_in_id = found.scalar_one()
        self._put(
            SpecialCarePeriod(
                id=self._a_number_of_its_own(),
                resident_id=resident_id,
                care="living_alone",
                starts_on=LONG_AGO,
            )
        )
        self._put(
            Opening(
                resident_id=resident_id,
                staff_id=self.officer.id,
                reason=f"{self.sign}原因",
                opened_at=now,
                expires_at=now + timedelta(minutes=30),
            )
        )
        self.departure = self._put(
            Departure(
                resident_id=resident_id,
                kind=DepartureKind.MOVED_AWAY,
                happened_on=clock.today() - timedelta(days=9),
                source="window",
                reported_at=now - timedelta(days=1),
                effects=[],
                reversed_at=now,
                reversal_reason=f"{self.sign}误报",
            )
        )
        self.finding = self._put(
            Finding(
                kind=FindingKind.MEAL_AFTER_DEPARTURE,
                subject=f"booking:{self.booking.id}",
                resident_id=resident_id,
                evidence={},
                found_at=now,
            )
        )

    def _twin(self):
        """The same person entered twice, and a proposal to make them one."""
        now, session = clock.now(), self.session
        twin = make_resident(
            session, name=self.resident.name, village_code=self.village, id_number=None
        )
        pair = self._put(
            PossibleDuplicate(
                one_id=self.resident.id, other_id=twin.id, why=["village"], found_at=now
            )
        )
        self.merge = self._put(
            ResidentMerge(
                pair_id=pair.id,
                kept_id=self.resident.id,
                merged_id=twin.id,
                reason=f"{self.sign}同一人",
                proposed_at=now,
            )
        )
        self.consent = make_consent(session, "health", resident=self.resident)
        self._put(
            HelperCode(
                resident_id=self.resident.id,
                code_digest=self.sign.encode(),
                scopes=["book_meals"],
                made_at=now,
                expires_at=now + timedelta(minutes=10),
            )
        )

    def _stay(self):
        """A bed of the home, in which the person has been since yesterday."""
        self.bed = make_bed(self.session, site=self.home)
        self.stay = admit(
            self.session,
            bed_id=self.bed.id,
            resident_id=self.resident.id,
            admitted_on=clock.today() - timedelta(days=1),
        )
        make_return(self.session, self.home)

    def _home_bed(self):
        """A bed at home on its way, with everything that is written down about it."""
        now, today = clock.now(), clock.today()
        who = {"resident_id": self.resident.id}
        self.home_bed = self._put(
            HomeBed(
                **who,
                site_id=self.home.id,
                state=HomeBedState.ACCEPTANCE,
                since=today,
                requested_by="staff",
                applied_at=now,
                wishes=f"{self.sign}愿望",
            )
        )
        of = {**who, "home_bed_id": self.home_bed.id}
        self._put(HomeBedMove(**of, step="apply", to_state="applied", at=now, note=self.sign))
        self._put(HomeBedNotice(**of, starts_on=today, ends_on=today + timedelta(days=3)))
        self.objection = self._put(HomeBedObjection(**of, said=f"{self.sign}异议", recorded_at=now))
        self._put(
            HomeBedAgreement(
                **of,
                site_id=self.home.id,
                starts_on=today,
                ends_on=today + timedelta(days=200),
                monthly_fee_fen=180_000,
                own_pay_fen=60_000,
                signed_by=f"{self.sign}秀英",
                signed_on=today,
            )
        )
        self._put(
            HomeBedBuild(
                **of,
                cost_fen=300_000,
                invoice_ref=f"{self.sign}{self.number}",
                installed_on=today,
                inventory=f"{self.sign}呼叫器",
                recorded_at=now,
            )
        )
        self._put(
            HomeBedAcceptance(
                **of, place=1, staff_id=self.officer.id, accepted_at=now, note=self.sign
            )
        )

    def _paths(self):
        """On the way to a bed: a referral, a place in the queue with an offer, and a visit."""
        now, mine = clock.now(), {"resident_id": self.resident.id}
        self.referral = self._put(
            Referral(
                **mine,
                to_site_id=self.home.id,
                to_kind=BedKind.INSTITUTION,
                reason="daily_care",
                basis=f"{self.sign}依据",
                requested_by="staff",
                requested_at=now,
                decide_by=clock.today() + timedelta(days=3),
                state="requested",
            )
        )
        place = {**mine, "site_id": self.home.id, "kind": BedKind.INSTITUTION}
        self.entry = self._put(
            WaitingEntry(
                **place, since=now, priority=3, ground="none", asked_by="staff", state="offered"
            )
        )
        self.offer = self._put(
            BedOffer(
                **place,
                entry_id=self.entry.id,
                bed_id=make_bed(self.session, site=self.home).id,
                made_at=now,
                expires_at=now + timedelta(hours=48),
                state="open",
            )
        )
        self.viewing = self._put(
            Viewing(
                **mine,
                site_id=self.home.id,
                day=clock.today() + timedelta(days=2),
                part="morning",
                phone=self.phone,
                asked_at=now,
                state="asked",
            )
        )

    def _money(self):
        """A contract, what was paid in advance, and a bill that used some of it."""
        today = clock.today()
        self._put(
            Contract(
                stay_id=self.stay.id,
                number=f"{self.sign}合同",
                starts_on=self.stay.admitted_on,
                ends_on=today + timedelta(days=365),
                bed_fen=150000,
                nursing_fen=0,
                meals_fen=0,
                other_fen=0,
                deposit_fen=0,
            )
        )
        payment = Draft(
            f"stay:{self.stay.id}",
            PostingKind.PAYMENT,
            f"payment:{self.stay.id}:{self.sign}收据",
            {AccountKind.CASH: 300000, AccountKind.PREPAID: -300000},
        )
        posting_id = post(self.session, payment, site_id=self.home.id, posted_on=today)
        self.bill = self._put(
            StayBill(
                stay_id=self.stay.id,
                month=today.replace(day=1),
                total_fen=0,
                lines=[{"item": f"{self.sign}项目"}],
                billed_at=clock.now(),
            )
        )
        self.correction = self._put(
            BillCorrection(
                stay_id=self.stay.id,
                month=self.bill.month,
                number=1,
                total_fen=100,
                reason=CorrectionReason.TERMS,
                lines=[{"item": f"{self.sign}更正"}],
                posting_id=posting_id,
                corrected_at=clock.now(),
            )
        )

    def _trust(self):
        """A device in the home, heard today, and a month long ago that was closed."""
        self.device = make_device(
            self.session, self.home_bed, serial=f"{self.sign}{self.number}",
            id=self._a_number_of_its_own(),
        )  # fmt: skip
        was_heard(self.session, self.device, on=clock.today())
        month = {"site_id": self.home.id, "month": LONG_AGO}
        counts = dict.fromkeys(("visits", "minutes", "doubted", "rated", "satisfied"), 1)
        of_all = {"beds": 1, "met": 0, "confirmed": 1, "digest": bytes(32)}
        of_bed = dict.fromkeys(("life_minutes", "nursing_visits", "confirmed", "unproved"), 1)
        self._put(HomeMonth(**month, **counts, **of_all))
        whose = {"home_bed_id": self.home_bed.id, "resident_id": self.resident.id}
        self._put(HomeMonthBed(**month, **counts, **of_bed, **whose, reasons=[]))
        self._put(HomeMonthWorker(**month, **counts, worker_id=self.visit.worker_id, beds=1))

    def _alarm(self):
        """A call for help that nobody has in hand, and whom to call."""
        make_callee(
            self.session, self.home_bed, 1, name=f"{self.sign}秀兰", phone=self.helpers_phone
        )
        self.alarm = make_alarm(
            self.session, self.home_bed, self.device, id=self._a_number_of_its_own()
        )
        of_it = {"alarm_id": self.alarm.id, "at": clock.now()}
        self._put(
            AlarmStep(**of_it, state="called", number=1, callee="contact", name=f"{self.sign}秀兰",
                      phone=self.helpers_phone)
        )  # fmt: skip
        self._put(
            AlarmSignal(**of_it, device_id=self.device.id, event_id="e1", kind="sos",
                        received_at=clock.now())
        )  # fmt: skip

    def _renovation(self):
        """A home that waits for a yes, with everything that is written down about it."""
        now, of_room = clock.now(), {"room": "toilet", "item_code": "grab_bar", "quantity": 1}
        self.renovation = self._put(
            Renovation(
                resident_id=self.resident.id, site_id=self.home.id, state="consent",
                since=clock.today(), requested_by="staff", applied_at=now,
                wishes=f"{self.sign}怕滑", address=f"{self.sign}路1号",
                home_key=f"{self.village}/{self.sign}路1",
            )
        )  # fmt: skip
        of_it = {"renovation_id": self.renovation.id}
        self._put(RenovationMove(**of_it, step="apply", to_state="applied", at=now, note=self.sign))
        self.need = self._put(RenovationNeed(**of_it, **of_room, note=f"{self.sign}墙"))
        kept = keep_image(
            self.session, picture(mark=77 + self.number), kind=FileKind.PHOTO,
            purpose=FilePurpose.RENOVATION_PHOTO, resident_id=self.resident.id,
        )  # fmt: skip
        self.picture = self._put(
            RenovationPhoto(
                **of_it, phase="before", room="toilet", file_id=kept.id, recorded_at=now, x=1, y=1
            )
        )
        parameter = text("SELECT id FROM parameter WHERE key = 'renovation.grants'")
        quote = RenovationQuote(
            **of_it, site_id=self.home.id, state="offered", tier="none", rate_percent=40,
            cap_fen=300_000, parameter_id=self.session.execute(parameter).scalar_one(),
            cost_fen=1_000, grant_fen=400, own_pay_fen=600, quoted_at=now, note=self.sign,
        )  # fmt: skip
        line = {"item_name": f"{self.sign}扶手", "price_fen": 1_000, "sum_fen": 1_000}
        self._put(RenovationQuoteLine(quote_id=self._put(quote).id, **of_room, **line))
        self._put(
            RenovationAcceptance(
                **of_it, place=1, staff_id=self.officer.id, accepted_at=now, note=self.sign
            )
        )

    def _calls(self):
        """A sample of a month long ago, and one call of it that was tried."""
        month = LONG_AGO.replace(day=1)
        self.sample = self._put(
            CallSample(
                month=month, prefix=self.code, seed=f"{self.sign}的公开种子", percent=1,
                population=1, providers=1, size=1, frame_digest=bytes(32), drawn_at=clock.now(),
            )
        )  # fmt: skip
        self.call = self._put(
            CallBack(
                sample_id=self.sample.id, place=1, visit_id=self.visit.id,
                resident_id=self.resident.id, site_id=self.home.id, state="settled", tries=1,
                answers={"there": "yes", "remark": f"{self.sign}说"}, result="agrees",
            )
        )  # fmt: skip
        tried = {"number": 1, "staff_id": self.officer.id, "taken_at": clock.now()}
        self._put(CallTry(call_id=self.call.id, **tried))

    def _counter(self):
        """A meal card, a meal that was handed out and taken back, and a round of deliveries."""
        make_key(self.session)
        now, last = clock.now(), f"{self.number:04d}"[-4:]
        digest = f"{self.sign}卡".encode()
        holder = {"resident_id": self.resident.id, "last_four": last, "issued_at": now}
        self.meal_card = self._put(
            MealCard(id=self._a_number_of_its_own(), number_digest=digest, **holder)
        )
        self.collection = self._put(
            MealCollection(
                client_key=f"counter-{self.number:08d}", booking_id=self.booking.id, how=How.NAME,
                device_at=now, received_at=now, undone_at=now, undo_reason=f"{self.sign}按错",
            )
        )  # fmt: skip
        self.round = self._put(
            MealRound(
                canteen_id=self.canteen.site_id, sitting_id=self.sitting.id, number=1,
                carrier=f"{self.sign}送餐", sealed_at=now,
            )
        )  # fmt: skip
        self.drop = self._put(
            MealDrop(round_id=self.round.id, booking_id=self.booking.id, position=1)
        )

    def _care(self):
        """The plan of the bed at home, a visit that was made, and what was said of it."""
        worker, _ = self.hire("care_worker", site_id=self.home.id)
        now = clock.now()
        self.plan = make_plan(self.session, self.home_bed, worker, note=f"{self.sign}意愿")
        self.visit = make_visit(
            self.session, self.home_bed, worker, starts_at=now - timedelta(hours=2), state="done"
        )
        make_proof(self.session, self.visit)
        of_it = {
            "visit_id": self.visit.id,
            "resident_id": self.resident.id,
            "site_id": self.home.id,
        }
        self._put(VisitRating(**of_it, score=3, words=f"{self.sign}好", rated_at=now))
        self.wish = self._put(
            CareWish(**of_it, kind="complaint", words=f"{self.sign}投诉", asked_at=now)
        )
        self.visit_correction = self._put(
            VisitCorrection(
                **of_it, arrived_at=now - timedelta(hours=2), left_at=now - timedelta(hours=1),
                reason=f"{self.sign}没电", state="asked", asked_at=now, asked_by=worker.id,
            )
        )  # fmt: skip
        month = LONG_AGO.replace(day=1)
        self._put(HomeMonthClose(site_id=self.home.id, month=month, closed_at=now))

    def _bought(self):
        """A voucher of this month, an order that uses some of it, and its place in a sample."""
        now = clock.now()
        self.entitlement = make_entitlement(
            self.session, self.resident, state="applied", note=f"{self.sign}申请"
        )
        lasting = make_entitlement(self.session, self.resident, Programme.PURCHASED)
        purse = make_allowance(
            self.session, self.resident, Programme.PURCHASED, entitlement=lasting
        )
        self.order = make_order(
            self.session, self.resident, self.home, starts_at=now, purchased_fen=100,
            purchased_id=purse.id,
        )  # fmt: skip
        draw = self._put(
            CareOrderDraw(
                county_code=self.code, month=LONG_AGO.replace(day=1), seed=f"{self.sign}彩票",
                percent=1, population=1, size=1, drawn_at=now,
            )
        )  # fmt: skip
        self.order_check = self._put(
            CareOrderCheck(
                draw_id=draw.id, place=1, order_id=self.order.id, resident_id=self.resident.id,
                site_id=self.home.id,
            )
        )  # fmt: skip

    def _wallets(self):
        """Money at the canteen, given back in part, and asked for; a drawer that was counted."""
        of_it = {"site_id": self.canteen.site_id, "resident_id": self.resident.id}
        own = {"id": self._a_number_of_its_own()}
        self.wallet = wallet = open_wallet(self.session, **of_it)
        move = Move(WalletMove.TOP_UP, Via.CASH, 5000, f"{self.sign}充值", note=f"{self.sign}充值")
        self.line = move_money(self.session, wallet, move)
        self.wallet_request = self._put(
            WalletRequest(
                **of_it, **own, wallet_id=wallet.id, kind="reversal", entry_id=self.line.id,
                reason=f"{self.sign}多收", asked_by=self.officer.id, asked_at=clock.now(),
            )
        )  # fmt: skip
        self._pay_by_phone(of_it, own)
        self._put(
            CashCount(
                site_id=self.canteen.site_id, day=clock.today(), number=1, expected_fen=5000,
                counted_fen=4900, note=f"{self.sign}找错", counted_by=self.officer.id,
                counted_at=clock.now(),
            )
        )  # fmt: skip

    def _pay_by_phone(self, of_it, own):
        """A payment with a refund and a notice."""
        now, sign = clock.now(), self._a_number_of_its_own()
        self.payment = self._put(
            Payment(
                **of_it, **own, number=f"T{sign}", purpose="wallet_top_up", provider="sandbox",
                amount_fen=5000, state="paid", pay_url=f"/{self.sign}", asked_at=now, paid_at=now,
                expires_at=now + timedelta(minutes=15), transaction_number=f"S{sign}",
            )
        )  # fmt: skip
        self._put(
            PaymentRefund(
                number=f"R{sign}", payment_id=self.payment.id, amount_fen=100,
                cause=f"{self.sign}退", asked_at=now,
            )
        )  # fmt: skip
        self._put(
            PaymentNotice(
                provider="sandbox", payment_id=self.payment.id, verdict="taken",
                nonce=f"{sign}", digest=sha256(f"{sign}".encode()).digest(), body=self.sign,
                received_at=now,
            )
        )  # fmt: skip

    def _register(self):
        """What stands beside the home in the register; a picture of a paper is not public."""
        of_it = {"site_id": self.home.id, "starts_on": LONG_AGO}
        own = {"id": self._a_number_of_its_own()}
        soon = clock.today() + timedelta(days=30)
        scan = keep_image(
            self.session,
            picture(),
            kind=FileKind.SCAN,
            purpose=FilePurpose.SITE_PAPER,
            site_id=self.home.id,
        )
        shown = keep_image(
            self.session,
            picture(),
            kind=FileKind.PHOTO,
            purpose=FilePurpose.SITE_PHOTO,
            site_id=self.home.id,
        )
        self.paper = self._put(
            SitePaper(
                **of_it, **own, kind="filing", number=f"{self.house}备案", ends_on=soon,
                file_id=scan.id,
            )
        )  # fmt: skip
        self._put(SiteStar(**of_it, **own, stars=3, document=f"{self.house}评定", ends_on=soon))
        self._put(SitePrice(**of_it, **own, item="bed", lowest_fen=100000, highest_fen=200000))
        self._put(
            SiteOpening(
                **of_it, state=OpeningState.OPEN, reason=f"{self.house}开业",
                recorded_at=clock.now(),
            )
        )  # fmt: skip
        self.photo = self._put(
            SitePhoto(
                **own, site_id=self.home.id, file_id=shown.id, caption=f"{self.house}门口",
                position=1,
            )
        )  # fmt: skip

    def _facts(self):
        of_theirs = {"resident_id": self.resident.id, "starts_on": LONG_AGO}
        cipher = keyring().encrypt(f"C{self.number}", DOCUMENT_FIELD)
        number = {"number_cipher": cipher, "number_digest": self.sign.encode()}
        replace_photo(self.session, self.resident.id, picture())
        self._put(Hukou(**of_theirs, kind="unified", place=f"{self.sign}外地"))
        self._put(CareInsurance(**of_theirs, scheme="employee"))
        self._put(DisabilityCertificate(**of_theirs, category="vision", grade=1))
        self._put(
            Guardianship(
                **of_theirs,
                incapacity="none",
                basis="statutory",
                guardian_name=f"{self.sign}监护",
                relation="child",
                phone=self.helpers_phone,
            )
        )
        self.payee = self._put(
            PayeeAccount(
                **of_theirs,
                id=self._a_number_of_its_own(),
                bank=f"{self.sign}银行",
                account_cipher=b"x",
                account_digest=b"x",
                last_four="0018",
                holder_name=f"{self.sign}秀英",
            )
        )
        self._put(IdentityDocument(resident_id=self.resident.id, kind="passport", **number))
        self.contact = self._put(
            ResidentContact(
                resident_id=self.resident.id,
                name=f"{self.sign}联系",
                relation="child",
                phone=self.helpers_phone,
            )
        )

    def _told(self):
        """What the county itself was told of its caregivers."""
        today = clock.today()
        self._put(
            Reminder(
                kind=ReminderKind.COUNTY_LIST, subject=today.isoformat(), rung=0,
                recipient=f"county:{self.code}", county_code=self.code, about_on=today,
                due_on=today, facts={}, reached=True, asked_at=clock.now(),
            )
        )  # fmt: skip

    def _settled(self):
        """A month of a second canteen that was settled, and what was said of a meal of it."""
        kitchen = Kitchen(self.session, name=f"{self.house}二食堂", division_code=self.village)
        meal = kitchen.eaten(self.resident)
        settling.draw_up(self.session, [kitchen.site_id], kitchen.month)
        newest = "SELECT id FROM meal_settlement WHERE site_id = :site"
        found = self.session.execute(text(newest), {"site": kitchen.site_id})
        self.settlement_id = found.scalar_one()
        now, today = clock.now(), clock.today()
        of_it = {"site_id": kitchen.site_id, "asked_at": now, "asked_by": self.officer.id}
        self.adjustment = self._put(
            MealAdjustment(
                **of_it, month=today.replace(day=1), amount_fen=100, reason=f"{self.sign}漏记",
                state="asked",
            )
        )  # fmt: skip
        self._put(
            MealRating(
                booking_id=meal.id, resident_id=self.resident.id, site_id=kitchen.site_id,
                service_on=meal.service_on, score=3, rated_at=now, changed_at=now,
            )
        )  # fmt: skip
        self.voice = make_voice(self.session, meal, words=f"{self.sign}说凉了")
        days = {"starts_on": today, "ends_on": today, "made_at": now}
        self.notice = self._put(
            MealNotice(
                **days, site_id=kitchen.site_id, title="停业一天", words="检修",
                made_by=self.officer.id,
            )
        )  # fmt: skip
        self._put(MealNoticeRead(account_id=self.account.id, notice_id=self.notice.id, read_at=now))
