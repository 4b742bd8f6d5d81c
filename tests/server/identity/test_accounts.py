"""Accounts of phones."""

from server.identity.service.accounts import open_account


def test_an_account_is_opened_once_for_a_phone(session):
    first = open_account(session, phone="138 0000 2222")
    second = open_account(session, phone="+8613800002222")

    assert first.id == second.id
