"""Texts in the reader's language, with the facts said as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.i18n import catalogues
from server.i18n.catalogues import in_language, problem_sentence


def said(code, **facts):
    sentences = []
    for language in catalogues.LANGUAGES:
        with in_language(language):
            sentences.append(problem_sentence(code, facts))
    return sentences


def test_an_instant_is_said_as_the_clock_on_the_wall():
    chinese, english = said("already-collected", collected_at="2026-11-22T03:32:10+00:00")

    assert "11:32" in chinese
    assert "11:32" in english


def test_a_cut_off_is_said_with_its_day_in_the_city():
    """16:30 UTC is half past midnight of the next day in Shanghai."""
    chinese, english = said("past-cut-off", cutoff_at="2026-11-21T16:30:00+00:00")

    assert "11月22日 00:30" in chinese
    assert "November 22 at 00:30" in english


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (1, "1秒钟", "1 second"),
        (42, "42秒钟", "42 seconds"),
        (90, "90秒钟", "90 seconds"),
        (91, "2分钟", "2 minutes"),
        (3541, "60分钟", "60 minutes"),
    ],
)
def test_a_wait_is_said_in_words_and_never_too_short(seconds, chinese, english):
    in_chinese, in_english = said("locked-out", retry_after=seconds)

    assert chinese in in_chinese
    assert english in in_english


@pytest.mark.parametrize(
    ("fen", "yuan"), [(1, "0.01"), (1_800_000, "18,000.00"), (-50, "−0.50"), (-76_452, "−764.52")]
)
def test_money_is_said_in_yuan(fen, yuan):
    for sentence in said("deposit-too-high", most_fen=fen):
        assert f"{yuan} " in sentence


def test_a_missing_fact_leaves_the_sentence_standing():
    chinese, _ = said("past-cut-off")

    assert "{cutoff_at}" in chinese


def test_an_unknown_code_is_shown_as_it_stands():
    assert said("never-heard-of") == ["never-heard-of"] * 2


@given(text=st.text(max_size=50))
def test_a_fact_is_never_read_as_a_template(text):
    chinese, _ = said("unknown-filter", name=text)

    assert chinese == f"这个网址里有不认识的条件：{text}。请去掉后再试。"


@pytest.mark.parametrize("language", ["fr", "", "zh_CN", "../../etc"])
def test_a_language_that_is_not_offered_is_answered_in_chinese(language):
    with in_language(language):
        assert catalogues.current_language() == "zh-CN"


@pytest.mark.parametrize("domain", catalogues.DOMAINS)
def test_both_languages_hold_the_same_texts(domain):
    chinese, english = (catalogues.catalogue(language, domain) for language in catalogues.LANGUAGES)

    assert chinese.keys() == english.keys()
