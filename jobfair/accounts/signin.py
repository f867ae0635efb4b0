"""Signing in: limits first, then the password, then a session.

Guesses are counted per account and address together, and per address; never per account alone, or
anybody could lock anybody out. A guess is written down before its password is looked at, so that
many at once cannot slip through; a right one is taken off the count again.

Limits: 10 in 5 minutes for an account from one address (Warehouse has the same); an address gets
120, because a whole office may stand behind one.
"""

import logging
from datetime import timedelta

from sqlalchemy.orm import Session

from jobfair.accounts import passwords, queries, services
from jobfair.accounts.rules import normal_login
from jobfair.kit import clock, crypto
from jobfair.kit.db import Database
from jobfair.kit.errors import Invalid, NotFound, TooMany
from jobfair.kit.i18n import N_

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=5)
PER_ACCOUNT_AND_ADDRESS = 10
PER_ADDRESS = 120


class NotRecognised(Invalid):
    """The login or the password is wrong; which one is not told."""

    code = "not_recognised"
    message = N_("The login or the password is not right.")


def _refuse_too_many(session: Session, guess: queries.Guess) -> None:
    failed = queries.count_guesses(session, guess, since=guess.at - WINDOW)
    if failed.of_account >= PER_ACCOUNT_AND_ADDRESS or failed.of_address >= PER_ADDRESS:
        log.warning("sign-in refused: too many attempts")
        raise TooMany(minutes=int(WINDOW.total_seconds() // 60))


def _write_down(database: Database, login: str, address: str) -> int:
    vault = crypto.vault()
    guess = queries.Guess(
        login_index=vault.index(login, field="sign_in.login"),
        address_index=vault.index(address, field="sign_in.address"),
        at=clock.now(),
    )
    with database.reading() as session:  # refusing costs no write
        _refuse_too_many(session, guess)
    with database.writing() as session:
        services.take_turn(session, guess)
        _refuse_too_many(session, guess)
        return services.write_down_guess(session, guess)


def sign_in(database: Database, *, login: str, password: str, address: str) -> str:
    """Check a password and open a session; return the session's token.

    The password is verified outside any transaction: it takes long on purpose.

    Raises:
        TooMany: too many guesses in the last minutes.
        NotRecognised: wrong login or password, or a closed account.
    """
    name = normal_login(login)
    guess_id = _write_down(database, name, address)
    with database.reading() as session:
        found = queries.find_credentials(session, name)
    matched = passwords.matches(password, found.password_hash if found else None)
    if found is None or not matched:
        log.info("sign-in refused")
        raise NotRecognised
    try:
        with database.writing() as session:
            return services.finish_sign_in(session, found, password, guess_id=guess_id)
    except NotFound as gone:  # closed or changed while we were verifying
        raise NotRecognised from gone
