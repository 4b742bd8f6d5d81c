"""Sealed fields: readable with the keys alone, tied to their column, found by their digest."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.secrets.fields import FieldUnreadable, keyring_from


def a_key(number):
    return base64.b64encode(bytes([number]) * 32).decode()


OLD = keyring_from(f"k1:{a_key(1)}", a_key(9))
BOTH = keyring_from(f"k2:{a_key(2)},k1:{a_key(1)}", a_key(9))
NEW = keyring_from(f"k2:{a_key(2)}", a_key(9))
SEALABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(text=SEALABLE, field=st.sampled_from(["resident.id_number", "message.facts"]))
def test_what_was_sealed_can_be_read(text, field):
    sealed = BOTH.encrypt(text, field)

    assert BOTH.decrypt(sealed, field) == text
    assert len(text) < 4 or text.encode() not in sealed


def test_the_same_text_is_sealed_differently_each_time():
    assert OLD.encrypt("x", "f") != OLD.encrypt("x", "f")


def test_a_new_key_writes_and_the_old_one_still_reads():
    sealed = OLD.encrypt("140502194405060011", "resident.id_number")

    assert BOTH.decrypt(sealed, "resident.id_number") == "140502194405060011"
    assert BOTH.encrypt("x", "f").startswith(b"k2:")
    with pytest.raises(FieldUnreadable):
        NEW.decrypt(sealed, "resident.id_number")


def test_a_sealed_field_is_unreadable_in_another_column():
    sealed = OLD.encrypt("x", "resident.id_number")

    with pytest.raises(FieldUnreadable):
        OLD.decrypt(sealed, "message.facts")


@given(at=st.integers(0, 40), bit=st.integers(0, 7))
def test_one_changed_bit_makes_it_unreadable(at, bit):
    sealed = bytearray(OLD.encrypt("140502194405060011", "f"))
    sealed[at] ^= 1 << bit

    with pytest.raises(FieldUnreadable):
        OLD.decrypt(bytes(sealed), "f")


@pytest.mark.parametrize("torn", [b"", b"k1", b"k1:", b"k1:short", b"\xff:x", b":"])
def test_a_torn_field_is_unreadable(torn):
    with pytest.raises(FieldUnreadable):
        OLD.decrypt(torn, "f")


@given(text=SEALABLE)
def test_equal_texts_have_equal_digests_within_a_column_only(text):
    assert OLD.digest(text, "a") == NEW.digest(text, "a")
    assert OLD.digest(text, "a") != OLD.digest(text, "b")
    assert len(OLD.digest(text, "a")) == 32


def test_another_index_key_gives_other_digests():
    other = keyring_from(f"k1:{a_key(1)}", a_key(8))

    assert OLD.digest("x", "f") != other.digest("x", "f")


@pytest.mark.parametrize(
    ("field_keys", "index_key"),
    [("", a_key(9)), ("k1:abc", a_key(9)), ("k1", a_key(9)), (f"k1:{a_key(1)}", "")],
)
def test_keys_that_are_none_are_refused(field_keys, index_key):
    with pytest.raises(ValueError, match=r"key|base64|padding"):
        keyring_from(field_keys, index_key)
