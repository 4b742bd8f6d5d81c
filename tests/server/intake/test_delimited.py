import pytest

from server.intake.delimited import read_delimited

HEADINGS = "a,b,c"


def rows_of(text, delimiter=","):
    wanted = HEADINGS.split(",")
    return [
        (row.number, row.cells, row.torn)
        for row in read_delimited(text, are_headings=lambda cells: list(cells) == wanted)
    ]


def test_a_quoted_cell_may_hold_commas_quotes_and_line_breaks():
    rows = rows_of('a,b,c\n1,"x, ""y""\nz",3\n4,5,6\n')

    assert rows[1:] == [(2, ("1", 'x, "y"\nz', "3"), False), (4, ("4", "5", "6"), False)]


def test_a_quote_that_never_closes_tears_its_own_line_only():
    rows = rows_of('a,b,c\n1,"2,3\n4,5,6\n7,"8",9\n')

    assert [(number, torn) for number, _, torn in rows] == [
        (1, False), (2, True), (3, False), (4, False),
    ]  # fmt: skip


def test_the_quote_of_a_later_line_does_not_close_a_torn_one():
    rows = rows_of('a,b,c\n1,"2,3\n4,"5",6\n7,8,9\n')

    assert [number for number, _, torn in rows if not torn] == [1, 3, 4]
    assert [number for number, _, torn in rows if torn] == [2]


def test_lines_that_close_into_the_wrong_number_of_cells_are_not_one_row():
    rows = rows_of('a,b,c\n1,"2\n3,4,5",6,7\n8,9,10\n')

    assert [(number, len(cells)) for number, cells, torn in rows if torn] == [(2, 2)]
    assert rows[-1] == (4, ("8", "9", "10"), False)


def test_a_quote_inside_an_open_cell_is_a_character():
    assert rows_of('a,b,c\n1,5" pipe,3\n')[1] == (2, ("1", '5" pipe', "3"), False)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_counts_the_same(ending):
    assert rows_of(ending.join(["a,b,c", "1,2,3", ""])) == [
        (1, ("a", "b", "c"), False),
        (2, ("1", "2", "3"), False),
    ]


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_tabs_and_semicolons_are_noticed_by_the_headings(delimiter):
    text = "a,b,c\n1,2,3\n".replace(",", delimiter)

    assert rows_of(text)[1] == (2, ("1", "2", "3"), False)
