"""The token and the code of a card: what is written is read again, what is wrong is noticed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.cards import rules
from jobfair.cards.rules import ALPHABET, ForgedToken, NotACard, WrongCheck
from jobfair.kit import crypto

tokens = st.binary(min_size=10, max_size=10)
codes = st.binary(min_size=5, max_size=5).map(rules.code_of)
others = st.integers(1, 31)


@pytest.fixture(autouse=True, scope="module")
def _vault(keys: Path) -> None:
    crypto.use_vault(crypto.open_vault(keys))


def _with(text: str, place: int, step: int) -> str:
    """Return a text with one character moved on by some steps in the alphabet."""
    sign = ALPHABET[(ALPHABET.index(text[place]) + step) % 32]
    return text[:place] + sign + text[place + 1 :]


@given(tokens)
def test_a_token_is_read_again_in_any_case(random: bytes) -> None:
    token = rules.token_of(random)
    assert len(token) == rules.TOKEN_LENGTH
    assert set(token) <= set(ALPHABET)
    assert rules.read_token(token) == token
    assert rules.read_token(f" {token.lower()}\n") == token


@given(tokens, st.integers(0, rules.TOKEN_LENGTH - 1), others)
def test_a_token_with_one_changed_character_is_always_refused(
    random: bytes, place: int, step: int
) -> None:
    with pytest.raises(ForgedToken):
        rules.read_token(_with(rules.token_of(random), place, step))


@given(tokens)
def test_a_token_of_another_house_is_refused(random: bytes) -> None:
    ours = crypto.vault()
    token = rules.token_of(random)
    crypto.use_vault(crypto.Vault(ours.current, ours.keys, index_key=b"another house" + bytes(19)))
    try:
        with pytest.raises(ForgedToken):
            rules.read_token(token)
    finally:
        crypto.use_vault(ours)


@pytest.mark.parametrize("text", ["", "K7Q2-9MXD-4", "U" * 29, "A" * 28, "A" * 30, "\uff21" * 29])
def test_what_is_no_token_is_said_not_to_be_one(text: str) -> None:
    with pytest.raises(NotACard):
        rules.read_token(text)


def test_the_digest_is_the_beginning_of_sha256() -> None:
    assert rules.digest_of("A" * 29).hex() == "a7951e0ca2e9612a985a36747309822a"


@given(codes)
def test_a_code_is_read_as_people_write_and_say_it(code: str) -> None:
    spoken = rules.spoken(code)
    sloppy = spoken.replace("0", "O").replace("1", "l").replace("-", " – ")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    for text in (code, spoken, spoken.lower(), sloppy, code.replace("1", "i"), wide):
        assert rules.read_code(text) == code


@given(codes, st.integers(0, rules.CODE_LENGTH - 1), others)
def test_one_wrong_character_of_a_code_is_always_noticed(code: str, place: int, step: int) -> None:
    with pytest.raises(WrongCheck):
        rules.read_code(_with(code, place, step))


@given(codes, st.integers(0, 8), st.integers(0, 8))
def test_two_swapped_characters_of_a_code_are_always_noticed(code: str, a: int, b: int) -> None:
    signs = list(code)
    signs[a], signs[b] = signs[b], signs[a]
    if code[a] == code[b]:
        assert rules.read_code("".join(signs)) == code
    else:
        with pytest.raises(WrongCheck):
            rules.read_code("".join(signs))


@pytest.mark.parametrize("text", ["", "K7Q2-9MXD", "K7Q2-9MXD-44", "K7Q2-9MXU-4", "张三", "骉" * 9])
def test_what_is_no_code_is_said_not_to_be_one(text: str) -> None:
    with pytest.raises(NotACard):
        rules.read_code(text)
