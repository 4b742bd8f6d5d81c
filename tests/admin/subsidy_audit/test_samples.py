"""An auditor binds a seed, draws, enters; another confirms; anybody reads the paper."""

import pytest
from sqlalchemy import select

from server.identity.models import Role
from server.subsidies.samples.models import AuditSample, AuditSampleLine
from tests.factories.subsidies import make_run

SEED = "太行山上的雪二零二六年一月"
SAMPLES = "/subsidies/audit/samples"


@pytest.fixture
def auditor(sit_down):
    return sit_down(Role.AUDITOR, division_code="1405")


@pytest.fixture
def run(session):
    return make_run(session, [{"amount_fen": 1000 * number} for number in range(1, 7)])


@pytest.fixture
def sample(session, auditor, run):
    form = {"run": run.id, "size": 3, "bands": 3, "seed": SEED}
    answer = auditor.post(SAMPLES, form)
    assert answer.status_code == 303, answer.text
    return session.execute(select(AuditSample)).scalar_one()


def lines(session):
    return session.execute(select(AuditSampleLine).order_by(AuditSampleLine.number)).scalars().all()


def test_from_the_seed_to_the_estimate(session, auditor, sample, sit_down):
    page = f"{SAMPLES}/{sample.id}"
    assert bytes(sample.seed_digest).hex() in auditor.get(page).text.replace("<wbr>", "")
    assert SEED not in auditor.get(page).text

    assert auditor.post(f"{page}/lot", {"seed": SEED}).status_code == 303
    [first, *_] = lines(session)
    entry = f"{page}/lines/{first.number}"
    assert auditor.post(entry, {"amount": "0", "words": "查无此人"}).status_code == 303
    assert auditor.post(entry, {"amount": "0"}).status_code == 409
    other = sit_down(Role.AUDITOR, division_code="1405")
    assert other.post(entry, {"amount": "1.50"}).status_code == 409
    assert other.post(entry, {"amount": "0"}).status_code == 303

    shown = auditor.get(page).text
    assert "双人已确认" in shown
    assert SEED in shown
    paper = auditor.get(f"{page}/paper.pdf")
    assert paper.data.startswith(b"%PDF")


def test_another_seed_is_refused_in_words(auditor, sample):
    answer = auditor.post(f"{SAMPLES}/{sample.id}/lot", {"seed": "别的种子"})

    assert answer.status_code == 422
    assert "摘要不符" in answer.text


def test_what_is_not_whole_is_refused(auditor, run):
    assert auditor.post(SAMPLES, {"run": run.id, "size": 0, "bands": 2}).status_code == 422
    assert (
        auditor.post(SAMPLES, {"run": 999, "size": 3, "bands": 3, "seed": SEED}).status_code == 404
    )
    assert auditor.get(f"{SAMPLES}/999").status_code == 404


def test_lists_have_files_and_refuse_other_filters(auditor, sample):
    assert "#" in auditor.get(SAMPLES).text
    assert auditor.get(f"{SAMPLES}/export.csv").status_code == 200
    assert auditor.get(f"{SAMPLES}/{sample.id}/export.xlsx").status_code == 200
    assert auditor.get(f"{SAMPLES}?colour=red").status_code in (400, 422)


def test_the_run_is_chosen_by_its_name(auditor, run):
    assert f'<option value="{run.id}"' in auditor.get("/subsidies/audit/samples").text
    assert f"{run.id} 养老机构运营补贴 2026-01" in auditor.get("/subsidies/audit/samples").text


def test_statements_do_not_grow_with_samples(session, auditor, sample, run, statements):
    with statements() as few:
        auditor.get(SAMPLES)
    for number in range(3):
        form = {"run": run.id, "size": 3, "bands": 1, "seed": f"{SEED}{number}"}
        auditor.post(SAMPLES, form)
    with statements() as many:
        auditor.get(SAMPLES)

    assert len(many) == len(few)


def test_nobody_else_draws(sit_down, sample):
    cashier = sit_down(Role.CASHIER, division_code="1405")

    assert cashier.get(SAMPLES).status_code == 403
    assert cashier.post(f"{SAMPLES}/{sample.id}/lot", {"seed": SEED}).status_code == 403
