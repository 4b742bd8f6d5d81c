"""Files of a pack: what is wrong is told with file and line, and nothing of them is ever run."""

import io
import zipfile

import pytest

from server.i18n.catalogues import in_language
from server.policies.programmes import wording
from server.policies.programmes.errors import PackTooLarge, PackUnreadable
from server.policies.programmes.packs import MOST_FILES, read_files, read_texts
from server.policies.programmes.reading import read_programme

HEAD = "pack: a-city\ntitle: {zh: 某市, en: A city}\n"
PROGRAMME = """programme: voucher
name: {zh: 消费券, en: Voucher}
family: voucher
beneficiary: resident
payee: site
facts: vouchers
period: month
budget_line: 消费券
documents:
  min2025: {title: 民发〔2025〕37号}
conditions:
  - {id: level, fact: ability_level, is: [severe], document: min2025, clause: 一, from: 2026-01-01}
amounts:
  tables:
    - id: share
      name: {zh: 比例, en: Share}
      basis: {document: min2025, clause: 二, from: 2026-01-01}
      rows:
        - {when: {place: home}, percent: 50, of: fee_fen}
        - {percent: 40, of: fee_fen, clause: 三}
examples:
  - name: 一百元
    month: "2026-02"
    facts: {ability_level: severe, place: home, fee_fen: 10000}
    gets: 5000
"""


def faults_of(old="", new="", text=PROGRAMME):
    assert old in text
    programme, faults = read_programme("voucher.yaml", text.replace(old, new, 1) if old else text)
    assert (programme is None) == bool(faults)
    return [(fault.line, fault.code) for fault in faults]


def test_a_basis_said_once_is_that_of_every_row():
    programme, faults = read_programme("voucher.yaml", PROGRAMME)

    assert faults == []
    rows = programme.amounts.tables[0].rows
    assert [(row.document, row.clause) for row in rows] == [("min2025", "二"), ("min2025", "三")]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("clause: 一, ", "", [(12, "field-missing")]),
        ("      basis: {document: min2025, clause: 二, from: 2026-01-01}\n", "",
         [(18, "field-missing")] * 3 + [(19, "field-missing")] * 2),
        ("clause: 二, from", "clause: 二, form", [(17, "basis-wrong")]),
        ("period: month", "period: moon", [(7, "not-one-of")]),
        ("is: [severe]", "is: {at_lest: 3}", [(12, "cell-unreadable")]),
        ("is: [severe]", "is: severest", [(12, "cell-of-another-kind")]),
        ("is: [severe]", "is: {at_least: 3}", [(12, "cell-of-another-kind")]),
        ("ability_level, is", "ability, is", [(12, "no-such-fact")]),
        ("percent: 40, of: fee_fen", "percent: 40, of: age", [(20, "not-money")]),
        ("min2025, clause: 一", "min2052, clause: 一", [(12, "no-such-document")]),
        ("family: voucher", "family: vouchers", [(3, "no-such-family")]),
        ("payee: site", "payee: resident", [(6, "other-parties")]),
        ("programme: voucher", "programme: vouchers", [(1, "file-named-otherwise")]),
        ("percent: 50", "percent: 050", [(19, "number-unplain")]),
        ("percent: 50", "percent: 49.9", [(19, "number-unplain")]),
        ("percent: 50", "percent: 1_000", [(19, "number-unplain")]),
        ("from: 2026-01-01}\namounts", "from: 2026-02-30}\namounts", [(12, "no-such-day")]),
        ("01}\namounts", "01, to: 2025-12-31}\namounts", [(12, "not-whole")]),
        ("period: month", "period: month\nperiod: year", [(8, "key-wrong")]),
        ("period: month", "is_on: yes\nperiod: month", [(7, "yes-or-no")]),
        ("period: month", "period: month\nlucky: 1", [(8, "field-unknown")]),
        ("examples:", "else:", [(21, "field-unknown")]),
        ("gets: 5000", "gets: -1", [(25, "form-wrong")]),
        ("place: home, fee_fen", "place: moon, fee_fen", [(24, "cell-of-another-kind")]),
        ("period: month", "period: [month", [(8, "not-yaml")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(old, new, told):
    assert faults_of(old, new) == told


@pytest.mark.parametrize(
    "text",
    [
        "programme: !!python/object/apply:os.system ['true']\n",
        "programme: !!python/name:os.system\n",
        "a: &a [1]\nb: *a\n",
        "base: &base {a: 1}\nb: {<<: *base}\n",
        "[" * 40,
        "{" * 5000,
        "\x00",
        "",
        "- 1\n",
        "1\n",
        "? [a]\n: 1\n",
        "---\na: 1\n---\nb: 2\n",
    ],
)
def test_nothing_of_a_file_is_run_or_let_grow(text):
    programme, faults = read_programme("voucher.yaml", text)

    assert programme is None
    assert faults


def test_every_fault_is_a_sentence_in_both_languages():
    pack = read_texts({"pack.yaml": HEAD, "voucher.yaml": PROGRAMME.replace("clause: 一, ", "")})

    (fault,) = pack.faults
    assert (fault.file, fault.line) == ("voucher.yaml", 12)
    assert wording.fault_sentence(fault).startswith("缺少“clause”")
    with in_language("en"):
        assert wording.fault_sentence(fault).startswith("“clause” is missing")
    assert not pack.is_whole


def zipped(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def test_a_zip_is_the_folder_it_holds():
    files = {"city/pack.yaml": HEAD, "city/voucher.yaml": PROGRAMME, "city/README.md": "words"}

    pack = read_files({"city.zip": zipped(files)})

    assert pack.is_whole
    assert [one.outcome.amount_fen for one in pack.tried] == [5000]


def test_a_zip_that_unfolds_without_end_is_weighed_first():
    with pytest.raises(PackTooLarge):
        read_files({"bomb.zip": zipped({"pack.yaml": HEAD, "a.yaml": " " * 9_000_000})})
    with pytest.raises(PackTooLarge):
        read_files({"many.zip": zipped({f"p{no}.yaml": "" for no in range(MOST_FILES + 1)})})


@pytest.mark.parametrize(
    "files", [{}, {"a.txt": b"words"}, {"a.zip": b"PK\x03\x04rubbish"}, {"a.yaml": b"\xff\xfe"}]
)
def test_what_is_no_pack_is_refused(files):
    with pytest.raises(PackUnreadable):
        read_files(files)


def test_a_pack_without_its_head_or_without_programmes_says_so():
    assert [fault.code for fault in read_texts({"voucher.yaml": PROGRAMME}).faults] == ["no-head"]
    assert [fault.code for fault in read_texts({"pack.yaml": HEAD}).faults] == ["no-programmes"]


def test_an_example_that_does_not_come_out_keeps_the_pack_from_being_whole():
    text = PROGRAMME.replace("gets: 5000", "gets: 4999")
    pack = read_texts({"pack.yaml": HEAD, "voucher.yaml": text})

    assert pack.faults == []
    assert [one.holds for one in pack.tried] == [False]
    assert not pack.is_whole
