"""Golden cases by name, every condition for and against, and what holds of all rules."""

from datetime import date

import pytest

from server.caregivers.allowances.errors import AllowanceRuleUnreadable
from server.caregivers.allowances.packs import ACaregiver, check_pack, known_of, list_packs
from server.caregivers.allowances.rules import judge_all_steps, judge_month
from server.caregivers.allowances.terms import read_figure
from tests.server.caregivers.allowances.cases import entry, month_of, reference, somebody


def amounts(told, as_of=date(2026, 7, 31), rulebook=None):
    return [one.amount_fen for one in entry(told, as_of, rulebook)]


def against(verdict):
    return {reason.code for reason in verdict.reasons if not reason.holds}


@pytest.mark.parametrize("pack", list_packs())
def test_a_packs_figures_read_and_its_golden_cases_come_out(pack):
    checked = check_pack(pack)

    assert checked.wrong == []
    assert checked.figures
    assert checked.examples >= 2


class TestTheEntryReward:
    def test_a_bachelor_hired_on_15_july_2023(self):
        steps = entry(somebody())

        assert [one.amount_fen for one in steps] == [15_000_00, 15_000_00, 20_000_00]
        assert [one.due_on for one in steps] == [date(year, 7, 15) for year in (2024, 2025, 2026)]

    def test_a_college_graduate_who_is_a_bachelor_from_the_second_year_on(self):
        told = somebody(
            educations=[
                {"degree": "college", "obtained_on": "2020-06-30"},
                {"degree": "bachelor", "obtained_on": "2025-01-10"},
            ]
        )
        steps = entry(told)

        assert [one.amount_fen for one in steps] == [12_000_00, 15_000_00, 20_000_00]
        assert "degree-rose" in {reason.code for reason in steps[1].reasons}
        assert "degree-rose" not in {reason.code for reason in steps[0].reasons}

    def test_hired_the_day_before_it_began_gets_nothing_and_is_told_why(self):
        steps = entry(somebody(works=[{"starts_on": "2023-06-30"}]))

        assert [one.amount_fen for one in steps] == [0, 0, 0]
        assert against(steps[0]) == {"hired-too-early"}

    def test_whether_the_first_day_counts_is_a_figure(self):
        told = somebody(works=[{"starts_on": "2023-07-01"}])
        without = reference(conditions={"hired_from": "2023-07-01", "hired_from_counts": False})

        assert amounts(told)[0] == 15_000_00
        assert amounts(told, rulebook=without)[0] == 0

    def test_who_leaves_after_twenty_months_has_one_instalment(self):
        told = somebody(works=[{"starts_on": "2023-07-15", "ends_on": "2025-03-15"}])
        steps = entry(told)

        assert [one.amount_fen for one in steps] == [15_000_00, 0, 0]
        assert "work-ended-before" in against(steps[1])

    def test_a_year_worked_to_its_last_day_is_full(self):
        to_the_last = somebody(works=[{"starts_on": "2023-07-15", "ends_on": "2024-07-15"}])
        a_day_less = somebody(works=[{"starts_on": "2023-07-15", "ends_on": "2024-07-14"}])

        assert amounts(to_the_last)[0] == 15_000_00
        assert amounts(a_day_less)[0] == 0

    def test_a_year_from_29_february_is_full_on_1_march(self):
        steps = entry(somebody(works=[{"starts_on": "2024-02-29"}]), date(2028, 3, 1))

        assert [one.due_on for one in steps] == [
            date(2025, 3, 1), date(2026, 3, 1), date(2027, 3, 1),
        ]  # fmt: skip

    def test_what_lies_ahead_has_its_day_and_its_amount(self):
        ahead = entry(somebody(), date(2024, 7, 14))[0]

        assert (ahead.is_ahead, ahead.due_on) == (True, date(2024, 7, 15))
        assert (ahead.amount_fen, ahead.standard_fen) == (0, 15_000_00)
        assert against(ahead) == {"years-not-full"}

    def test_another_home_of_the_city_counts_on_and_is_said(self):
        told = somebody(
            works=[
                {"starts_on": "2023-07-15", "ends_on": "2024-03-01"},
                {"starts_on": "2024-03-01", "site": 2},
            ],
            contracts=[
                {"starts_on": "2023-07-15", "ends_on": "2026-07-15"},
                {"starts_on": "2024-03-01", "of": 2},
            ],
        )
        first = entry(told)[0]

        assert first.amount_fen == 15_000_00
        assert "employer-changed" in {reason.code for reason in first.reasons}

    def test_where_a_change_begins_anew_the_years_do_too(self):
        told = somebody(
            works=[
                {"starts_on": "2023-07-15", "ends_on": "2024-03-01"},
                {"starts_on": "2024-03-01", "site": 2},
            ],
            contracts=[{"starts_on": "2024-03-01", "of": 2}],
        )
        anew = reference(continuity={"change_of_employer": "starts_again"})

        assert entry(told, rulebook=anew)[0].due_on == date(2025, 3, 1)

    def test_days_between_are_not_counted(self):
        told = somebody(
            works=[
                {"starts_on": "2023-07-15", "ends_on": "2024-01-01"},
                {"starts_on": "2024-01-31"},
            ],
            contracts=[{"starts_on": "2024-01-31", "of": 2}],
        )
        first = entry(told)[0]

        assert first.due_on == date(2024, 8, 14)
        put_off = next(one for one in first.reasons if one.code == "interruption-put-off")
        assert put_off.facts["days"] == 30

    def test_a_rest_longer_than_the_figure_begins_anew(self):
        told = somebody(
            works=[
                {"starts_on": "2015-07-15", "ends_on": "2016-01-01"},
                {"starts_on": "2023-08-01"},
            ],
            contracts=[{"starts_on": "2023-08-01", "of": 2}],
        )

        assert amounts(told, date(2024, 8, 1))[0] == 15_000_00

    def test_part_time_counts_unless_the_city_says_no(self):
        told = somebody(works=[{"starts_on": "2023-07-15", "is_full_time": False}])
        without = reference(continuity={"part_time": "does_not_count"})

        assert amounts(told)[0] == 15_000_00
        assert against(entry(told, rulebook=without)[0]) >= {"no-work-that-counts"}

    def test_every_reason_is_told_and_not_the_first_alone(self):
        told = somebody(
            works=[{"starts_on": "2023-06-01", "on_establishment": True}],
            contracts=[{"starts_on": "2023-06-01", "ends_on": "2025-06-01"}],
            educations=[{"degree": "bachelor", "obtained_on": "2020-06-30",
                         "is_recognised": False}],
            has_payee=False,
        )  # fmt: skip

        assert against(entry(told)[0]) == {
            "hired-too-early", "on-establishment", "contract-too-short", "payee-missing",
            "degree-not-recognised",
        }  # fmt: skip

    def test_an_office_is_not_front_line(self):
        told = somebody(
            works=[{"starts_on": "2023-07-15", "post": "finance", "is_front_line": False}]
        )

        assert against(entry(told)[0]) >= {"not-front-line", "no-work-that-counts"}

    def test_each_reason_names_the_document_and_clause_it_rests_on(self):
        bases = [one.basis for one in entry(somebody())[0].reasons]

        assert all(bases)
        assert {one.document[:1] for one in bases if one.document} == {"《"}
        assert {one.clause for one in bases} >= {"奖励对象和条件", "发放方式", "奖励标准"}


