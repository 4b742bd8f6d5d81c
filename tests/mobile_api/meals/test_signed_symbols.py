"""QR codes of signed meal codes are the ones that segno draws."""

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from mobile_api.meals.signed_symbols import LENGTH, MASK, SIGNS, VERSION, signed_qr_rows


@given(st.text(alphabet=SIGNS, min_size=LENGTH, max_size=LENGTH))
@settings(max_examples=15, deadline=None)
def test_it_is_the_code_that_segno_draws(text):
    drawn = segno.make_qr(
        text, version=VERSION, error="m", mode="alphanumeric", mask=MASK, boost_error=False
    )

    assert signed_qr_rows(text) == ["".join(map(str, row)) for row in drawn.matrix]


def test_it_draws_codes_of_one_length_alone():
    with pytest.raises(ValueError, match="122 signs"):
        signed_qr_rows("YL1:42:004217")
