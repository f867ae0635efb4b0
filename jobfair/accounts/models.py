"""Organisations, accounts, sessions, invitations, sign-in attempts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jobfair.accounts.rules import DIVISION_DIGITS, OrganisationKind, Role
from jobfair.kit.db import Base, one_of
from jobfair.kit.ids import new_key


class Organisation(Base):
    """A labour office with its place in the tree, an employer, an organiser, a school, auditors."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(one_of("kind", OrganisationKind), name="kind_known"),
        # Their reach is the division: without one it would have to be nothing or everything.
        CheckConstraint(
            f"NOT ({one_of('kind', DIVISION_DIGITS)}) "
            "OR (division_code IS NOT NULL AND division_code <> '')",
            name="office_has_division",
        ),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
        Index("ix_organisation_kind_division", "kind", "division_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    division_code: Mapped[str | None] = mapped_column(String(12))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)


class UserAccount(Base):
    """A person who may sign in, for one organisation in one role."""

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role_known"),
        CheckConstraint("session_version > 0", name="session_version_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    login: Mapped[str] = mapped_column(String(80), unique=True)  # case-folded
    display_name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)  # a new one ends every open session
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class UserSession(Base):
    """One sign-in on one device, so that signing out ends it on the server, too."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    version: Mapped[int]  # the account's session_version at sign-in
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Invitation(Base):
    """A one-time link that lets somebody make an account in an organisation."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint(one_of("role", Role), name="role_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """One guess at a password; neither what was typed nor the address can be read back."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_address_at", "address_index", "at"),
        Index("ix_sign_in_attempt_login_address_at", "login_index", "address_index", "at"),
        {
            "info": {
                "unaudited": "counts guesses for a few minutes; sign-ins are audited themselves"
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    login_index: Mapped[bytes] = mapped_column(LargeBinary(32))
    address_index: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime] = mapped_column(index=True)
    succeeded: Mapped[bool] = mapped_column(default=False)