class TestTheMonth:
    def everything(self, **given):
        return somebody(
            certificates=[{"level": 3, "issued_on": "2022-01-10"}],
            attendance={"2026-03-01": 22},
            hours={2025: 12},
            **given,
        )

    def test_level_three_with_everything(self):
        judged = month_of(self.everything(), date(2026, 3, 1))

        assert (judged.amount_fen, judged.band) == (500_00, "level:3")
        assert against(judged) == set()

    def test_a_month_without_work_says_nothing(self):
        assert month_of(self.everything(), date(2023, 6, 1)) is None

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"certificates": []}, "certificate-missing"),
            ({"certificates": [{"level": 3, "issued_on": "2022-01-10",
                                "valid_until": "2026-03-30"}]}, "certificate-expired"),
            ({"certificates": [{"level": 3, "issued_on": "2022-01-10",
                                "annulled_on": "2026-03-31"}]}, "certificate-annulled"),
            ({"attendance": {"2026-03-01": 19}}, "attendance-short"),
            ({"attendance": {}}, "attendance-unknown"),
            ({"hours": {2025: 11}}, "education-short"),
            ({"has_payee": False}, "payee-missing"),
            ({"contracts": []}, "contract-missing"),
            ({"works": [{"starts_on": "2026-01-02"}],
              "contracts": [{"starts_on": "2026-01-02"}]}, "too-short-in-post"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )  # fmt: skip
    def test_what_is_missing_is_the_reason(self, given, code):
        judged = month_of(self.everything() | given, date(2026, 3, 1))

        assert (judged.amount_fen, against(judged)) == (0, {code})

    def test_a_certificate_is_good_on_its_last_day(self):
        told = self.everything() | {
            "certificates": [{"level": 3, "issued_on": "2022-01-10", "valid_until": "2026-03-31"}]
        }

        assert month_of(told, date(2026, 3, 1)).amount_fen == 500_00

    def test_the_highest_good_level_counts(self):
        told = self.everything() | {
            "certificates": [
                {"level": 1, "issued_on": "2022-01-10", "valid_until": "2025-12-31"},
                {"level": 2, "issued_on": "2022-01-10"},
                {"level": 5, "issued_on": "2020-01-10"},
            ]
        }

        assert month_of(told, date(2026, 3, 1)).amount_fen == 800_00

    def test_three_months_are_full_on_the_last_evening(self):
        told = self.everything() | {
            "works": [{"starts_on": "2026-01-01"}], "contracts": [{"starts_on": "2026-01-01"}],
        }  # fmt: skip

        assert month_of(told, date(2026, 3, 1)).amount_fen == 500_00
        assert month_of(told, date(2026, 2, 1)).amount_fen == 0

    def test_of_a_year_that_was_not_worked_whole_no_hours_are_asked(self):
        told = self.everything() | {
            "works": [{"starts_on": "2025-02-01"}], "contracts": [{"starts_on": "2025-02-01"}],
            "hours": {},
        }  # fmt: skip

        judged = month_of(told, date(2026, 3, 1))
        assert judged.amount_fen == 500_00
        assert "education-not-asked" in {reason.code for reason in judged.reasons}

    def test_who_leaves_in_the_month_is_judged_on_the_last_day_at_work(self):
        told = self.everything() | {
            "works": [{"starts_on": "2023-07-15", "ends_on": "2026-03-29"}],
        }

        assert month_of(told, date(2026, 3, 1)).amount_fen == 500_00

    def test_a_breach_is_a_reason_until_it_is_cleared(self, breached):
        assert against(breached(None)) == {"breach-open"}
        assert against(breached(date(2026, 2, 20))) == set()


