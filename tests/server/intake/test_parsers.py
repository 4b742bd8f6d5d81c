from datetime import date

import pytest

from server.intake.columns import Column
from server.intake.findings import Level
from server.intake.parsers import PARSERS


def parse(parser, cell, **given):
    parsed = PARSERS[parser](cell, Column(headings=("h",), parser=parser, **given))
    return parsed.value, parsed.complaint.code if parsed.complaint else None


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("300张", 300, None),
        ("1,200 张", 1200, None),
        ("３００张", 300, None),
        ("0", 0, None),
        ("约300张", 300, "only-about"),
        ("300余张", 300, "only-about"),
        ("三百张", None, "not-a-count"),
        ("-5张", None, "not-a-count"),
        ("300-500张", None, "not-a-count"),
        ("300.5", None, "not-a-count"),
        ("张", None, "not-a-count"),
        ("99999999999999", None, "not-a-count"),
        ("20001张", None, "out-of-bounds"),
        ("15000张", 15000, "unusually-large"),
    ],
)
def test_a_count_is_a_whole_number_with_or_without_its_unit(cell, value, code):
    bounds = {"between": (0, 20000), "unusual_above": 5000}

    assert parse("count", cell, units=("张",), **bounds) == (value, code)


@pytest.mark.parametrize(
    ("cell", "fen", "code"),
    [
        ("4500", 450_000, None),
        ("¥4,500.50", 450_050, None),
        ("￥4500元/月", 450_000, None),
        ("4500元/月起", 450_000, None),
        ("1.2万", 1_200_000, None),
        ("3000-5000元", 300_000, "lower-end-taken"),
        ("5000～3000", 300_000, "lower-end-taken"),
        ("4500.555", None, "finer-than-a-fen"),
        ("80元/天", None, "not-an-amount"),
        ("-100", None, "not-an-amount"),
        ("1_000", None, "not-an-amount"),
        ("NaN", None, "not-an-amount"),
        ("1e5", None, "not-an-amount"),
        ("1-2-3", None, "not-an-amount"),
        ("", None, "not-an-amount"),
        ("99999999万", None, "out-of-bounds"),
    ],
)
def test_yuan_become_whole_fen(cell, fen, code):
    assert parse("fen", cell, units=("元", "元/月", "起")) == (fen, code)


def test_a_list_keeps_each_item_once_in_its_order():
    cell = "医养结合, 康复护理，医养结合、餐饮定制；"

    assert parse("words", cell) == (["医养结合", "康复护理", "餐饮定制"], None)


def test_a_word_outside_the_glossary_has_no_value_and_the_row_goes_in():
    terms = {"公建民营": "public_built", "公办（建）": "public"}

    assert parse("term", "公建民营", terms=terms) == ("public_built", None)
    assert parse("term", "公办(建)", terms=terms) == ("public", None)
    assert parse("term", "合作办", terms=terms) == (None, "kept-as-given")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("戴家巷7号_2(江南水师学堂对面巷内1000米)", None),
        ("高荷路391", None),
        ("高平市北城街道（老车站", "cut-off"),
        ("高平市北城街道、", "cut-off"),
        ("高平市北城街道老车站…", "cut-off"),
        ("地址：高平市1号", "address-is-a-remark"),
        ("驻南京市区接待中心地址：南京市鼓楼区山西路67号", "address-of-an-office"),
        ("汉口办事处：江汉区解放大道", "address-of-an-office"),
    ],
)
def test_an_address_cut_off_or_replaced_by_a_remark_is_kept_and_said(address, code):
    assert parse("address", address) == (address, code)


@pytest.mark.parametrize(
    ("parser", "cell", "expected"),
    [
        ("yes_or_no", "是", (True, None)),
        ("yes_or_no", "N", (False, None)),
        ("yes_or_no", "也许", (None, "not-yes-or-no")),
        ("phone", "025-8888 1234转8001", ("025-8888 1234转8001", None)),
        ("phone", "找王主任", (None, "not-a-phone-number")),
        ("digits", "140502", ("140502", None)),
        ("digits", "14050２", (None, "not-digits")),
        ("text", "长" * 9, (None, "too-long")),
    ],
)
def test_other_parsers_take_what_fits_and_say_what_does_not(parser, cell, expected):
    assert parse(parser, cell, longest=8 if parser == "text" else 200) == expected


def test_only_errors_keep_a_row_outside():
    column = Column(headings=("h",), terms={"村级": "village"})

    assert PARSERS["term"]("乡", column).complaint.level is Level.WARNING
    assert PARSERS["only_term"]("乡", column).complaint.level is Level.ERROR


@pytest.mark.parametrize(
    "cell",
    ["2026-11-05", "2026/11/5", "2026.11.05", "2026年11月5日", "20261105", "2026-11-05T08:30:00"],
)
def test_a_day_is_read_as_people_write_it(cell):
    assert PARSERS["day"](cell, Column(headings=("日期",))).value == date(2026, 11, 5)


@pytest.mark.parametrize(
    "cell", ["明天", "2026-13-01", "2026-02-30", "05/11/2026", "2026", "45966"]
)
def test_what_is_no_day_is_not_guessed(cell):
    parsed = PARSERS["day"](cell, Column(headings=("日期",)))

    assert (parsed.value, parsed.complaint.code) == (None, "not-a-day")
