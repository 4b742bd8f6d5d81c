"""The city of beds that is measured: sizes of a list, and rows that the constraints would take."""

from datetime import date
from itertools import pairwise

from infra.bench import beds_city

TODAY = date(2026, 3, 1)
VILLAGES = ["140502001001", "140521100001"]


def built(sizes=(40, 100, 7), waiting=5):
    return beds_city.Builder(VILLAGES, today=TODAY).build(sizes, waiting=waiting)


def test_sizes_are_those_of_the_list_scaled_to_so_many_beds(tmp_path):
    listed = tmp_path / "facilities.csv"
    listed.write_text("名称,床位\n甲,300张\n乙,100张\n丙,未知\n丁,15000张\n", encoding="utf-8-sig")

    sizes = beds_city.sizes_of(listed, beds=1000)

    assert sum(sizes) == 1000
    assert sizes[1] < sizes[0] <= sizes[2] < sizes[3]


def test_without_a_list_sizes_are_made_up(tmp_path):
    sizes = beds_city.sizes_of(tmp_path / "none.csv", beds=30_000)

    assert (len(sizes), sum(sizes)) == (264, 30_000)


def test_about_half_of_the_beds_are_taken_today_and_none_twice():
    city = built((2000,))
    open_now = [row for row in city.rows["bed_occupancy"] if row[8] is None]
    taken = {row[1] for row in open_now}

    assert len(taken) == len(open_now)
    assert 0.45 < len(taken) / 2000 < 0.55
    assert taken.isdisjoint(city.free_beds)


def test_the_records_of_a_bed_follow_each_other():
    by_bed = {}
    for row in built().rows["bed_occupancy"]:
        by_bed.setdefault(row[1], []).append((row[7], row[8] or date.max))

    for days in by_bed.values():
        for (_, until), (since, _) in pairwise(days):
            assert since >= until
        assert all(since < until for since, until in days)


def test_it_is_the_same_city_each_time():
    assert built().rows == built().rows
    assert len(built().without_a_bed) == 5
