import pytest

from server.intake.cells import cleaned, hides_characters, protected, unprotected


@pytest.mark.parametrize(
    "words",
    ["<b>和顺</b>", "'; DROP TABLE site; --", "𠮷祥👩‍🦳颐养中心", "㛃𬭼䶮", "{{ 7*7 }}", "O'Brien"],
)
def test_markup_sql_emoji_and_rare_characters_survive(words):
    assert cleaned(words) == words


def test_space_of_every_kind_becomes_one_space():
    assert cleaned("\u3000晨光\u00a0 \t养老院\r\n") == "晨光 养老院"


def test_characters_nobody_can_see_go_and_are_noticed():
    assert cleaned("晨\u200b光\x00") == "晨光"
    assert hides_characters("晨\u200b光")
    assert hides_characters("晨\x1b[31m光")
    assert not hides_characters("晨光\n养老院")


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-5张", "@SUM(A1)", "\t=1", "＝1", "'=1", "''=1"])
def test_what_a_spreadsheet_would_run_leaves_us_as_text_and_comes_back_unchanged(cell):
    assert protected(cell).startswith("'")
    assert unprotected(protected(cell)) == cell


@pytest.mark.parametrize("cell", ["晨光养老院", "300张", "'引号'", ""])
def test_other_cells_leave_as_they_are(cell):
    assert protected(cell) == cell
    assert unprotected(cell) == cell
