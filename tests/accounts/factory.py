"""Organisations and users for tests, made by the real verbs."""

from dataclasses import dataclass

from jobfair.accounts import services
from jobfair.accounts.rules import ROLES_OF_KIND, OrganisationKind, Role
from jobfair.kit.db import Database
from jobfair.kit.ids import new_key

PASSWORD = "planted-horse-7"  # noqa: S105 - of people who do not exist


@dataclass(frozen=True, slots=True)
class MadeUser:
    """An account and how to sign in."""

    id: int
    login: str
    role: Role
    organisation_id: int
    password: str = PASSWORD


def kind_for(role: Role | str) -> OrganisationKind:
    """Return the kind of organisation a role belongs to."""
    return next(kind for kind, roles in ROLES_OF_KIND.items() if Role(role) in roles)


def place_of(kind: OrganisationKind | str, county: str) -> str:
    """Return the division that an organisation of a kind has in a county: a village its own."""
    return f"{county}001" if kind == OrganisationKind.VILLAGE else county


def make_organisation(
    database: Database,
    *,
    kind: OrganisationKind | str = OrganisationKind.LABOUR_OFFICE,
    division: str | None = "520502",
    name: str = "测试单位",
    parent_id: int | None = None,
) -> int:
    """Add an organisation and return its id."""
    draft = services.OrganisationDraft(OrganisationKind(kind), name, division, parent_id)
    with database.writing() as session:
        return services.create_organisation(session, draft)


def make_user(
    database: Database, role: Role | str, organisation_id: int, *, login: str | None = None
) -> MadeUser:
    """Add an account to an organisation."""
    login = login or f"{Role(role)}-{new_key()[-12:]}"
    with database.writing() as session:
        user_id = services.create_user(
            session,
            services.UserDraft(login, "某某", PASSWORD),
            organisation_id=organisation_id,
            role=Role(role),
        )
    return MadeUser(user_id, login, Role(role), organisation_id)
