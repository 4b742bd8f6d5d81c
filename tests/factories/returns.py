"""Bed returns as facilities file them."""

from datetime import timedelta

from server import clock
from server.facilities.models import BedKind
from server.facilities.returns.filing import Return, put_returns
from server.facilities.returns.models import ReturnSource
from server.facilities.returns.rules import Figures
from tests.factories.meals import make_site


def a_return(site, *, ago=0, kind=BedKind.INSTITUTION, **figures):
    values = {"licensed": 100, "usable": 90, "occupied": 60, "on_leave": 2} | figures
    return Return(site.id, kind, clock.today() - timedelta(days=ago), Figures(**values))


def make_return(session, site=None, *, source=ReturnSource.CONSOLE, **given):
    """File a return of so many days ago, without asking whether that is still allowed."""
    filed = a_return(site or make_site(session), **given)
    put_returns(session, [filed], source=source)
    return filed
