"""Beneath every query: the application's own role sees a person only where the actor may."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.files.service import replace_photo
from server.identity.service.accounts import ask_for_code
from server.meals.models import BookedBy, DietaryNote
from server.meals.service import book_meal
from server.residents.consents.models import Consent, Purpose
from server.residents.consents.queries import get_text
from server.residents.facts.models import (
    CareInsurance,
    DisabilityCertificate,
    Guardianship,
    Hukou,
    PayeeAccount,
)
from server.residents.models import (
    IdentityDocument,
    Opening,
    ResidentContact,
    SpecialCarePeriod,
)
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import (
    PASSWORD,
    make_account,
    make_hardship,
    make_resident,
    make_sign_in,
    make_staff,
)
from tests.factories.pictures import picture

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
PERSONAL = (
    "care_visit",
    "visit_proof",
    "visit_correction",
    "visit_rating",
    "care_wish",
    "call_sample",
    "call_back",
    "call_try",
    "care_plan",
    "care_plan_item",
    "home_month_close",
    "contract",
    "stay_bill",
    "bill_correction",
    "ledger_account",
    "ledger_posting",
    "ledger_entry",
    "stay",
    "daily_report",
    "staffing_week",
    "bed_occupancy",
    "referral",
    "waiting_entry",
    "bed_offer",
    "viewing",
    "home_bed",
    "home_bed_move",
    "home_bed_notice",
    "home_bed_objection",
    "home_bed_agreement",
    "home_bed_build",
    "home_bed_acceptance",
    "resident",
    "booking",
    "account",
    "contact",
    "message",
    "message_step",
    "push_device",
    "message_opt_out",
    "staff_email",
    "message_call",
    "message_opening",
    "sign_in",
    "sign_in_code",
    "hardship_period",
    "resident_grant",
    "care_link",
    "special_care_period",
    "opening",
    "staff",
    "staff_role",
    "staff_password",
    "second_factor",
    "recovery_code",
    "staff_ticket",
    "passkey",
    "passkey_challenge",
    "api_key",
    "api_call",
    "assessment",
    "assessment_sheet",
    "departure",
    "finding",
    "identity_document",
    "resident_contact",
    "hukou",
    "disability_certificate",
    "guardianship",
    "care_insurance",
    "payee_account",
    "file",
    "file_content",
    "consent",
    "helper_code",
    "possible_duplicate",
    "resident_merge",
    "trail_entry",
    "bed_return",
    "care_device",
    "device_day",
    "home_month",
    "home_month_bed",
    "home_month_worker",
    "home_callee",
    "home_alarm",
    "alarm_signal",
    "alarm_step",
    "care_entitlement",
    "care_allowance",
    "care_allowance_entry",
    "care_order",
    "care_order_draw",
    "care_order_check",
    "renovation",
    "renovation_move",
    "renovation_need",
    "renovation_photo",
    "renovation_quote",
    "renovation_quote_line",
    "renovation_acceptance",
    "dietary_note",
    "standing_order",
    "meal_pause",
    "standing_refusal",
    "meal_waiting",
    "wallet",
    "wallet_entry",
    "wallet_request",
    "cash_count",
    "meal_collection",
    "meal_card",
    "meal_round",
    "meal_drop",
    "meal_settlement",
    "meal_settlement_line",
    "meal_fact",
    "meal_adjustment",
    "meal_rating",
    "meal_voice",
    "payment",
    "payment_refund",
    "payment_notice",
    "meal_notice_read",
    "caregiver",
    "caregiver_education",
    "employment",
    "employment_contract",
    "skill_certificate",
    "attendance_day",
    "attendance_month",
    "continuing_education",
    "caregiver_breach",
    "caregiver_opening",
    "caregiver_proof",
    "employment_takeover",
    "enrolment",
    "course_attendance",
    "exam_result",
    "completion_certificate",
    "training_subsidy",
    "contest_entrant",
    "caregiver_entitlement",
    "allowance_claim",
    "allowance_claim_line",
    "reminder",
    "subsidy_fact",
    "subsidy_line",
    "subsidy_difference",
    "subsidy_claim",
    "subsidy_claim_hand",
    "subsidy_claim_look",
    "subsidy_claim_step",
    "subsidy_claim_paper",
    "subsidy_held_line",
    "subsidy_objection",
    "subsidy_site_account",
    "subsidy_payment",
    "subsidy_payment_line",
    "subsidy_bank_file",
    "subsidy_bank_file_opening",
    "subsidy_bank_return",
    "subsidy_recovery",
    "subsidy_recovery_entry",
    "subsidy_recovery_decision",
    "finding_line",
    "subsidy_sum",
)
# Tables without row security, each with why it needs none. A new table goes into one of the lists.
NOBODYS = {
    "policy_pack": "public rules",
    "policy_version": "public rules",
    "subsidy_family": "public words",
    "subsidy_run": "sums of a programme",
    "subsidy_slice": "counts, sums and digests",
    "subsidy_review": "sums of a run, and who approved it",
    "subsidy_run_hand": "two numbers",
    "subsidy_review_step": "who approved which run",
    "subsidy_approval_slice": "counts and sums",
    "subsidy_notice": "which run is published, and until when",
    "subsidy_stand_in": "who of the staff stands in for whom",
    "subsidy_budget": "sums of a year",
    "subsidy_budget_change": "sums and documents",
    "subsidy_batch": "counts, sums and a digest",
    "audit_sample": "a lot and its seed",
    "audit_sample_line": "numbers of lines and amounts",
    "channel_state": "public",
    "room": "public",
    "bed": "public",
    "bed_licence": "public",
    "board_version": "one number a facility",
    "api_key_site": "two numbers",
    "act": "ids only; what was changed stands in trail_entry",
    "alembic_version": "one number",
    "canteen": "public",
    "canteen_closure": "which days are closed, as everybody is told",
    "care_service": "public list",
    "consent_text": "public words",
    "context_secret": "this role has no right on it at all",
    "dish": "public",
    "division": "public",
    "idempotency_key": "answers are sealed, subjects are ids",
    "job_line": "timed work",
    "job_run": "timed work",
    "job_wish": "timed work, and why somebody wanted it done",
    "parameter": "public figures",
    "provider": "public register",
    "renovation_item": "public list",
    "site": "public register",
    "site_opening": "public register",
    "site_paper": "public register; its picture is a file",
    "site_photo": "public register",
    "site_price": "public register",
    "site_star": "public register",
    "sitting": "public",
    "sitting_dish": "public",
    "throttle": "keyed digests and counts",
    "trail_anchor": "positions, digests and times",
    "trail_seal": "positions and digests",
    "sitting_template": "public",
    "kitchen_sheet": "counts of portions; no eater is named",
    "food_sample": "what was cooked and kept; no eater is named",
    "meal_key": "public keys, and private ones under the field keys",
    "meal_notice": "public words",
    "payment_day": "counts and sums of a day; numbers that differ name nobody",
    "course": "public",
    "course_session": "public",
    "course_meeting": "public",
    "skills_contest": "public",
}


class House:
    """Two residents in two counties, each with an account and a booking at a canteen of theirs."""

    def __init__(self, session):
        self.session = session
        self.near, self.near_token, self.near_canteen = self._live(session, "李秀英", {})
        elsewhere = {"village_code": OTHER_COUNTY_VILLAGE}
        self.far, self.far_token, self.far_canteen = self._live(session, "王桂兰", elsewhere)
        self._note_care()
        self._note_facts()
        self.cook = self._staff(session, "canteen_staff", site_id=self.near_canteen)
        self.officer = self._staff(session, "county_officer", division_code="140521")
        self.city_officer = self._staff(session, "city_officer", division_code="1405")
        self.administrator = self._staff(session, "administrator", division_code="1405")

    def _note_care(self):
        staff = make_staff(self.session, "city_officer", division_code="1405")
        now = clock.now()
        text = get_text(self.session, Purpose.HEALTH, language="zh-CN", today=clock.today())
        for resident in (self.near, self.far):
            self._agree(resident, text)
            self.session.add_all(
                [
                    SpecialCarePeriod(
                        resident_id=resident, care="living_alone", starts_on=clock.today()
                    ),
                    Opening(
                        resident_id=resident,
                        staff_id=staff.id,
                        reason="tests",
                        opened_at=now,
                        expires_at=now + timedelta(minutes=30),
                    ),
                ]
            )

    def _note_facts(self):
        for resident in (self.near, self.far):
            of_theirs = {"resident_id": resident, "starts_on": clock.today()}
            sealed = {"number_cipher": b"x", "number_digest": b"%d" % resident}
            replace_photo(self.session, resident, picture())
            self.session.add_all(
                [
                    Hukou(**of_theirs, kind="unified", place="外地"),
                    DietaryNote(resident_id=resident, usual_diet="soft", noted_at=clock.now()),
                    CareInsurance(**of_theirs, scheme="employee"),
                    DisabilityCertificate(**of_theirs, category="vision", grade=1),
                    Guardianship(
                        **of_theirs,
                        incapacity="none",
                        basis="statutory",
                        guardian_name="王丽",
                        relation="child",
                        phone="+8613900001234",
                    ),
                    PayeeAccount(
                        **of_theirs,
                        bank="农商行",
                        account_cipher=b"x",
                        account_digest=b"x",
                        last_four="0018",
                        holder_name="李秀英",
                    ),
                    IdentityDocument(resident_id=resident, kind="passport", **sealed),
                    ResidentContact(
                        resident_id=resident, name="王丽", relation="child", phone="+8613900001234"
                    ),
                ]
            )

    def _agree(self, resident, text):
        values = {"resident_id": resident, "purpose": text.purpose, "text_id": text.id}
        now = clock.now()
        self.session.add(Consent(**values, how="app", given_by="self", given_at=now))

    def _live(self, session, name, where):
        resident = make_resident(session, name=name, **where)
        make_hardship(session, resident)
        account = make_account(session, resident)
        canteen = make_canteen(session, division_code=resident.village_code)
        sitting = make_sitting(session, canteen)
        book_meal(session, sitting_id=sitting.id, resident_id=resident.id, booked_by=BookedBy.SELF)
        ask_for_code(session, phone=account.phone, address=name)
        return resident.id, make_sign_in(session, account=account), canteen.site_id

    def _staff(self, session, role, **scope):
        staff = make_staff(session, role, password=PASSWORD, **scope)
        return make_sign_in(session, staff=staff)


@pytest.fixture
def house(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        return House(session)


@pytest.fixture
def plain(own_city):
    """A connection as the application's role, that says nothing about who acts."""
    engine = create_engine(own_city.app_url)
    with engine.connect() as connection:
        connection.execute(text("SET search_path TO city_1405"))
        yield connection
    engine.dispose()


