"""QR codes laid together from changes are the ones that segno draws."""

import pytest
import segno

from mobile_api.meals.qr_symbols import MASK, qr_rows


@pytest.mark.parametrize(
    "text",
    [
        "YL1:1:000000",
        "YL1:42:999999",
        "YL1:1234567:042817",
        "YL1:98765432:104729",
        "YL1:1000000000000:123456",
        "Z",
    ],
)
def test_it_is_the_code_that_segno_draws(text):
    drawn = segno.make_qr(text, error="m", mask=MASK, mode="alphanumeric").matrix

    assert qr_rows(text) == ["".join(str(module) for module in row) for row in drawn]


def test_codes_of_other_lengths_do_not_mix():
    assert len(qr_rows("YL1:1:000000")) == 21
    assert len(qr_rows("YL1:1000000000000:000000")) == 25
    assert qr_rows("YL1:1:000000") == qr_rows("YL1:1:000000")
