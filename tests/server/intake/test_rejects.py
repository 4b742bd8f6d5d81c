import csv

import pytest

from server.intake.checking import Belongs, check_table
from server.intake.rejects import write_rejects
from server.intake.tables import read_table

TEXT = "城市,名称,床位\n晋城,晨光,300张\n晋城,=1+1,三百\n晋城,和顺\n"


@pytest.fixture
def checked_of(mapping_of):
    def check(path):
        table = read_table(path, mapping=mapping_of())
        return check_table(
            table, mapping=mapping_of(), scope=lambda cells: Belongs.HERE, scope_field="city"
        )

    return check


def write(path, checked):
    return write_rejects(
        path, checked, titles=("行", "原因"), say=lambda finding: finding.complaint.code
    )


def test_rejected_rows_are_written_with_number_and_reason_and_no_formula(
    tmp_path, csv_of, checked_of
):
    path = tmp_path / "rejects" / "list.csv"

    written = write(path, checked_of(csv_of(TEXT)))

    assert written == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["行", "原因", "城市", "名称", "床位"],
            ["3", "床位: not-a-count", "晋城", "'=1+1", "三百"],
            ["4", "torn-row", "晋城", "和顺", ""],
        ]


def test_a_mended_reject_file_comes_in_as_it_is(tmp_path, csv_of, checked_of):
    path = tmp_path / "rejects.csv"
    write(path, checked_of(csv_of(TEXT)))
    mended = path.read_text("utf-8-sig").replace("三百", "300").replace("和顺,", "和顺,80")
    path.write_text(mended, encoding="utf-8")

    checked = checked_of(path)

    assert [dict(record.values) for record in checked.records] == [
        {"city": "晋城", "name": "=1+1", "beds": 300},
        {"city": "晋城", "name": "和顺", "beds": 80},
    ]


def test_nothing_is_written_when_nothing_was_rejected(tmp_path, csv_of, checked_of):
    path = tmp_path / "rejects.csv"

    assert write(path, checked_of(csv_of("城市,名称,床位\n晋城,晨光,300张\n"))) == 0
    assert not path.exists()
