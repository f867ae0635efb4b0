"""Reads of accounts and organisations."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from jobfair.accounts.models import (
    Invitation,
    Organisation,
    SignInAttempt,
    UserAccount,
    UserSession,
)
from jobfair.accounts.rules import Actor, OrganisationKind, Role, Scope


@dataclass(frozen=True, slots=True)
class SessionRow:
    """An open session and its user."""

    actor: Actor
    started_at: datetime


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation in a list."""

    id: int
    kind: OrganisationKind
    name: str
    division_code: str | None
    parent_id: int | None
    parent_name: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class UserRow:
    """An account in a list."""

    id: int
    login: str
    display_name: str
    role: Role
    organisation_id: int
    organisation_name: str
    organisation_kind: OrganisationKind
    active: bool
    created_at: datetime
    last_sign_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that can still be accepted."""

    id: int
    organisation_id: int
    organisation_name: str
    role: Role
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class UserFilter:
    """What a list of users is narrowed by."""

    text: str = ""
    role: Role | None = None
    organisation_id: int | None = None
    active: bool | None = None


# Asked at every request, so it is put together once, and of columns instead of records.
_OPEN_SESSION = (
    select(
        UserAccount.id.label("user_id"),
        UserAccount.role,
        UserAccount.display_name,
        UserAccount.must_change_password,
        Organisation.id.label("organisation_id"),
        Organisation.kind,
        Organisation.division_code,
        Organisation.name,
        UserSession.started_at,
    )
    .join(UserSession, UserSession.user_id == UserAccount.id)
    .join(Organisation, Organisation.id == UserAccount.organisation_id)
    .where(
        UserSession.token_hash == bindparam("token_hash"),
        UserSession.ended_at.is_(None),
        UserSession.version == UserAccount.session_version,
        UserAccount.active,
        Organisation.active,
    )
)


def find_session(session: Session, token_hash: str) -> SessionRow | None:
    """Return an open session whose user and organisation are active and unchanged."""
    found = session.execute(_OPEN_SESSION, {"token_hash": token_hash}).one_or_none()
    if found is None:
        return None
    actor = Actor(
        user_id=found.user_id,
        role=Role(found.role),
        organisation_id=found.organisation_id,
        organisation_kind=OrganisationKind(found.kind),
        division_code=found.division_code,
        display_name=found.display_name,
        organisation_name=found.name,
        must_change_password=found.must_change_password,
    )
    return SessionRow(actor, found.started_at)


def _user_rows() -> Select[UserAccount, Organisation]:
    return select(UserAccount, Organisation).join(
        Organisation, Organisation.id == UserAccount.organisation_id
    )


def _user_row(user: UserAccount, organisation: Organisation) -> UserRow:
    return UserRow(
        id=user.id,
        login=user.login,
        display_name=user.display_name,
        role=Role(user.role),
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        organisation_kind=OrganisationKind(organisation.kind),
        active=user.active,
        created_at=user.created_at,
        last_sign_in_at=user.last_sign_in_at,
    )


def like_pattern(text: str) -> str:
    """Return a pattern that finds the text anywhere; ``%`` and ``_`` in it are plain."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _user_conditions(scope: Scope, wanted: UserFilter) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [UserAccount.id > 0]
    if scope.organisation_id is not None:
        conditions.append(UserAccount.organisation_id == scope.organisation_id)
    if scope.division is not None:
        conditions.append(Organisation.division_code.startswith(scope.division, autoescape=True))
    if wanted.text:
        pattern = like_pattern(wanted.text)
        conditions.append(
            or_(
                UserAccount.login.like(pattern.casefold(), escape="\\"),
                UserAccount.display_name.like(pattern, escape="\\"),
                Organisation.name.like(pattern, escape="\\"),
            )
        )
    if wanted.role is not None:
        conditions.append(UserAccount.role == wanted.role)
    if wanted.organisation_id is not None:
        conditions.append(UserAccount.organisation_id == wanted.organisation_id)
    if wanted.active is not None:
        conditions.append(UserAccount.active.is_(wanted.active))
    return and_(*conditions)


def list_users(
    session: Session, scope: Scope, wanted: UserFilter, *, offset: int = 0, limit: int = 50
) -> list[UserRow]:
    """Return accounts in reach, by organisation and name."""
    found = session.execute(
        _user_rows()
        .where(_user_conditions(scope, wanted))
        .order_by(Organisation.id, UserAccount.login)
        .offset(offset)
        .limit(limit)
    )
    return [_user_row(user, organisation) for user, organisation in found]


def count_users(session: Session, scope: Scope, wanted: UserFilter) -> int:
    """Return how many accounts a list would show."""
    return (
        session.scalar(
            select(func.count())
            .select_from(UserAccount)
            .join(Organisation, Organisation.id == UserAccount.organisation_id)
            .where(_user_conditions(scope, wanted))
        )
        or 0
    )


def count_temporary_passwords(session: Session) -> int:
    """Return how many open accounts have a password that somebody else chose."""
    waiting = select(func.count()).where(UserAccount.active, UserAccount.must_change_password)
    return session.scalar(waiting) or 0


def find_user(session: Session, user_id: int) -> UserRow | None:
    """Return an account by id."""
    found = session.execute(_user_rows().where(UserAccount.id == user_id)).one_or_none()
    return _user_row(*found) if found else None


