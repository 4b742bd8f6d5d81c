"""Programmes in the words of officials."""

import pytest

from server.i18n.catalogues import use_language
from server.policies.programmes.packs import list_shipped, read_shipped
from server.policies.programmes.telling import named_in, place_words
from server.policies.programmes.wording import source_words


@pytest.fixture(autouse=True)
def in_chinese():
    use_language("zh-CN")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("domain.md §1d, S1, S2, S3", "平台依据汇编 S1、S2、S3"),
        ("domain.md §1d golden vectors", "平台依据汇编"),
        ("no published rule found", "没有查到公开的规定。"),
        ("http://mzj.example.gov.cn/2026/12", "http://mzj.example.gov.cn/2026/12"),
    ],
)
def test_a_source_is_told_without_names_of_files(source, words):
    assert source_words(source) == words


@pytest.mark.parametrize("name", list_shipped())
def test_every_figure_of_a_shipped_pack_has_words_of_its_own(name):
    for programme in read_shipped(name).programmes.values():
        for place in named_in(programme):
            words = place_words(programme, f"{place}.fen")
            assert not any("a" <= one <= "z" for one in words.replace("GB", "")), words


def test_a_place_that_is_none_is_left_as_it_is():
    programme = next(iter(read_shipped("reference").programmes.values()))

    assert place_words(programme, "amounts.nowhere.fen") == "amounts.nowhere.fen"
