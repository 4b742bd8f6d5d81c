"""A pack is proposed by one person and put into force by another; old days keep their versions."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from server.policies.errors import RuleMissing
from server.policies.programmes import proposing
from server.policies.programmes.errors import (
    DayUnusable,
    ExamplesDiffer,
    LaterVersion,
    NotOwnPack,
    OwnPack,
    PackDecided,
    PackFaulty,
    VersionUsed,
)
from server.policies.programmes.models import PackState, PolicyPack, PolicyVersion
from server.policies.programmes.packs import read_shipped, read_texts
from server.policies.programmes.queries import (
    get_version,
    list_packs,
    list_versions,
    programme_of,
    programmes_in_force,
)
from server.subsidies.models import RunKind, RunStage
from tests.factories.subsidies import make_run
from tests.server.policies.programmes.conftest import as_one

FIRST, SECOND = date(2026, 1, 1), date(2026, 7, 1)
OPERATION = "facility_operation"


def proposed(token, name="reference", starts_on=FIRST):
    with as_one(token) as session:
        return proposing.propose(session, read_shipped(name), starts_on=starts_on).id


def put_in_force(officer, approver, name="reference", starts_on=FIRST):
    pack_id = proposed(officer, name, starts_on)
    with as_one(approver) as session:
        proposing.activate(session, pack_id)
    return pack_id


def test_two_people_put_a_pack_into_force(session, officer, approver):
    pack_id = put_in_force(officer, approver)

    pack = session.get(PolicyPack, pack_id)
    assert (pack.state, pack.proposed_by != pack.decided_by) == (PackState.ACTIVE, True)
    assert set(programmes_in_force(session, on=FIRST)) == set(read_shipped("reference").programmes)
    version = get_version(session, OPERATION, on=FIRST)
    assert programme_of(version.content).amounts.tables[0].rows[0].fen == 20_000
    assert version.digest == proposing.digest_of(version.content)


def test_nothing_holds_before_the_first_day(session, officer, approver):
    put_in_force(officer, approver)

    with pytest.raises(RuleMissing) as refused:
        get_version(session, OPERATION, on=FIRST - timedelta(days=1))
    assert refused.value.facts == {"parameter": OPERATION, "day": "2025-12-31"}


def test_the_next_version_ends_the_one_before_and_leaves_it_its_days(session, officer, approver):
    put_in_force(officer, approver)
    put_in_force(officer, approver, "shanxi-jincheng", SECOND)

    old = get_version(session, OPERATION, on=SECOND - timedelta(days=1))
    new = get_version(session, OPERATION, on=SECOND)
    assert (old.starts_on, old.ends_on, new.starts_on, new.ends_on) == (FIRST, SECOND, SECOND, None)
    assert old.programme_no == new.programme_no
    assert [row.PolicyVersion.id for row in list_versions(session, OPERATION)] == [new.id, old.id]
    assert get_version(session, "voucher", on=SECOND).starts_on == FIRST


def test_a_programme_that_the_city_leaves_off_is_not_paid_by(session, officer, approver):
    put_in_force(officer, approver)
    put_in_force(officer, approver, "shanxi-jincheng", SECOND)

    assert get_version(session, "meals", on=FIRST)
    with pytest.raises(RuleMissing):
        get_version(session, "meals", on=SECOND)


def test_nobody_decides_on_their_own_proposal(session, officer):
    pack_id = proposed(officer)

    with pytest.raises(OwnPack), as_one(officer) as own:
        proposing.activate(own, pack_id)
    with pytest.raises(OwnPack), as_one(officer) as own:
        proposing.refuse(own, pack_id, words="自己退回")


def test_the_database_holds_that_too(session, officer):
    pack = session.get(PolicyPack, proposed(officer))

    with pytest.raises(DBAPIError, match="not_decided_by_its_maker"):
        session.execute(
            update(PolicyPack).values(
                state=PackState.ACTIVE, decided_by=pack.proposed_by, decided_at=pack.proposed_at
            )
        )


def test_what_was_decided_stays_decided(session, officer, approver):
    pack_id = put_in_force(officer, approver)

    for again in (proposing.activate, proposing.withdraw):
        with pytest.raises(PackDecided), as_one(approver) as other:
            again(other, pack_id)


def test_a_pack_is_sent_back_with_words(session, officer, approver):
    pack_id = proposed(officer)
    with as_one(approver) as other:
        proposing.refuse(other, pack_id, words="请换成本市文件")

    pack = session.get(PolicyPack, pack_id)
    assert (pack.state, pack.words) == (PackState.REFUSED, "请换成本市文件")
    assert programmes_in_force(session, on=SECOND) == {}


def test_a_proposal_is_taken_back_by_whoever_made_it(session, officer, approver):
    pack_id = proposed(officer)
    with pytest.raises(NotOwnPack), as_one(approver) as other:
        proposing.withdraw(other, pack_id)
    with as_one(officer) as own:
        proposing.withdraw(own, pack_id)

    assert session.get(PolicyPack, pack_id).state is PackState.WITHDRAWN


def test_what_waits_is_listed_first(session, officer, approver):
    put_in_force(officer, approver)
    waits = proposed(officer, "shanxi-jincheng", SECOND)
    assert list_packs(session)[0].id == waits
    assert [one.id for one in list_packs(session, PackState.PROPOSED)] == [waits]


def test_a_pack_that_is_not_whole_is_not_proposed(session, officer):
    faulty = read_texts({"pack.yaml": "pack: x"})
    wrong = read_shipped("liaoning-shenyang")
    (tried,) = wrong.tried
    example = tried.example.model_copy(update={"gets": 1})
    differing = replace(wrong, tried=[replace(tried, example=example)])

    with pytest.raises(PackFaulty), as_one(officer) as own:
        proposing.propose(own, faulty, starts_on=FIRST)
    with pytest.raises(ExamplesDiffer), as_one(officer) as own:
        proposing.propose(own, differing, starts_on=FIRST)
    with pytest.raises(DayUnusable), as_one(officer) as own:
        proposing.propose(own, wrong, starts_on=date(1999, 12, 31))


def test_examples_are_reckoned_again_before_a_pack_is_put_into_force(session, officer, approver):
    pack = read_shipped("liaoning-shenyang")
    with as_one(officer) as own:
        row = proposing.propose(own, pack, starts_on=FIRST)
        content = dict(row.content)
        content["programmes"]["voucher"]["examples"][0]["gets"] = 1
        twisted = PolicyPack(**row.model_dump(exclude={"id", "content"}), content=content)
        own.add(twisted)
        own.flush()
        pack_id = twisted.id

    with pytest.raises(ExamplesDiffer), as_one(approver) as other:
        proposing.activate(other, pack_id)


def test_a_version_is_not_put_before_a_later_one(session, officer, approver):
    put_in_force(officer, approver, starts_on=SECOND)
    pack_id = proposed(officer, "shanxi-jincheng", FIRST)

    with pytest.raises(LaterVersion), as_one(approver) as other:
        proposing.activate(other, pack_id)
    assert session.get(PolicyPack, pack_id).state is PackState.PROPOSED


def test_months_that_were_reckoned_keep_their_version(session, officer, approver):
    put_in_force(officer, approver)
    version = get_version(session, OPERATION, on=FIRST)
    run = make_run(session, [], version=version, first_month=date(2026, 3, 1), months=3)
    session.commit()
    inside = proposed(officer, "shanxi-jincheng", date(2026, 5, 31))
    after = proposed(officer, "shanxi-jincheng", date(2026, 6, 1))

    with pytest.raises(VersionUsed) as refused, as_one(approver) as other:
        proposing.activate(other, inside)
    assert refused.value.facts == {"programme": OPERATION}
    with as_one(approver) as other:
        proposing.activate(other, after)
    assert get_version(session, OPERATION, on=date(2026, 5, 31)).id == run.version_id


def test_months_that_were_reckoned_are_opened_again_by_who_says_so(session, officer, approver):
    put_in_force(officer, approver)
    old = get_version(session, OPERATION, on=FIRST)
    make_run(session, [], version=old, first_month=date(2026, 3, 1), months=3)
    session.commit()
    pack_id = proposed(officer, "shanxi-jincheng", date(2026, 5, 1))

    with as_one(approver) as other:
        named = proposing.list_reopened(other, other.get(PolicyPack, pack_id))
        proposing.activate(other, pack_id, reopens=True)

    pack = session.get(PolicyPack, pack_id)
    assert [(one.programme, one.first_month, one.last_month, one.runs) for one in named] == [
        (OPERATION, date(2026, 5, 1), date(2026, 5, 1), 1)
    ]
    assert (pack.state, pack.reopens) == (PackState.ACTIVE, True)
    assert get_version(session, OPERATION, on=date(2026, 4, 30)).id == old.id
    assert get_version(session, OPERATION, on=date(2026, 5, 1)).pack_id == pack_id
    with pytest.raises(DBAPIError, match="ends before the months"):
        make_run(session, [], version=old, first_month=date(2026, 5, 1))


def test_nothing_is_noted_where_no_month_is_opened_again(session, officer, approver):
    pack_id = proposed(officer)
    with as_one(approver) as other:
        proposing.activate(other, pack_id, reopens=True)

    assert not session.get(PolicyPack, pack_id).reopens


def test_the_database_ends_a_used_version_only_with_that_word(session, officer, approver):
    put_in_force(officer, approver)
    version = get_version(session, OPERATION, on=FIRST)
    make_run(session, [], version=version, first_month=date(2026, 3, 1))
    session.commit()

    with pytest.raises(DBAPIError, match="reckoned by this version for later months"):
        session.execute(
            update(PolicyVersion)
            .where(PolicyVersion.id == version.id)
            .values(ends_on=date(2026, 3, 1))
        )


def test_a_word_on_one_pack_ends_no_version_for_another_day(session, officer, approver):
    put_in_force(officer, approver)
    version = get_version(session, OPERATION, on=FIRST)
    make_run(session, [], version=version, first_month=date(2026, 3, 1), months=3)
    session.commit()
    pack_id = proposed(officer, "shanxi-jincheng", date(2026, 5, 1))
    with as_one(approver) as other:
        proposing.activate(other, pack_id, reopens=True)
    ended = get_version(session, "voucher", on=FIRST)
    make_run(session, [], version=ended, first_month=date(2026, 5, 1))

    with pytest.raises(DBAPIError, match="reckoned by this version for later months"):
        session.execute(
            update(PolicyVersion)
            .where(PolicyVersion.id == ended.id)
            .values(ends_on=date(2026, 5, 1))
        )


@pytest.mark.parametrize("change", ["discarded", "what_if"])
def test_a_run_that_pays_nothing_holds_no_version(session, officer, approver, change):
    put_in_force(officer, approver)
    version = get_version(session, OPERATION, on=FIRST)
    kind = RunKind.WHAT_IF if change == "what_if" else RunKind.REGULAR
    run = make_run(session, [], version=version, first_month=SECOND, kind=kind)
    if change == "discarded":
        session.execute(text("UPDATE subsidy_run SET stage = 'discarded', discarded_at = made_at"))
    assert run.stage is not RunStage.PAID
    session.commit()

    put_in_force(officer, approver, "shanxi-jincheng", SECOND)


def test_no_run_begins_by_a_version_that_ends_before_its_months(session, officer, approver):
    put_in_force(officer, approver)
    put_in_force(officer, approver, "shanxi-jincheng", SECOND)
    old = get_version(session, OPERATION, on=FIRST)

    make_run(session, [], version=old, first_month=date(2026, 6, 1))
    with pytest.raises(DBAPIError, match="ends before the months"):
        make_run(session, [], version=old, first_month=date(2026, 6, 1), months=2)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE policy_version SET ends_on = ends_on + 1 WHERE ends_on IS NOT NULL",
        "UPDATE policy_version SET content = '{}'",
        "UPDATE policy_pack SET content = '{}'",
        "DELETE FROM policy_version",
    ],
)
def test_nothing_of_a_version_is_rewritten(session, officer, approver, change):
    put_in_force(officer, approver)
    put_in_force(officer, approver, "shanxi-jincheng", SECOND)

    with pytest.raises(DBAPIError, match=r"permission denied|has ended"):
        session.execute(text(change))
