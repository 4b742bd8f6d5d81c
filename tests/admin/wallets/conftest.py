"""An elder whom the canteen knows, with fifty yuan in a wallet there."""

from datetime import date

import pytest

from server.residents.models import CareLink
from tests.factories.people import LONG_AGO, make_resident
from tests.factories.wallets import make_wallet


@pytest.fixture
def elder(session, canteen):
    elder = make_resident(session, name="李秀英")
    link = CareLink(resident_id=elder.id, site_id=canteen.site_id, starts_on=LONG_AGO,
                    ends_on=date(2160, 1, 1))  # fmt: skip
    session.add(link)
    session.flush()
    return elder


@pytest.fixture
def wallet_id(session, elder, canteen):
    return make_wallet(session, elder, canteen, 5000)


@pytest.fixture
def purse(canteen, elder):
    """Where the elder's wallet at the canteen is shown."""
    return f"/meals/wallets/{canteen.site_id}/diners/{elder.id}"
