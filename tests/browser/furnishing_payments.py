"""Four homes that may be paid by a batch, with a budget and accounts."""

from sqlmodel import Session

from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.subsidies import make_version
from tests.factories.subsidy_money import give_account, make_budget, make_payable, paid_to

BUDGET_LINE = "浏览器试验补贴"
HOMES = ("康乐养老院", "福寿养老院", "安宁养老院", "长青养老院")


def furnish_payments(session: Session) -> None:
    """A payable run of one elder at each home, and what it is paid out of."""
    content = paid_to("site", most_percent=50, family="browser_trial", budget_line=BUDGET_LINE)
    version = make_version(session, content)
    make_budget(session, line=BUDGET_LINE)
    lines = []
    for number, name in enumerate(HOMES):
        site = make_site(session, name=name)
        give_account(session, site, f"622848000000000900{number}")
        lines.append({"site_id": site.id, "resident_id": make_resident(session).id})
    make_payable(session, lines, version=version)
