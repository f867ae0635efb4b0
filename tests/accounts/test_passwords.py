"""What is accepted as a password, and what checking one costs."""

import statistics
import time
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from jobfair.accounts import passwords
from jobfair.accounts.rules import normal_login


def full_width(text: str) -> str:
    """Return the text as a Chinese keyboard in full-width mode types it."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.fixture(scope="module", autouse=True)
def real_cost(real_hasher: PasswordHasher) -> Iterator[None]:
    """Hash here as the program does; the rest of the run hashes quickly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", real_hasher)
        passwords._nobody.cache_clear()  # the stand-in was made quickly
        yield
    passwords._nobody.cache_clear()


@pytest.mark.parametrize(
    "weak",
    [
        "short-9ch",
        "1234567890",
        "QWERTYuiop",
        "woaini5201314",
        "aaaaaaaaaaaaaaa",
        "abababababab",
        "wang.clerk",
        "wang.clerk1",
        full_width("wang.clerk1"),
        "x" * 64 + "abcdefghij" * 7,
    ],
)
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(passwords.WeakPassword):
        passwords.check(weak, login="Wang.Clerk")


@pytest.mark.parametrize(
    "good", ["correct horse battery", "三月的毕节下雪了你知道吗", "k7#pQ2!xTz"]
)
def test_good_passwords_are_accepted(good: str) -> None:
    passwords.check(good, login="wang.clerk")


def test_full_width_typing_is_the_same_password() -> None:
    stored = passwords.hashed("horse-77-planted")
    assert passwords.matches(full_width("horse-77-planted"), stored)
    assert not passwords.matches("horse-77-plantee", stored)


def test_the_stored_form_is_argon2id_at_the_owasp_setting() -> None:
    stored = passwords.hashed("horse-77-planted")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.is_outdated(stored)


def test_a_broken_stored_form_matches_nothing() -> None:
    assert not passwords.matches("horse-77-planted", "plain text")
    assert not passwords.matches("horse-77-planted", "$argon2id$v=19$m=19456,t=2,p=1$broken")


@given(st.text(max_size=30))
def test_a_login_is_normal_after_one_pass(text: str) -> None:
    assert normal_login(normal_login(text)) == normal_login(text)


def test_an_unknown_account_costs_the_same_time() -> None:
    stored = passwords.hashed("horse-77-planted")
    passwords.prepare()

    def milliseconds(against: str | None) -> float:
        began = time.perf_counter()
        passwords.matches("a wrong guess", against)
        return (time.perf_counter() - began) * 1000

    pairs = [(milliseconds(stored), milliseconds(None)) for _ in range(15)]
    known, unknown = (statistics.median(side) for side in zip(*pairs, strict=True))
    assert unknown > known / 3, "the stand-in is not verified at all"
    assert unknown < known * 3
