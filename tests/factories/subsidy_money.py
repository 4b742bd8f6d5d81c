"""A budget in force, accounts to be paid to, and runs that may be paid."""

from datetime import date

from sqlalchemy import text

from server import clock
from server.residents.facts.models import ACCOUNT_FIELD, PayeeAccount
from server.secrets.fields import keyring
from server.subsidies.budgets.service import ask_change, decide_change
from server.subsidies.models import RunKind, RunStage
from server.subsidies.payments import confirming, filing, returning, steps
from server.subsidies.payments.accounts import decide_account, tell_account
from server.subsidies.payments.making import make_batch
from server.subsidies.payments.rules import number_of
from tests.factories.subsidies import JANUARY, a_programme, make_run, make_version, move_run

LONG_AGO = date(2020, 1, 1)
BASIS = {"document": "lu2021", "clause": "第五条", "from": "2021-07-01"}
LINE = "养老机构运营补贴"
AT_ONCE = text("SET CONSTRAINTS ALL IMMEDIATE")
DEFERRED = text("SET CONSTRAINTS ALL DEFERRED")
PAYMENTS = text("SELECT * FROM subsidy_payment WHERE batch_id = :batch ORDER BY id")


def check_whole(session):
    """Let the database check now what it checks at the end of a transaction."""
    session.execute(AT_ONCE)
    session.execute(DEFERRED)


def paid_to(payee, *, most_percent=None, **changes):
    """A programme whose payee is another; with how much of a payment may be taken back."""
    content = a_programme(payee=payee, **changes)
    if most_percent is not None:
        content["recovery"] = {"most_percent": most_percent, **BASIS}
    return content


def make_budget(session, fen=100_000_000, *, line=LINE, division_code="1405", year=None):
    """A budget that somebody asked for and another accepted; returns its number."""
    change = ask_change(
        session, line=line, year=year or clock.today().year, division_code=division_code,
        delta_fen=fen, document="市民发〔2026〕1号", holds_on=LONG_AGO,
    )  # fmt: skip
    decide_change(session, change.id, is_right=True)
    return change.budget_id


def give_account(session, site, number="6228480000000000001"):
    """An account of a site that another person confirmed."""
    told = tell_account(
        session, site.id, bank="农业银行", account=number, holder_name=site.name, starts_on=LONG_AGO
    )
    return decide_account(session, told.id, is_right=True)


def give_elder_account(session, elder, number="6228480000000000019", starts_on=LONG_AGO):
    account = PayeeAccount(
        resident_id=elder.id,
        bank="农村信用社",
        account_cipher=keyring().encrypt(number, ACCOUNT_FIELD),
        account_digest=keyring().digest(number, ACCOUNT_FIELD),
        last_four=number[-4:],
        holder_name=elder.name,
        starts_on=starts_on,
    )
    session.add(account)
    session.flush()
    return account


def make_payable(session, lines, *, version=None, **given):
    run = make_run(session, lines, version=version or make_version(session), **given)
    return move_run(session, run, RunStage.PAYABLE)


def make_difference(
    session, run, number, fen, version, *, division_code="1405", first_month=JANUARY, **line
):
    """A payable difference run that takes so much of a line away (or adds it)."""
    lines = [{**line, "amount_fen": fen, "of_run_id": run.id, "of_number": number}]
    return make_payable(
        session,
        lines,
        version=version,
        kind=RunKind.DIFFERENCE,
        of_run_id=run.id,
        division_code=division_code,
        first_month=first_month,
    )


def send_batch(session, budget_id, *runs, **how):
    """A batch that was checked, filed and sent; returns it."""
    batch = make_batch(session, budget_id=budget_id, run_ids=[run.id for run in runs], **how)
    steps.check(session, batch.id)
    if batch.total_fen:
        filing.make_file(session, batch.id, layout="generic", ending="csv", purpose="运营补贴")
    return steps.send(session, batch.id)


def payments_of(session, batch):
    return session.execute(PAYMENTS, {"batch": batch.id}).all()


def a_return(payments, failed=(), reason="账号户名不符"):
    """The bytes of a bank's answer: paid, but for those that failed."""
    rows = ["发放编号,金额（元）,处理结果,失败代码,失败原因"]
    for one in payments:
        said = f"失败,E01,{reason}" if one.id in failed else "成功,,"
        rows.append(f"{number_of(one.id)},{one.amount_fen / 100:.2f},{said}")
    return "\r\n".join(rows).encode()


def confirmed(session, told):
    """What the bank says failed is held by another person against what it sent; returns `told`."""
    if told.taken is not None and not told.is_known and told.taken.failed + told.taken.came_back:
        confirming.confirm_return(session, told.taken.id)
    return told


def answer(session, batch, failed=(), only=None):
    """Let the bank say what became of a batch; returns what was imported."""
    payments = [one for one in payments_of(session, batch) if one.amount_fen]
    told = payments if only is None else [one for one in payments if one.id in only]
    content = a_return(told, failed)
    return returning.import_return(
        session, batch.id, content, layout="generic", file_name="回盘.csv"
    )