def first_users_by_role(session: Session) -> dict[Role, int]:
    """Return the id of the first active account of each role, roles in their usual order."""
    found = session.execute(
        select(UserAccount.role, func.min(UserAccount.id))
        .join(Organisation, Organisation.id == UserAccount.organisation_id)
        .where(UserAccount.active, Organisation.active)
        .group_by(UserAccount.role)
    )
    ids = {Role(role): user_id for role, user_id in found}
    return {role: ids[role] for role in Role if role in ids}


def _organisation_conditions(
    kind: OrganisationKind | None, text: str, active: bool | None
) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [Organisation.id > 0]
    if kind is not None:
        conditions.append(Organisation.kind == kind)
    if text:
        conditions.append(Organisation.name.like(like_pattern(text), escape="\\"))
    if active is not None:
        conditions.append(Organisation.active.is_(active))
    return and_(*conditions)


def list_organisations(
    session: Session,
    *,
    kind: OrganisationKind | None = None,
    text: str = "",
    active: bool | None = None,
    offset: int = 0,
    limit: int = 50,
) -> list[OrganisationRow]:
    """Return organisations by kind and division, so that a parent office precedes its children."""
    parent = aliased(Organisation)
    found = session.execute(
        select(Organisation, parent.name)
        .outerjoin(parent, parent.id == Organisation.parent_id)
        .where(_organisation_conditions(kind, text, active))
        .order_by(Organisation.kind.desc(), Organisation.division_code, Organisation.id)
        .offset(offset)
        .limit(limit)
    )
    return [_organisation_row(organisation, name) for organisation, name in found]


def count_organisations(
    session: Session,
    *,
    kind: OrganisationKind | None = None,
    text: str = "",
    active: bool | None = None,
) -> int:
    """Return how many organisations a list would show."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Organisation)
            .where(_organisation_conditions(kind, text, active))
        )
        or 0
    )


def _organisation_row(organisation: Organisation, parent_name: str | None) -> OrganisationRow:
    return OrganisationRow(
        id=organisation.id,
        kind=OrganisationKind(organisation.kind),
        name=organisation.name,
        division_code=organisation.division_code,
        parent_id=organisation.parent_id,
        parent_name=parent_name,
        active=organisation.active,
    )


def find_organisation(session: Session, organisation_id: int) -> OrganisationRow | None:
    """Return an organisation by id."""
    parent = aliased(Organisation)
    found = session.execute(
        select(Organisation, parent.name)
        .outerjoin(parent, parent.id == Organisation.parent_id)
        .where(Organisation.id == organisation_id)
    ).one_or_none()
    return _organisation_row(*found) if found else None


def find_invitation(session: Session, token_hash: str, *, at: datetime) -> InvitationRow | None:
    """Return an invitation that is neither used nor expired."""
    found = session.execute(
        select(Invitation, Organisation.name)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(
            Invitation.token_hash == token_hash,
            Invitation.used_at.is_(None),
            Invitation.expires_at > at,
            Organisation.active,
        )
    ).one_or_none()
    if found is None:
        return None
    invitation, name = found
    return InvitationRow(
        id=invitation.id,
        organisation_id=invitation.organisation_id,
        organisation_name=name,
        role=Role(invitation.role),
        expires_at=invitation.expires_at,
    )


@dataclass(frozen=True, slots=True)
class Guess:
    """One attempt to sign in: who and from where, as keyed indexes only."""

    login_index: bytes
    address_index: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Guesses:
    """How many attempts failed lately."""

    of_account: int  # this account from this address
    of_address: int


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against."""

    user_id: int
    password_hash: str


def count_guesses(session: Session, guess: Guess, *, since: datetime) -> Guesses:
    """Return the failed attempts from the same address after an instant."""
    of_account = func.count().filter(SignInAttempt.login_index == guess.login_index)
    found = session.execute(
        select(of_account, func.count()).where(
            SignInAttempt.address_index == guess.address_index,
            SignInAttempt.at > since,
            SignInAttempt.succeeded.is_(False),
        )
    ).one()
    return Guesses(found[0], found[1])


def find_credentials(session: Session, login: str) -> Credentials | None:
    """Return the stored hash of an account that may sign in."""
    found = session.execute(
        select(UserAccount.id, UserAccount.password_hash)
        .join(Organisation, Organisation.id == UserAccount.organisation_id)
        .where(UserAccount.login == login, UserAccount.active, Organisation.active)
    ).one_or_none()
    return Credentials(found[0], found[1]) if found else None


def recorder_names(
    session: Session, users: Collection[int], offices: Collection[int]
) -> tuple[dict[int, str], dict[int, str]]:
    """Return the names of users and of organisations by id, to say who recorded something."""
    people = select(UserAccount.id, UserAccount.display_name).where(UserAccount.id.in_(users))
    places = select(Organisation.id, Organisation.name).where(Organisation.id.in_(offices))
    return (
        {row[0]: row[1] for row in session.execute(people)},
        {row[0]: row[1] for row in session.execute(places)},
    )


def divisions_of(session: Session, users: Collection[int]) -> dict[int, str]:
    """Return the divisions of users' offices by user; who has none is left out."""
    rows = session.execute(
        select(UserAccount.id, Organisation.division_code)
        .join(Organisation, Organisation.id == UserAccount.organisation_id)
        .where(UserAccount.id.in_(users), Organisation.division_code.is_not(None))
    )
    return {user: division or "" for user, division in rows}
