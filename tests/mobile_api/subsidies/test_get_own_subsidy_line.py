"""getOwnSubsidyLine: how an amount came about, with its clauses."""


def test_a_line_is_told_in_sentences(phone, make_told):
    run = make_told()
    line = phone.get(f"/v1/subsidies/{run.id}/lines/1").json

    said = [one["sentence"] for one in line["sentences"]]
    assert any("300.00 元" in one for one in said)
    assert any("鲁民〔2021〕21号" in one["clause"] for one in line["sentences"])
    assert [one["sentence"] for one in line["brief"]] == ["能力等级 重度失能、完全失能：300.00 元"]
    assert line["can_object"] is False


def test_a_line_with_a_number_larger_than_any_is_nobodys(phone, make_told):
    run = make_told()

    for number in (2**31, 2**63 - 1):
        assert phone.get(f"/v1/subsidies/{run.id}/lines/{number}").status_code == 404
