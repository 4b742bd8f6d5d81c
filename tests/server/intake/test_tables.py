import zipfile
from datetime import date, datetime

import pytest

from server.intake import tables
from server.intake.errors import TableColumnsMissing, TableTooLarge, TableUnreadable
from server.intake.tables import read_table

TEXT = "城市,名称,床位\n晋城,晨光,300张\n晋城,和顺,80\n"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = [["城市", "名称", "床位"], ["晋城", "晨光", "300张"], ["晋城", "和顺", 80]]


def cells_of(table):
    return [row.cells for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_workbook_gives_the_rows_that_csv_gives(csv_of, workbook_of, mapping_of, encoding):
    from_csv = read_table(csv_of(TEXT, encoding), mapping=mapping_of())
    from_workbook = read_table(workbook_of(SHEET), mapping=mapping_of())

    assert from_workbook == from_csv
    assert cells_of(from_csv) == [("晋城", "晨光", "300张"), ("晋城", "和顺", "80")]


def test_a_file_is_known_by_its_first_bytes_and_not_by_its_name(workbook_of, mapping_of):
    table = read_table(workbook_of(SHEET, name="list.csv"), mapping=mapping_of())

    assert len(table.rows) == 2


def test_a_title_above_the_headings_and_an_empty_first_sheet_are_passed_over(
    workbook_of, mapping_of
):
    sheet = [["附件1 晋城市养老机构一览表"], [], *SHEET]

    table = read_table(workbook_of([], sheet), mapping=mapping_of())

    assert (table.headings.number, table.rows[0].number) == (3, 4)


def test_a_row_of_only_separators_is_blank_and_a_row_of_only_space_is_torn(csv_of, mapping_of):
    table = read_table(csv_of(TEXT + ",,\n\n ,,\n \n"), mapping=mapping_of())

    assert [(row.number, row.torn) for row in table.rows] == [
        (2, False), (3, False), (6, True), (7, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "torn"),
    [
        ("晋城,晨光", True),
        ("晋城,晨光,3,4", True),
        ("晋城,晨光,3,,", False),
        ('晋城,"晨光,3', True),
    ],
)
def test_a_row_with_another_number_of_cells_is_torn(csv_of, mapping_of, line, torn):
    table = read_table(csv_of(TEXT + line), mapping=mapping_of())

    assert table.rows[-1].torn is torn


def test_numbers_and_days_of_a_workbook_read_as_they_are_shown(workbook_of, mapping_of):
    sheet = [SHEET[0], [date(2026, 11, 22), datetime.fromisoformat("2026-11-22T08:30"), 300.0]]

    table = read_table(workbook_of(sheet), mapping=mapping_of())

    assert cells_of(table) == [("2026-11-22", "2026-11-22T08:30:00", "300")]


def test_a_file_without_the_headings_says_which_it_wanted(csv_of, mapping_of):
    with pytest.raises(TableColumnsMissing) as refused:
        read_table(csv_of("城市,机构\n晋城,晨光\n"), mapping=mapping_of())

    assert refused.value.facts == {"columns": "城市、名称"}


@pytest.mark.parametrize(
    "content", [b"", b" \n ", b"PK\x03\x04nonsense", b"\xd0\xcf\x11\xe0\0\0\0"]
)
def test_a_file_that_is_no_table_is_refused(tmp_path, mapping_of, content):
    path = tmp_path / "list.xls"
    path.write_bytes(content)

    with pytest.raises(TableUnreadable):
        read_table(path, mapping=mapping_of())


def test_a_folder_and_a_missing_file_are_refused(tmp_path, mapping_of):
    for path in (tmp_path, tmp_path / "nothing.csv"):
        with pytest.raises(TableUnreadable):
            read_table(path, mapping=mapping_of())


def test_a_zip_that_is_no_workbook_is_refused(tmp_path, mapping_of):
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")

    with pytest.raises(TableUnreadable):
        read_table(path, mapping=mapping_of())


def test_a_workbook_that_would_unpack_into_gigabytes_is_refused_unopened(
    tmp_path, mapping_of, monkeypatch
):
    monkeypatch.setattr(tables.workbooks, "LARGEST_UNPACKED_BYTES", 1_000_000)
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)

    with pytest.raises(TableTooLarge):
        read_table(path, mapping=mapping_of())


def test_a_row_that_reaches_into_the_last_column_is_refused_before_it_fills_the_memory(
    workbook_of, mapping_of
):
    path = workbook_of([*SHEET, [None] * 16_383 + ["x"]])

    with pytest.raises(TableUnreadable):
        read_table(path, mapping=mapping_of())


def test_a_workbook_that_unfolds_its_own_words_is_refused(workbook_of, tmp_path, mapping_of):
    """Entities within entities: ten lines of XML that would be a billion words."""
    levels = "".join(f'<!ENTITY e{one} "{f"&e{one - 1};" * 10}">' for one in range(1, 10))
    cell = '<c r="A1" t="inlineStr"><is><t>&e9;</t></is></c>'
    bomb = (
        f'<!DOCTYPE worksheet [<!ENTITY e0 "ha">{levels}]><worksheet xmlns="{SPREADSHEET}">'
        f'<sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    )
    whole, bent = workbook_of(SHEET), tmp_path / "bent.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(bent, "w") as target:
        for name in source.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            target.writestr(name, bomb if is_sheet else source.read(name))

    with pytest.raises(TableUnreadable):
        read_table(bent, mapping=mapping_of())


def test_a_file_of_a_size_no_list_has_is_refused(csv_of, mapping_of, monkeypatch):
    monkeypatch.setattr(tables, "LARGEST_BYTES", 10)

    with pytest.raises(TableTooLarge):
        read_table(csv_of(TEXT), mapping=mapping_of())
