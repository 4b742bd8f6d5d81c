"""The packs that come with the product prove themselves, and say what is published nowhere."""

import pytest

from server.policies.programmes.packs import (
    content_of,
    list_shipped,
    read_shipped,
)
from server.policies.programmes.queries import programme_of
from server.policies.programmes.trying import try_examples


@pytest.mark.parametrize("name", list_shipped())
def test_every_shipped_pack_is_whole(name):
    pack = read_shipped(name)

    assert pack.faults == []
    assert [one for one in pack.tried if not one.holds] == []
    assert pack.head.pack == name
    assert any(one.is_on for one in pack.programmes.values())


@pytest.mark.parametrize("name", list_shipped())
def test_a_pack_that_is_kept_and_read_again_comes_to_the_same(name):
    pack = read_shipped(name)
    content = content_of(pack)

    for code, programme in pack.programmes.items():
        again = programme_of(content["programmes"][code])
        assert again.model_dump() == programme.model_dump() | {
            "examples": again.model_dump()["examples"]
        }
        assert [one.outcome for one in try_examples(again)] == [
            one.outcome for one in try_examples(programme)
        ]


@pytest.mark.parametrize(
    ("pack", "programme", "fen"),
    [
        ("liaoning-chaoyang-shuangta", "facility_operation", 49_595_000),
        ("guizhou-guiyang", "facility_operation", 44_370_000),
        ("guizhou-guiyang", "voucher", 80_000),
        ("shandong-province", "voucher", 80_000),
        ("liaoning-shenyang", "voucher", 4_000),
    ],
)
def test_what_cities_published_comes_out_to_the_fen(pack, programme, fen):
    tried = try_examples(read_shipped(pack).programmes[programme])

    assert [one.outcome.amount_fen for one in tried] == [fen]


def test_the_entry_reward_of_shanxi_comes_out_in_its_four_cases():
    tried = try_examples(read_shipped("shanxi-jincheng").programmes["entry_reward"])

    assert [one.outcome.amount_fen for one in tried] == [
        1_500_000, 1_500_000, 2_000_000, 1_200_000, 2_000_000, 0, 0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pack", "off"),
    [
        ("shanxi-jincheng", {"meals", "home_bed_build", "home_bed_service", "canteen_operation"}),
        ("shandong-dongying", {"post_allowance", "meals", "home_bed_service", "bought_service"}),
        ("reference", set()),
    ],
)
def test_what_is_published_nowhere_is_named_and_left_off(pack, off):
    programmes = read_shipped(pack).programmes

    assert {code for code, one in programmes.items() if not one.is_on} == off
    assert all(programmes[code].unpublished and programmes[code].amounts is None for code in off)


def test_the_reference_has_every_programme_of_a_city():
    assert set(read_shipped("reference").programmes) == {
        "entry_reward", "post_allowance", "training", "facility_operation",
        "facility_construction", "facility_conversion", "home_bed_build", "home_bed_service",
        "meals", "canteen_operation", "voucher", "renovation",
    }  # fmt: skip