def count(connection, table):
    return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def seen_by(token):
    """Return what a signed-in person finds with SQL that filters nothing."""
    columns = {
        "resident": "id",
        "booking": "resident_id",
        "hardship_period": "resident_id",
        "resident_grant": "resident_id",
        "care_link": "resident_id",
        "special_care_period": "resident_id",
        "opening": "resident_id",
        "consent": "resident_id",
        "dietary_note": "resident_id",
    }
    with (
        acting(Act(Face.CONSOLE, "tests", "test", token=token)),
        sessions.transaction(writes=False) as session,
    ):
        people = {
            table: set(session.execute(text(f"SELECT {column} FROM {table}")).scalars())
            for table, column in columns.items()
        }
        others = {table: count(session, table) for table in PERSONAL if table not in columns}
    return people, others


def found_in(counts):
    return {table: found for table, found in counts.items() if found}


def test_every_table_is_in_one_of_the_lists(own_city):
    owner = create_engine(own_city.owner_url)
    with owner.connect() as connection:
        tables = dict(
            connection.execute(
                text(
                    "SELECT relname, relrowsecurity FROM pg_class"
                    " WHERE relnamespace = 'city_1405'::regnamespace AND relkind IN ('r', 'p')"
                )
            ).all()
        )
    owner.dispose()

    assert {table for table, is_guarded in tables.items() if is_guarded} == set(PERSONAL)
    assert {table for table, is_guarded in tables.items() if not is_guarded} == set(NOBODYS)


