"""The menu of the console."""

from itertools import groupby

from admin.navigation import DOORS

MOST_OF_A_GROUP = 12


def test_no_page_stands_in_the_menu_twice():
    codes = [door.code for door in DOORS]

    assert len(codes) == len(set(codes))


def test_the_pages_of_a_group_stand_together_and_can_be_looked_over():
    groups = [(name, len(list(doors))) for name, doors in groupby(DOORS, key=lambda d: d.group)]

    assert len(groups) == len(dict(groups))
    assert max(size for _name, size in groups) <= MOST_OF_A_GROUP
