"""Verbs that change organisations, accounts and invitations."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from jobfair.accounts import passwords, queries
from jobfair.accounts.models import (
    Invitation,
    Organisation,
    SignInAttempt,
    UserAccount,
    UserSession,
)
from jobfair.accounts.rules import (
    DIVISION_DIGITS,
    ROLES_OF_KIND,
    OrganisationKind,
    Role,
    RoleDoesNotFit,
    normal_login,
)
from jobfair.kit import audit, clock
from jobfair.kit.errors import Invalid, NotFound, Refusal
from jobfair.kit.i18n import N_
from jobfair.kit.ids import new_key

INVITATION_DAYS = 7
_GUESSES_KEPT = timedelta(days=1)
_TOP_OF_TREE = 20  # levels; a deeper tree can only be a circle


class LoginTaken(Refusal):
    """Another account has this login."""

    code = "login_taken"
    message = N_("That login is taken. Choose another one.")


class InvitationSpent(Refusal):
    """The link was used, has expired, or never existed."""

    status = 404
    code = "invitation_spent"
    message = N_("This invitation was used or has expired. Ask for a new one.")


class OfficeNeedsDivision(Invalid):
    """A labour office was given no division."""

    code = "office_needs_division"
    message = N_("Enter the division code of the labour office, for example 520502.")


class VillageNeedsDivision(OfficeNeedsDivision):
    """A village was given no division, or one as wide as a county."""

    code = "village_needs_division"
    message = N_("Enter the code of the township or village: 9 to 12 digits, as 520521001.")


class StationNeedsDivision(OfficeNeedsDivision):
    """Nobody knows where the labour station stands."""

    code = "station_needs_division"
    message = N_("Enter the division in which the labour station stands, for example 440306.")


class WrongParent(Invalid):
    """The office above does not exist, is no office, or stands below this one."""

    code = "wrong_parent"
    message = N_("Choose a labour office above this one.")


class LastAdministrator(Refusal):
    """Without this account nobody could manage accounts."""

    code = "last_administrator"
    message = N_("This is the last administrator. Appoint another one first.")


class WrongPassword(Invalid):
    """The present password was not right."""

    code = "wrong_password"
    message = N_("The present password is not right.")


@dataclass(frozen=True, slots=True)
class OrganisationDraft:
    """An organisation as typed."""

    kind: OrganisationKind
    name: str
    division_code: str | None = None
    parent_id: int | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class UserDraft:
    """An account as typed; the login is stored case-folded."""

    login: str
    display_name: str
    password: str


@dataclass(frozen=True, slots=True)
class Issued:
    """Something shown once: the id of what was made, and its secret."""

    id: int
    secret: str


def token_hash(token: str) -> str:
    """Return what is stored of a random token; its 192 bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _organisation(session: Session, organisation_id: int) -> Organisation:
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def _user(session: Session, user_id: int) -> UserAccount:
    found = session.get(UserAccount, user_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found


_NEEDS_DIVISION: Mapping[OrganisationKind, type[OfficeNeedsDivision]] = {
    OrganisationKind.LABOUR_OFFICE: OfficeNeedsDivision,
    OrganisationKind.VILLAGE: VillageNeedsDivision,
    OrganisationKind.LABOUR_STATION: StationNeedsDivision,
}


def _check_organisation(session: Session, draft: OrganisationDraft, own_id: int | None) -> None:
    if len(draft.division_code or "") < DIVISION_DIGITS.get(draft.kind, 0):
        raise _NEEDS_DIVISION[draft.kind]
    above = draft.parent_id
    for _level in range(_TOP_OF_TREE):
        if above is None:
            return
        parent = session.get(Organisation, above)
        if parent is None or parent.kind != OrganisationKind.LABOUR_OFFICE or parent.id == own_id:
            raise WrongParent
        above = parent.parent_id
    raise WrongParent


def create_organisation(session: Session, draft: OrganisationDraft) -> int:
    """Add an organisation and return its id.

    Raises:
        OfficeNeedsDivision: a labour office, village or station without a division of its own.
        WrongParent: the parent is no labour office.
    """
    _check_organisation(session, draft, None)
    made = Organisation(
        kind=draft.kind,
        name=draft.name.strip(),
        division_code=draft.division_code or None,
        parent_id=draft.parent_id,
        active=draft.active,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "organisation.create",
        subject="organisation",
        subject_id=made.id,
        detail={"kind": draft.kind, "division": draft.division_code},
    )
    return made.id


def edit_organisation(session: Session, organisation_id: int, draft: OrganisationDraft) -> None:
    """Change an organisation; its kind stays what it was.

    Raises:
        NotFound: there is none.
        OfficeNeedsDivision: a labour office, village or station without a division of its own.
        WrongParent: the parent is no office, or stands below this one.
        LastAdministrator: closing it would leave nobody to manage accounts.
    """
    found = _organisation(session, organisation_id)
    if found.kind != draft.kind:
        raise Invalid
    _check_organisation(session, draft, organisation_id)
    if found.active and not draft.active:
        _keep_an_administrator(session, without=UserAccount.organisation_id == organisation_id)
    new = {
        "name": draft.name.strip(),
        "division_code": draft.division_code or None,
        "parent_id": draft.parent_id,
        "active": draft.active,
    }
    changed = [name for name, value in new.items() if getattr(found, name) != value]
    for name in changed:
        setattr(found, name, new[name])
    audit.record(
        session,
        "organisation.edit",
        subject="organisation",
        subject_id=organisation_id,
        detail={"fields": changed},
    )


def _check_role(session: Session, organisation_id: int, role: Role) -> None:
    kind = OrganisationKind(_organisation(session, organisation_id).kind)
    if role not in ROLES_OF_KIND[kind]:
        raise RoleDoesNotFit


def create_user(
    session: Session,
    draft: UserDraft,
    *,
    organisation_id: int,
    role: Role,
    must_change_password: bool = False,
) -> int:
    """Add an account and return its id.

    Raises:
        LoginTaken: another account has the login.
        WeakPassword: the password is not accepted.
        RoleDoesNotFit: the organisation's kind has no such role.
    """
    login = normal_login(draft.login)
    passwords.check(draft.password, login=login)
    _check_role(session, organisation_id, role)
    if session.scalar(select(UserAccount.id).where(UserAccount.login == login)) is not None:
        raise LoginTaken
    made = UserAccount(
        key=new_key(),
        organisation_id=organisation_id,
        role=role,
        login=login,
        display_name=draft.display_name.strip(),
        password_hash=passwords.hashed(draft.password),
        must_change_password=must_change_password,
        active=True,
        session_version=1,
        created_at=clock.now(),
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "user.create",
        subject="user_account",
        subject_id=made.id,
        detail={"role": role, "organisation": organisation_id},
    )
    return made.id


def register_organisation_with_user(
    session: Session, organisation: OrganisationDraft, user: UserDraft
) -> tuple[int, int]:
    """Add an employer that registers itself, with its first recruiter; return both ids.

    Raises:
        RoleDoesNotFit: only employers may register themselves.
        LoginTaken: another account has the login.
        WeakPassword: the password is not accepted.
    """
    if organisation.kind is not OrganisationKind.EMPLOYER:
        raise RoleDoesNotFit
    organisation_id = create_organisation(session, organisation)
    user_id = create_user(session, user, organisation_id=organisation_id, role=Role.RECRUITER)
    return organisation_id, user_id


def _keep_an_administrator(session: Session, *, without: ColumnElement[bool]) -> None:
    """Refuse when nobody could manage accounts once the given ones are gone."""
    # All administrators are locked, so that two cannot remove each other at the same moment.
    session.execute(
        select(UserAccount.id)
        .where(UserAccount.role == Role.ADMIN)
        .order_by(UserAccount.id)
        .with_for_update()
    )
    staying = session.scalar(
        select(func.count())
        .select_from(UserAccount)
        .join(Organisation, Organisation.id == UserAccount.organisation_id)
        .where(UserAccount.role == Role.ADMIN, UserAccount.active, Organisation.active, ~without)
    )
    if not staying:
        raise LastAdministrator


def _keep_another_administrator(session: Session, leaving: UserAccount) -> None:
    if leaving.role == Role.ADMIN and leaving.active:
        _keep_an_administrator(session, without=UserAccount.id == leaving.id)


def edit_user(session: Session, user_id: int, *, display_name: str, role: Role) -> None:
    """Change an account's name and role; a new role ends its open sessions.

    Raises:
        NotFound: there is none.
        RoleDoesNotFit: the organisation's kind has no such role.
        LastAdministrator: nobody could manage accounts afterwards.
    """
    user = _user(session, user_id)
    _check_role(session, user.organisation_id, role)
    fields = []
    if user.role != role:
        _keep_another_administrator(session, user)
        user.role = role
        user.session_version += 1
        fields.append("role")
    if user.display_name != display_name.strip():
        user.display_name = display_name.strip()
        fields.append("display_name")
    audit.record(
        session,
        "user.edit",
        subject="user_account",
        subject_id=user_id,
        detail={"fields": fields, "role": role},
    )


def deactivate_user(session: Session, user_id: int) -> None:
    """Close an account; its sessions end with the next request.

    Raises:
        NotFound: there is none.
        LastAdministrator: nobody could manage accounts afterwards.
    """
    user = _user(session, user_id)
    _keep_another_administrator(session, user)
    user.active = False
    user.session_version += 1
    audit.record(session, "user.deactivate", subject="user_account", subject_id=user_id)


def activate_user(session: Session, user_id: int) -> None:
    """Open a closed account again.

    Raises:
        NotFound: there is none.
    """
    _user(session, user_id).active = True
    audit.record(session, "user.activate", subject="user_account", subject_id=user_id)


def reset_password(session: Session, user_id: int) -> Issued:
    """Give an account a temporary password, to be changed at the next sign-in.

    Raises:
        NotFound: there is none.
    """
    user = _user(session, user_id)
    temporary = temporary_password()
    user.password_hash = passwords.hashed(temporary)
    user.must_change_password = True
    user.session_version += 1
    audit.record(session, "user.reset_password", subject="user_account", subject_id=user_id)
    return Issued(user_id, temporary)


def temporary_password() -> str:
    """Return a random password that is easy to read out: letters and digits seldom confused."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    groups = ("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def change_password(session: Session, user_id: int, *, present: str, new: str) -> None:
    """Change the own password; every session of the account ends, the caller opens a new one.

    Raises:
        WrongPassword: the present one is not right.
        WeakPassword: the new one is not accepted.
    """
    user = _user(session, user_id)
    if not passwords.matches(present, user.password_hash):
        raise WrongPassword
    passwords.check(new, login=user.login)
    if passwords.matches(new, user.password_hash):
        raise passwords.WeakPassword
    user.password_hash = passwords.hashed(new)
    user.must_change_password = False
    user.session_version += 1
    audit.record(session, "user.change_password", subject="user_account", subject_id=user_id)


def take_turn(session: Session, guess: queries.Guess) -> None:
    """Let guesses from one address be counted one after another until this transaction ends.

    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(guess.address_index[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(key)))


def write_down_guess(session: Session, guess: queries.Guess) -> int:
    """Count an attempt as failed until its password proves right; return its id."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < guess.at - _GUESSES_KEPT))
    made = SignInAttempt(
        login_index=guess.login_index,
        address_index=guess.address_index,
        at=guess.at,
        succeeded=False,
    )
    session.add(made)
    session.flush()
    return made.id


def finish_sign_in(
    session: Session, proven: queries.Credentials, password: str, *, guess_id: int
) -> str:
    """Open a session after the password proved right; return its token.

    Raises:
        NotFound: the account was closed or its password changed meanwhile.
    """
    guess = session.get(SignInAttempt, guess_id)
    if guess is not None:
        guess.succeeded = True
    user = _user(session, proven.user_id)
    if user.password_hash != proven.password_hash:
        raise NotFound
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hashed(password)
    return open_session(session, user.id)


def open_session(session: Session, user_id: int) -> str:
    """Start a session for a user who proved who they are; return its token.

    Raises:
        NotFound: the account does not exist or is closed.
    """
    user = session.get(UserAccount, user_id)
    if user is None or not user.active:
        raise NotFound
    token = secrets.token_urlsafe(24)
    user.last_sign_in_at = clock.now()
    session.add(
        UserSession(
            token_hash=token_hash(token),
            user_id=user_id,
            version=user.session_version,
            started_at=user.last_sign_in_at,
        )
    )
    audit.record(session, "user.sign_in", subject="user_account", subject_id=user_id)
    return token


def close_session(session: Session, hash_of_token: str) -> None:
    """End a session; a copy of its cookie is worth nothing afterwards."""
    found = session.scalars(
        select(UserSession).where(
            UserSession.token_hash == hash_of_token, UserSession.ended_at.is_(None)
        )
    ).one_or_none()
    if found is None:
        return
    found.ended_at = clock.now()
    audit.record(session, "user.sign_out", subject="user_account", subject_id=found.user_id)


def invite(session: Session, *, organisation_id: int, role: Role, invited_by: int | None) -> Issued:
    """Make a one-time invitation; its token is shown once and only its hash is kept.

    Raises:
        NotFound: there is no such organisation.
        RoleDoesNotFit: the organisation's kind has no such role.
    """
    _check_role(session, organisation_id, role)
    token = secrets.token_urlsafe(24)
    now = clock.now()
    made = Invitation(
        token_hash=token_hash(token),
        organisation_id=organisation_id,
        role=role,
        invited_by=invited_by,
        created_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "invitation.create",
        subject="invitation",
        subject_id=made.id,
        detail={"organisation": organisation_id, "role": role},
    )
    return Issued(made.id, token)


def accept_invitation(session: Session, token: str, draft: UserDraft) -> int:
    """Make the invited account and return its id; the invitation is spent.

    Raises:
        InvitationSpent: used, expired or unknown.
        LoginTaken: another account has the login.
        WeakPassword: the password is not accepted.
    """
    now = clock.now()
    found = queries.find_invitation(session, token_hash(token), at=now)
    if found is None:
        raise InvitationSpent
    # One statement decides between two people who open the same link.
    spent = session.execute(
        update(Invitation)
        .where(Invitation.id == found.id, Invitation.used_at.is_(None))
        .values(used_at=now)
        .returning(Invitation.id)
    ).scalar_one_or_none()
    if spent is None:
        raise InvitationSpent
    user_id = create_user(session, draft, organisation_id=found.organisation_id, role=found.role)
    audit.record(
        session,
        "invitation.accept",
        subject="invitation",
        subject_id=found.id,
        detail={"user": user_id},
    )
    return user_id
