"""``jobfair users …`` and the list behind ``jobfair routes``."""

import click
from flask import Flask

from jobfair.accounts import access, queries, services
from jobfair.accounts.rules import (
    OrganisationKind,
    Role,
    Scope,
    normal_login,
    scope_text,
)
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_, translate
from jobfair.kit.terminal import Terminal, answer, pass_terminal

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_MOST = 100_000


@click.group("users")
def users() -> None:
    """Add people and reset their passwords."""


@users.command("add")
@click.argument("login")
@click.option("--name", required=True, help="The person's name as shown.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--organisation", type=int, help="Id of an existing organisation, or:")
@click.option("--new-organisation", metavar="NAME", help="Make an organisation of this name.")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in OrganisationKind]),
    default=OrganisationKind.LABOUR_OFFICE.value,
    show_default=True,
    help="Kind of the new organisation.",
)
@click.option(
    "--division",
    help="Division code of the new organisation, 2 to 12 digits (GB/T 2260): a labour office "
    "reaches the people of this division and below.",
)
@_JSON
@pass_terminal
def add(
    terminal: Terminal,
    login: str,
    *,
    name: str,
    role: str,
    organisation: int | None,
    new_organisation: str | None,
    kind: str,
    division: str | None,
    as_json: bool,
) -> None:
    """Add an account with a temporary password, printed once.

    The first administrator of a new home, with the labour office it belongs to:

    jobfair users add zhang.san --name 张三 --role admin --new-organisation 毕节市人社局
    --division 5205
    """
    if (organisation is None) == (new_organisation is None):
        raise click.UsageError("give --organisation or --new-organisation")
    password = services.temporary_password()
    with terminal.database.writing() as session:
        if new_organisation is not None:
            draft = services.OrganisationDraft(OrganisationKind(kind), new_organisation, division)
            organisation = services.create_organisation(session, draft)
        user_id = services.create_user(
            session,
            services.UserDraft(login, name, password),
            organisation_id=organisation or 0,
            role=Role(role),
            must_change_password=True,
        )
    payload = {"id": user_id, "login": normal_login(login), "password": password}
    said = N_(
        "Account %(login)s is made.\nTemporary password: %(password)s\n"
        "It is shown only now, and has to be changed at the first sign-in."
    )
    answer(payload, as_json=as_json, text=translate(said, **payload))


@users.command("list")
@click.option("--role", type=click.Choice([role.value for role in Role]))
@_JSON
@pass_terminal
def list_users(terminal: Terminal, *, role: str | None, as_json: bool) -> None:
    """Print the accounts: id, login, role, state, organisation."""
    wanted = queries.UserFilter(role=Role(role) if role else None)
    with terminal.database.reading() as session:
        rows = queries.list_users(session, Scope(), wanted, limit=_MOST)
    found = [
        {
            "id": row.id,
            "login": row.login,
            "role": row.role.value,
            "active": row.active,
            "organisation": row.organisation_name,
        }
        for row in rows
    ]
    lines = ("\t".join(str(value) for value in item.values()) for item in found)
    answer({"users": found}, as_json=as_json, text="\n".join(lines))


@users.command("reset-password")
@click.argument("login")
@_JSON
@pass_terminal
def reset_password(terminal: Terminal, login: str, *, as_json: bool) -> None:
    """Give an account a temporary password, printed once."""
    with terminal.database.writing() as session:
        found = queries.find_credentials(session, normal_login(login))
        if found is None:
            raise NotFound
        issued = services.reset_password(session, found.user_id)
    payload = {"id": issued.id, "password": issued.secret}
    answer(payload, as_json=as_json, text=issued.secret)


def list_routes(app: Flask) -> list[dict[str, object]]:
    """Return rule, methods, permission and who reaches what of every route, by rule."""
    found: list[dict[str, object]] = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        permission = access.permission_of(app.view_functions[rule.endpoint])
        found.append(
            {
                "rule": rule.rule,
                "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
                "permission": permission.value if permission else None,
                "scope": scope_text(permission) if permission else "nobody",
            }
        )
    return found