def test_plain_sql_sees_nobody(house, plain):
    assert {table: count(plain, table) for table in PERSONAL} == dict.fromkeys(PERSONAL, 0)


def test_plain_sql_changes_nobody(house, plain):
    changed = plain.execute(text("UPDATE resident SET died_on = '2026-01-01'")).rowcount
    assert changed == 0
    with pytest.raises(DBAPIError, match=r"row-level security|without an act"):
        plain.execute(
            text(
                "INSERT INTO resident (name, pinyin, initials, sex, born_on, village_code, address)"
                " VALUES ('x', '', '', 'female', '1944-01-01', '140502001001', '')"
            )
        )


def test_an_unknown_token_sees_nobody(house):
    people, others = seen_by("made-up")

    assert set().union(*people.values()) == set()
    assert set(others.values()) == {0}


def test_an_account_sees_its_own_resident_and_itself(house):
    people, others = seen_by(house.near_token)

    assert set(map(frozenset, people.values())) == {frozenset({house.near})}
    assert found_in(others) == {"account": 1, "sign_in": 1}


FAVOURS_TO_ONESELF = (
    "UPDATE resident_grant SET account_id = account_id + 1",
    "UPDATE resident_grant SET resident_id = :stranger",
    "INSERT INTO resident_grant (account_id, resident_id, kind, scopes, starts_on)"
    " VALUES (seen_account(), :stranger, 'self', '{}', '2026-01-01')",
    "INSERT INTO hardship_period (resident_id, tier, starts_on)"
    " VALUES ((SELECT id FROM resident), 'tekun', '2000-01-01')",
    "UPDATE hardship_period SET tier = 'tekun'",
)


