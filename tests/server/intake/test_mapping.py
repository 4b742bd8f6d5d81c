import pytest

from server.intake.errors import MappingUnusable
from tests.server.intake.conftest import MAPPING


def test_headings_are_found_whatever_their_width_brackets_and_spaces(mapping_of):
    headings = ["名 称", "备注", "床位（张）", " 城市 "]

    assert mapping_of().places_in(headings) == {"city": 3, "name": 0, "beds": 2}


def test_the_first_heading_of_the_mapping_wins_and_the_first_column_of_the_file(mapping_of):
    assert mapping_of().places_in(["床位", "城市", "床位(张)", "名称", "名称"])["beds"] == 2
    assert mapping_of().places_in(["名称", "城市", "名称"])["name"] == 0


def test_two_fields_may_be_read_from_one_column(mapping_of):
    mapping = mapping_of(MAPPING.replace("名称", "城市"))

    assert mapping.places_in(["城市"]) == {"city": 0, "name": 0}


def test_no_field_is_longer_than_what_it_is_meant_for(mapping_of):
    assert mapping_of().columns["name"].longest == 8


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("columns: [", "YAML"),
        ("[]", "columns"),
        ("columns: {}", "columns"),
        ("columns: {name: {headings: []}}", "columns.name.headings"),
        ("columns: {name: {headings: [名称], requird: true}}", "columns.name.requird"),
        ("columns: {nmae: {headings: [名称], required: true}}", "columns.nmae"),
        ("columns: {beds: {headings: [床位], parser: text, required: true}}", "columns.beds"),
        ("columns: {name: {headings: [名称], parser: eval, required: true}}", "columns.name"),
        (MAPPING + "constants: {kind: castle}", "constants.kind"),
        (MAPPING + "constants: {name: 太长太长太长太长太长}", "constants.name"),
        (MAPPING + "constants: {beds: '1'}", "constants.beds"),
        (
            MAPPING + "  kind: {headings: [类], parser: only_term, terms: {塔: tower}}",
            "columns.kind",
        ),
        ("columns: !!python/object/apply:os.system ['true']", "YAML"),
    ],
)
def test_a_mapping_that_could_not_work_is_refused_with_the_part_that_is_wrong(
    mapping_of, text, part
):
    with pytest.raises(MappingUnusable) as refused:
        mapping_of(text)

    assert refused.value.facts == {"file": "mapping.yaml", "part": part}
