"""The policy table stands as agreed, and scopes let nothing past them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.accounts.rules import (
    GRANTABLE,
    POLICY,
    ROLES_OF_KIND,
    Actor,
    OrganisationKind,
    Permission,
    Reach,
    Role,
    Scope,
    division_filter,
    grantable_roles,
    organisation_filter,
    scope_text,
)
from jobfair.kit.errors import Forbidden, NotFound

codes = st.text("0123456789", min_size=2, max_size=9)
permissions = st.sampled_from(Permission)
roles = st.sampled_from(Role)


def actor(role: Role, *, division: str | None = "520502", organisation_id: int = 7) -> Actor:
    return Actor(1, role, organisation_id, OrganisationKind.LABOUR_OFFICE, division, "某", "某局")


def test_every_permission_stands_in_the_policy() -> None:
    assert set(POLICY) == set(Permission)


@pytest.mark.parametrize(
    "permission", [p for p in Permission if p.value.startswith(("seekers.", "placements."))]
)
def test_only_the_home_office_meets_people(permission: Permission) -> None:
    assert POLICY[permission] == {Role.ADMIN: Reach.ALL, Role.CLERK: Reach.DIVISION}


@given(permissions)
def test_a_recruiter_never_reaches_beyond_the_own_employer(permission: Permission) -> None:
    reach = POLICY[permission].get(Role.RECRUITER)
    open_to_all = {Permission.PUBLIC, Permission.CODES_READ}
    assert permission in open_to_all or reach in {None, Reach.ORGANISATION, Reach.SELF}


@given(permissions)
def test_watchers_change_nothing(permission: Permission) -> None:
    changes = (".write", ".import", ".verify", ".merge", ".manage", ".invite", ".run", ".unmask")
    if permission.value.endswith(changes):
        assert not {Role.LEADER, Role.AUDITOR} & set(POLICY[permission])
    # What is counted and written down at a fair is entered by whoever stands there.
    if permission not in {Permission.TALLIES_WRITE, Permission.PAPER_WRITE}:
        assert not (permission.value.endswith(changes) and Role.STAFF in POLICY[permission])


@given(prefix=codes, code=codes)
def test_a_division_scope_covers_exactly_what_begins_with_it(prefix: str, code: str) -> None:
    assert Scope(division=prefix).covers(division=code) == code.startswith(prefix)
    assert not Scope(division=prefix).covers(division=None)


@given(own=st.integers(1, 99), other=st.integers(1, 99))
def test_an_organisation_scope_covers_one(own: int, other: int) -> None:
    assert Scope(organisation_id=own).covers(organisation_id=other) == (own == other)
    assert not Scope(organisation_id=own).covers(organisation_id=None)


def test_out_of_scope_is_as_if_missing() -> None:
    with pytest.raises(NotFound):
        Scope(division="520502").must_cover(division="520521001")


@given(roles, permissions)
def test_filters_refuse_rather_than_widen(role: Role, permission: Permission) -> None:
    reach = POLICY[permission].get(role)
    found = actor(role)
    if reach is None:
        with pytest.raises(Forbidden):
            found.scope(permission)
    elif reach is Reach.DIVISION:
        assert division_filter(found, permission) == "520502"
        with pytest.raises(Forbidden):
            organisation_filter(found, permission)
    elif reach in {Reach.ORGANISATION, Reach.SELF}:
        assert organisation_filter(found, permission) == 7
        with pytest.raises(Forbidden):
            division_filter(found, permission)
    else:
        assert division_filter(found, permission) is None
        assert organisation_filter(found, permission) is None


@pytest.mark.parametrize("division", [None, ""])
def test_an_office_without_a_division_reaches_nobody(division: str | None) -> None:
    with pytest.raises(Forbidden):
        actor(Role.CLERK, division=division).scope(Permission.SEEKERS_READ)


@given(roles, st.sampled_from(OrganisationKind))
def test_nobody_but_an_administrator_hands_on_more_than_the_own_rights(
    role: Role, kind: OrganisationKind
) -> None:
    for given_role in grantable_roles(role, kind):
        assert given_role in ROLES_OF_KIND[kind]
        if role is not Role.ADMIN:
            assert {p for p in Permission if given_role in POLICY[p]} <= {
                p for p in Permission if role in POLICY[p]
            }


def test_who_may_invite_has_something_to_give() -> None:
    assert set(GRANTABLE) == set(POLICY[Permission.ACCOUNTS_INVITE])


def test_the_scope_is_told_in_words() -> None:
    assert scope_text(Permission.PUBLIC) == "everybody"
    assert scope_text(Permission.SEEKERS_READ) == "admin: all; clerk: division"