def test_nobody_grants_themselves_a_resident_or_a_hardship(house):
    for statement in FAVOURS_TO_ONESELF:
        with (
            acting(Act(Face.PHONE, "tests", "test", token=house.near_token)),
            pytest.raises(DBAPIError, match="row-level security"),
            sessions.transaction() as session,
        ):
            session.execute(text(statement), {"stranger": house.far})


def test_a_canteen_sees_its_diners_alone(house):
    people, others = seen_by(house.cook)

    assert people == {
        "resident": {house.near},
        "booking": {house.near},
        "hardship_period": {house.near},
        "resident_grant": {house.near},
        "care_link": {house.near},
        "special_care_period": {house.near},
        "opening": {house.near},
        "consent": set(),
        "dietary_note": {house.near},
    }
    assert found_in(others) == {"sign_in": 1, "staff": 1, "staff_role": 1, "staff_password": 1}


def test_a_canteen_forgets_a_diner_whose_link_has_ended(house):
    with acting(PLATFORM), sessions.transaction() as session:
        session.execute(
            text("UPDATE care_link SET starts_on = '2020-01-01', ends_on = current_date")
        )

    people, _ = seen_by(house.cook)

    assert people["resident"] == people["hardship_period"] == people["dietary_note"] == set()
    assert people["care_link"] == {house.near}


def test_a_canteen_links_itself_to_nobody(house):
    link = (
        "INSERT INTO care_link (resident_id, site_id, starts_on, ends_on)"
        " VALUES (:resident, :site, '2020-01-01', '2100-01-01')"
    )
    with (
        acting(Act(Face.CONSOLE, "tests", "test", token=house.cook)),
        pytest.raises(DBAPIError, match="row-level security"),
        sessions.transaction() as session,
    ):
        session.execute(text(link), {"resident": house.far, "site": house.near_canteen})