@pytest.fixture
def breached():
    """The month of somebody with an accident in February 2026, cleared on a day or never."""

    def judge(cleared_on):
        told = TestTheMonth().everything()
        return month_of(told, date(2026, 3, 1), breach=(date(2026, 2, 3), cleared_on))

    return judge


class TestFigures:
    @pytest.mark.parametrize(
        ("key", "value", "said"),
        [
            ("entry_reward.conditions", {"hired_form": "2023-07-01"}, "hired_form"),
            ("entry_reward.amounts", {"doctor": 1}, "doctor"),
            ("entry_reward.instalments", [{"after_years": 1, "percent": 30}], "hundred"),
            ("entry_reward.bonus", 3, "nothing is known"),
            ("lottery.amounts", {"5": 1}, "nothing is known"),
            ("post_allowance.amounts", {"5": "1 + 1"}, "integer"),
            ("post_allowance.amounts", {"by": "seniority", "bands": [
                {"from_years": 1, "to_years": 5, "fen": 1}, {"from_years": 4, "fen": 2}]},
             "overlap"),
            ("allowances.claim_windows",
             [{"programme": "entry_reward", "opens": "07-31", "closes": "07-01"}], "closes before"),
        ],
        ids=range(8),
    )  # fmt: skip
    def test_what_does_not_read_is_refused_by_its_name(self, key, value, said):
        with pytest.raises(AllowanceRuleUnreadable) as refused:
            read_figure(key, value)

        assert refused.value.facts["parameter"] == key
        assert said in refused.value.facts["said"]

    def test_a_city_without_figures_says_nothing(self):
        known = known_of(ACaregiver.model_validate(somebody()))
        nothing = reference(on_top=[], without_all=True)

        assert judge_month(known, nothing, date(2026, 3, 1), as_of=date(2026, 3, 31)) == []
        assert judge_all_steps(known, nothing, as_of=date(2026, 3, 31)) == []

    def test_only_what_is_in_force_on_the_day_is_said(self):
        early = somebody(works=[{"starts_on": "2022-01-01"}])

        assert month_of(early, date(2023, 1, 1)) is None
        assert month_of(early, date(2023, 2, 1)) is not None
