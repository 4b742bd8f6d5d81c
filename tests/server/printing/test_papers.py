"""A paper can be read back word by word, holds its font, and is the same file every time."""

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from server.printing.characters import held, printable
from server.printing.papers import Check, Facts, Paper, Signatures, Table, Words, pdf_of

# In names of people: two of the extensions, and one that no font at hand holds.
RARE = "䶮㙦𬭁𰻝"
OUT_OF_REACH = "\U000323af"


@pytest.fixture
def paper():
    return Paper(
        title="月度结算单",
        subtitle="建设路食堂 2026-10",
        made_on=date(2026, 11, 4),
        parts=[
            Facts([("食堂", "建设路食堂")]),
            Table("明细", ["餐次", "份数"], [["午餐", "1,200"], ["合计", "1,200"]], sums=1),
            Words("应拨付 3,600.00 元"),
            Signatures(["食堂（盖章）", "县区（盖章）"]),
        ],
        check=Check("扫码核对", "a1b2c3", "https://example.test/check?digest=a1b2c3"),
    )


def read(pdf):
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join(page.extract_text() for page in pages)


def fonts(pdf):
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    return [one.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            for one in page["/Resources"]["/Font"].values()]  # fmt: skip


def test_every_word_can_be_read_back(paper):
    told = read(pdf_of(paper))

    for words in (
        "月度结算单",
        "建设路食堂",
        "1,200",
        "应拨付 3,600.00 元",
        "县区（盖章）",
        "a1b2c3",
    ):
        assert words in told


def test_the_font_is_in_the_file_and_is_ours(paper):
    [font] = fonts(pdf_of(paper))

    assert "NotoSansCJKsc" in font["/FontName"]
    assert "/FontFile3" in font


def test_the_same_paper_is_the_same_file(paper):
    assert pdf_of(paper) == pdf_of(paper)
    assert pdf_of(paper) != pdf_of(replace(paper, subtitle="别处"))


def test_a_paper_is_for_archives_and_for_screen_readers(paper):
    pdf = PdfReader(io.BytesIO(pdf_of(paper)))
    said = pdf.xmp_metadata

    assert "pdfaid:part>2" in said.stream.get_data().decode()
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"].startswith("zh")


def test_rare_characters_of_names_come_out(paper):
    assert RARE in read(pdf_of(replace(paper, parts=[Words(f"领取人 {RARE}")])))


def test_a_character_that_no_font_holds_is_told_by_its_number(paper):
    told = read(pdf_of(replace(paper, parts=[Words(f"领取人 王{OUT_OF_REACH}")])))

    assert "王〔U+323AF〕" in told


def test_words_are_never_markup(paper):
    hostile = '#panic("x") *bold* $x$ @ref <label> // none'

    assert hostile in read(pdf_of(replace(paper, parts=[Words(hostile)])))


def test_characters_that_nobody_sees_are_left_out():
    assert printable("王\u200b\x07小\n明") == "王小\n明"


def test_the_font_holds_what_names_are_written_with():
    """GB 2312, the table 通用规范汉字表 and the first extension, as far as one font goes."""
    first_plane = set(range(0x4E00, 0x9FA6)) | set(range(0x3400, 0x4DB6))

    assert first_plane <= held()
    assert {ord(sign) for sign in "，。（）〔〕·—“”￥①"} <= held()