OF_OFFICES_ALONE = (
    "identity_document", "resident_contact", "hukou", "disability_certificate", "guardianship",
    "care_insurance", "payee_account", "file",
)  # fmt: skip


def test_facts_are_seen_by_offices_over_the_village_and_by_nobody_else(house):
    def seen(token):
        with (
            acting(Act(Face.CONSOLE, "tests", "test", token=token)),
            sessions.transaction(writes=False) as session,
        ):
            contents = count(session, "file_content")
            return contents, {
                table: session.execute(text(f"SELECT resident_id FROM {table}")).scalars().all()
                for table in OF_OFFICES_ALONE
            }

    for token in (house.near_token, house.cook, house.administrator, "made-up"):
        assert seen(token) == (0, {key: [] for key in OF_OFFICES_ALONE})
    assert seen(house.officer) == (1, {key: [house.far] for key in OF_OFFICES_ALONE})
    contents, everybody = seen(house.city_officer)
    assert contents == 2
    assert {len(residents) for residents in everybody.values()} == {2}


def test_a_county_sees_its_own_people(house):
    people, _ = seen_by(house.officer)

    assert people["resident"] == people["booking"] == people["hardship_period"] == {house.far}


def test_the_city_sees_everybody_and_an_administrator_nobody(house):
    everybody, _ = seen_by(house.city_officer)
    nobody, _ = seen_by(house.administrator)

    assert everybody["resident"] == everybody["booking"] == {house.near, house.far}
    assert set().union(*nobody.values()) == set()


def context_of(token):
    with (
        acting(Act(Face.PHONE, "tests", "test", token=token)),
        sessions.transaction(writes=False) as session,
    ):
        return session.execute(
            text("SELECT current_setting('yinling.context'), current_setting('yinling.seal')")
        ).one()


def test_a_made_up_context_raises(house, plain):
    put = text("SELECT set_config('yinling.context', :forged, true)")
    for forged in ('{"all": true}', '{"residents": [1, 2]}', "not even json"):
        plain.execute(put, {"forged": forged})

        with pytest.raises(DBAPIError, match="not opened by enter"):
            count(plain, "city_1405.resident")
        plain.rollback()


def test_a_widened_context_raises(house):
    with (
        acting(Act(Face.PHONE, "tests", "test", token=house.near_token)),
        sessions.transaction(writes=False) as session,
    ):
        session.execute(
            text(
                "SELECT set_config('yinling.context', jsonb_set("
                " current_setting('yinling.context')::jsonb, '{all}', 'true')::text, true)"
            )
        )
        with pytest.raises(DBAPIError, match="not opened by enter"):
            count(session, "resident")


def test_a_context_cannot_be_used_again(house, plain):
    context, seal = context_of(house.near_token)
    put = text(
        "SELECT set_config('yinling.context', :context, true),"
        " set_config('yinling.seal', :seal, true)"
    )
    plain.execute(put, {"context": context, "seal": seal})

    with pytest.raises(DBAPIError, match="not opened by enter"):
        count(plain, "resident")


def test_a_context_ends_with_its_transaction(house, plain):
    """The same connection, as a pool would hand it to the next request."""
    enter = sessions._opening_statement("city_1405")
    given = dict.fromkeys(("face", "action", "request_id"), "phone") | {
        "writes": False,
        "reason": None,
        "at": clock.now(),
        "digest": sessions.token_digest(house.near_token),
        "context_key": None,
        "resident": None,
        "is_refresh": False,
    }
    plain.commit()
    plain.execute(enter, given)
    assert count(plain, "resident") == 1
    plain.commit()

    assert count(plain, "city_1405.resident") == 0


def test_the_seal_cannot_be_asked_for(plain):
    with pytest.raises(DBAPIError, match="permission denied"):
        plain.execute(text("SELECT seal_of('{}')"))
