"""What a home is, and what is paid by whom."""

import pytest

from server.homecare.renovations.facts import Facts
from server.homecare.renovations.rules import home_key, part
from server.homecare.renovations.states import RENOVATION_LIFE, RenovationStep

VILLAGE = "140502001001"


@pytest.mark.parametrize(
    "written",
    [
        "建设路十二号三号楼二单元五零一室",
        "建设路12號3號樓2單元0501室",
        "建设路12 3 2 501",
        "建设路12–3/2/501",
        "建设路12号3号楼2门501",
        "建设路12号3号楼2单元501室",
        "建设路 12號 3号楼2单元501",
        "建设路12-3-2-501",
        "建设路１２号3栋2单元501户",
    ],
)
def test_one_home_is_written_in_many_ways(written):
    assert home_key(VILLAGE, written) == f"{VILLAGE}/建设路12-3-2-501"


@pytest.mark.parametrize(
    "other", ["建设路12号3号楼2单元502室", "建设路123号2单元501室", "建设北路12号3-2-501"]
)
def test_another_flat_is_another_home(other):
    assert home_key(VILLAGE, other) != home_key(VILLAGE, "建设路12号3号楼2单元501室")


def test_the_same_words_in_another_village_are_another_home():
    assert home_key("140502001002", "1号") != home_key(VILLAGE, "1号")


@pytest.mark.parametrize(
    ("cost", "rate", "cap", "grant"),
    [
        (300_000, 100, 300_000, 300_000),
        (500_000, 100, 300_000, 300_000),
        (100_001, 50, 300_000, 50_001),
        (12_345, 40, 300_000, 4_938),
        (99, 0, 300_000, 0),
    ],
)
def test_parts_sum_to_the_cost_exactly(cost, rate, cap, grant):
    parts = part(cost, rate_percent=rate, cap_fen=cap)

    assert parts.grant_fen == grant
    assert parts.grant_fen + parts.own_pay_fen == cost


def test_a_refusal_names_all_that_is_missing_in_the_order_of_the_table():
    facts = Facts(lives_here=False, rooms_not_seen_before=2, photos_again=1)
    survey = RENOVATION_LIFE.moves[RenovationStep.SURVEY]

    assert [need.value for need in RENOVATION_LIFE.missing(survey, facts)] == [
        "lives_here", "items_chosen", "photos_before", "photos_new", "contractor",
        "provider_qualified",
    ]  # fmt: skip
    assert "contractor" not in RENOVATION_LIFE.missing_before(RenovationStep.SURVEY, facts)


@pytest.mark.parametrize(
    ("characters", "digits"),
    [("二十", "20"), ("十", "10"), ("一百零五", "105"), ("一百二十", "120"), ("五零一", "501")],
)
def test_a_number_in_characters_is_that_number(characters, digits):
    key = home_key(VILLAGE, f"五一路{characters}号")

    assert key == home_key(VILLAGE, f"五一路{digits}号") == f"{VILLAGE}/五一路{digits}"
