"""The secrets of a development machine are made once and stay."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor

from infra.local_secrets import (
    DEVELOPMENT_MARK,
    ROLE_PASSWORDS,
    development_secrets,
    environment_with_secrets,
    role_passwords,
)


def test_only_the_owner_may_read_the_file(tmp_path):
    development_secrets(tmp_path / "var")

    mode = (tmp_path / "var" / "secrets.env").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_file_that_others_could_read_is_closed_again(tmp_path):
    development_secrets(tmp_path)
    (tmp_path / "secrets.env").chmod(0o644)

    development_secrets(tmp_path)

    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600


def test_the_second_reading_gives_the_same_secrets_and_writes_nothing(tmp_path):
    first = development_secrets(tmp_path)
    written = (tmp_path / "secrets.env").read_bytes()

    assert development_secrets(tmp_path) == first
    assert (tmp_path / "secrets.env").read_bytes() == written


def test_two_machines_share_no_secret(tmp_path):
    one = development_secrets(tmp_path / "one")
    other = development_secrets(tmp_path / "other")

    assert set(one.values()).isdisjoint(other.values())
    assert len(set(one.values())) == len(one)


def test_keys_are_thirty_two_bytes(tmp_path):
    made = development_secrets(tmp_path)

    name, _, field_key = made["YINLING_FIELD_KEYS"].partition(":")
    keys = [field_key, made["YINLING_INDEX_KEY"], made["YINLING_CONTEXT_KEY"]]
    assert name == "k1"
    assert [len(base64.b64decode(key, validate=True)) for key in keys] == [32, 32, 32]


def test_production_can_tell_the_secret_key_from_a_real_one(tmp_path):
    assert development_secrets(tmp_path)["YINLING_SECRET_KEY"].startswith(DEVELOPMENT_MARK)


def test_a_secret_added_by_a_later_version_is_appended_and_the_others_stay(tmp_path):
    before = development_secrets(tmp_path)
    path = tmp_path / "secrets.env"
    kept = [line for line in path.read_text().splitlines() if "CONTEXT_KEY" not in line]
    path.write_text("\n".join(kept))

    after = development_secrets(tmp_path)

    assert after.keys() == before.keys()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"YINLING_CONTEXT_KEY"}
    assert development_secrets(tmp_path) == after


def test_starting_twice_at_once_agrees_on_one_set(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(development_secrets, [tmp_path] * 8))

    assert all(answer == answers[0] for answer in answers)


def test_the_environment_wins_over_the_file(tmp_path):
    merged = environment_with_secrets(tmp_path, {"YINLING_INDEX_KEY": "mine", "HOME": "/home"})

    assert (merged["YINLING_INDEX_KEY"], merged["HOME"]) == ("mine", "/home")
    assert merged["YINLING_CONTEXT_KEY"]


def test_production_makes_no_secrets(tmp_path):
    environment = {"YINLING_ENV": "production"}

    assert environment_with_secrets(tmp_path / "var", environment) == environment
    assert not (tmp_path / "var").exists()


def test_every_database_role_has_a_password_of_its_own(tmp_path):
    passwords = role_passwords(environment_with_secrets(tmp_path, {}))

    assert passwords.keys() == ROLE_PASSWORDS.keys()
    assert len(set(passwords.values())) == 4
