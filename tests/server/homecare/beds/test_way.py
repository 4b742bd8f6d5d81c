"""A bed at home from the application to the first day of service, and every refusal on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from server import clock
from server.errors import NotAllowed, NotFound
from server.facilities.referrals.models import RequestedBy
from server.homecare.beds import applying, preparing, publishing, serving
from server.homecare.beds.models import HomeBedMove
from server.homecare.errors import (
    AcceptedAlready,
    AgreementUnusable,
    GrantTaken,
    HasAHomeBed,
    HomeBedNotSo,
    InvoiceTaken,
    NeedsMissing,
    ObjectionsClosed,
)
from server.homecare.models import HomeBedEnd, HomeBedPause, HomeBedState
from server.homecare.states import Step
from server.i18n.catalogues import in_language, problem_sentence
from server.identity.models import Role
from server.providers.models import CreditStatus, Provider
from server.residents.assessments.models import AbilityLevel
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.home_beds import Office, Offices, Way, built, some_days_ago, terms
from tests.factories.homecare import make_provider
from tests.factories.people import make_account, make_resident, make_staff


def steps_of(session, bed_id):
    query = select(HomeBedMove.step).where(HomeBedMove.home_bed_id == bed_id)
    return list(session.execute(query.order_by(HomeBedMove.id)).scalars())


def test_a_bed_goes_all_the_way_and_each_step_is_written_down(session, way, bed_now):
    bed = bed_now(way.to("serving"))

    assert bed.state is HomeBedState.SERVING
    assert bed.due_on is None
    assert steps_of(session, bed.id) == [
        Step.APPLY, Step.TAKE_UP, Step.PASS_PRECHECK, Step.OPEN_NOTICE, Step.CLOSE_NOTICE,
        Step.SIGN, Step.BUILD, Step.BEGIN,
    ]  # fmt: skip


def test_who_is_served_stays_in_a_bed_of_the_one_table(session, way, site, bed_now):
    bed = bed_now(way.to("serving"))

    [row] = session.execute(
        text("SELECT kind, state, site_id, stay_id FROM bed_occupancy WHERE resident_id = :one"),
        {"one": way.resident.id},
    ).all()
    assert tuple(row) == ("home_care", "occupied", site.id, bed.stay_id)


def test_a_step_has_its_deadline_in_working_days(way, bed_now):
    bed = bed_now(way.to("signing"))

    assert bed.due_on > clock.today() + timedelta(days=10)


class TestWhoMay:
    def test_the_provider_decides_nothing(self, way, offices):
        way.to("assessment")

        with pytest.raises(NotFound):
            offices.provider.does(publishing.open_notice, way.bed_id)

    def test_the_community_opens_no_notice(self, way, offices, site):
        way.to("assessment")

        with pytest.raises(NotAllowed):
            offices.community.does(publishing.open_notice, way.bed_id, site_id=site.id)

    def test_another_county_knows_nothing_of_it(self, session, way):
        way.to("assessment")
        other = Office(session, Role.COUNTY_OFFICER, division_code=OTHER_COUNTY_VILLAGE[:6])
        session.commit()

        with pytest.raises(NotFound):
            other.does(publishing.open_notice, way.bed_id)

    def test_another_provider_signs_nothing(self, session, way):
        way.to("signing")
        other = Offices(session, make_provider(session)).provider
        session.commit()

        with pytest.raises(NotFound):
            other.does(preparing.sign, way.bed_id, terms())

    def test_the_county_does_not_run_the_bed(self, way, offices):
        way.to("accepted")

        with pytest.raises(NotAllowed):
            offices.county.does(serving.begin, way.bed_id)


class TestWhatMustBeThere:
    def missing(self, office, deed, *args, **kwargs):
        with pytest.raises(NeedsMissing) as refused:
            office.does(deed, *args, **kwargs)
        return refused.value.facts["needs"]

    def test_nobody_without_a_level_or_a_provider_is_published(self, session, offices, resident):
        way = Way(session, offices, resident, level=None)
        way.to("assessment")

        found = self.missing(offices.county, publishing.open_notice, way.bed_id)
        assert found == ["level", "provider", "provider_qualified"]

    def test_the_refusal_names_all_of_it_in_both_languages(self, session, offices, resident):
        way = Way(session, offices, resident, level=AbilityLevel.INTACT)
        way.to("assessment")

        with pytest.raises(NeedsMissing) as refused:
            offices.county.does(publishing.open_notice, way.bed_id)
        with in_language("zh-CN"):
            said = problem_sentence(refused.value.code, refused.value.facts)
        assert "能力等级" in said
        assert "服务机构" in said
        with in_language("en"):
            said = problem_sentence(refused.value.code, refused.value.facts)
        assert "ability level" in said
        assert "provider" in said

    def test_a_dishonest_provider_gets_no_bed(self, session, way, offices, site):
        provider = Provider(name="某公司", credit_status=CreditStatus.DISHONEST)
        session.add(provider)
        session.flush()
        site.provider_id = provider.id
        session.commit()
        way.to("assessment")

        assert self.missing(
            offices.county, publishing.open_notice, way.bed_id, site_id=site.id
        ) == ["provider_qualified"]

    def test_a_notice_runs_for_three_days(self, way, offices):
        with some_days_ago(0):
            for step in ("applied", "precheck", "assessment", "notice"):
                getattr(way, f"_{step}")()

        assert self.missing(offices.county, publishing.close_notice, way.bed_id) == ["notice_over"]

    def test_an_objection_must_be_settled(self, way, offices):
        way.to("notice")
        with some_days_ago():
            objection = offices.county.does(
                publishing.record_objection, way.bed_id, said="他和女儿一起住"
            )
        assert self.missing(offices.county, publishing.close_notice, way.bed_id) == [
            "objections_settled"
        ]

        offices.county.does(
            publishing.settle_objection,
            objection.id,
            home_bed_id=way.bed_id,
            finding="女儿在外地",
        )
        offices.county.does(publishing.close_notice, way.bed_id)

    def test_nobody_objects_after_the_notice(self, way, offices):
        way.to("notice")

        with pytest.raises(ObjectionsClosed):
            offices.county.does(publishing.record_objection, way.bed_id, said="太晚了")

    def test_an_agreement_of_two_months_is_too_short(self, way, offices):
        way.to("signing")
        short = terms(ends_on=clock.today() + timedelta(days=60))

        assert self.missing(offices.provider, preparing.sign, way.bed_id, short) == [
            "agreement_long_enough"
        ]

    def test_nobody_pays_more_than_the_whole_fee(self, way, offices):
        way.to("signing")

        with pytest.raises(AgreementUnusable):
            offices.provider.does(
                preparing.sign, way.bed_id, terms(monthly_fee_fen=100, own_pay_fen=101)
            )

    def test_one_acceptance_is_not_enough(self, way, offices):
        way.to("acceptance")
        offices.community.does(preparing.accept, way.bed_id)

        assert self.missing(offices.provider, serving.begin, way.bed_id) == ["accepted_by_two"]


class TestAcceptance:
    def test_one_person_accepts_once(self, way, offices):
        way.to("acceptance")
        offices.community.does(preparing.accept, way.bed_id)

        with pytest.raises(AcceptedAlready):
            offices.community.does(preparing.accept, way.bed_id)

    def test_a_third_is_one_too_many(self, session, way, offices):
        way.to("accepted")
        third = Office(session, Role.COUNTY_OFFICER, division_code="1405")
        session.commit()

        with pytest.raises(AcceptedAlready):
            third.does(preparing.accept, way.bed_id)

    def test_the_provider_accepts_nothing(self, way, offices):
        way.to("acceptance")

        with pytest.raises(NotAllowed):
            offices.provider.does(preparing.accept, way.bed_id)

    def test_the_database_lets_no_bed_serve_without_two(self, session, way):
        way.to("acceptance")

        with pytest.raises(IntegrityError, match="two different people"):
            session.execute(text("UPDATE home_bed SET state = 'serving'"))

    def test_what_is_not_good_is_built_and_accepted_again(self, way, offices, bed_now):
        way.to("accepted")
        offices.county.does(preparing.send_back, way.bed_id, reason="护栏松动")
        assert bed_now(way.bed_id).state is HomeBedState.BUILDING

        mended = built(way.bed_id, inventory="护栏重新安装")
        offices.provider.does(preparing.record_build, way.bed_id, mended)
        with pytest.raises(NeedsMissing):
            offices.provider.does(serving.begin, way.bed_id)


class TestOnce:
    def test_nobody_has_two_applications(self, way, offices, resident):
        way.to("applied")

        with pytest.raises(HasAHomeBed):
            offices.community.does(
                applying.apply, resident_id=resident.id, requested_by=RequestedBy.STAFF
            )

    def test_an_invoice_pays_for_one_bed(self, session, way, offices):
        way.to("acceptance")
        other = Way(session, offices, make_resident(session))
        other.to("building")

        with pytest.raises(InvoiceTaken):
            offices.provider.does(preparing.record_build, other.bed_id, built(way.bed_id))

    def test_a_grant_is_asked_for_once_per_elder(self, session, way, offices, resident):
        way.to("serving")
        offices.provider.does(serving.end, way.bed_id, reason=HomeBedEnd.OTHER)
        again = Way(session, offices, resident, level=None)
        again.to("building")

        with pytest.raises(GrantTaken):
            offices.provider.does(preparing.record_build, again.bed_id, built(again.bed_id))
        offices.provider.does(
            preparing.record_build, again.bed_id, built(again.bed_id, asks_grant=False)
        )

    def test_a_step_is_taken_in_its_order(self, way, offices):
        way.to("precheck")

        with pytest.raises(HomeBedNotSo):
            offices.community.does(applying.take_up, way.bed_id)


class TestEnds:
    def test_a_refusal_has_a_reason(self, way, offices, bed_now):
        way.to("precheck")
        offices.community.does(applying.refuse, way.bed_id, reason="不在本村居住")

        bed = bed_now(way.bed_id)
        assert (bed.end_reason, bed.end_note) == (HomeBedEnd.REFUSED, "不在本村居住")

    def test_whoever_withdraws_is_served_no_more(self, session, way, offices, bed_now):
        way.to("serving")
        offices.community.does(applying.withdraw, way.bed_id)

        assert bed_now(way.bed_id).end_reason is HomeBedEnd.WITHDRAWN
        assert open_stays(session, way) == 0
        offices.community.does(applying.withdraw, way.bed_id)

    def test_a_pause_frees_the_person_and_it_goes_on_in_the_same_bed(
        self, session, way, offices, bed_now
    ):
        way.to("serving")
        before = bed_now(way.bed_id).bed_id
        offices.provider.does(serving.pause, way.bed_id, reason=HomeBedPause.AWAY)
        assert open_stays(session, way) == 0

        offices.provider.does(serving.resume, way.bed_id)
        assert open_stays(session, way) == 1
        assert bed_now(way.bed_id).bed_id == before


def open_stays(session, way):
    session.expire_all()
    query = text("SELECT count(*) FROM stay WHERE resident_id = :one AND status = 'staying'")
    return session.execute(query, {"one": way.resident.id}).scalar_one()


class TestMessages:
    def kinds(self, session):
        session.rollback()
        rows = session.execute(text("SELECT kind FROM message ORDER BY id")).scalars()
        return list(rows)

    def test_the_elder_hears_what_comes_next_and_the_provider_what_to_do(
        self, session, way, offices, site
    ):
        make_account(session, way.resident)
        make_staff(session, Role.HOME_CARE_PROVIDER, site_id=site.id).phone = "+8613800001111"
        session.commit()
        way.to("signing")

        assert self.kinds(session) == [
            "homecare.pass_precheck",
            "homecare.open_notice",
            "homecare.close_notice",
            "homecare.provider_close_notice",
        ]
