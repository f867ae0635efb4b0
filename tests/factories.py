"""Builds the smallest valid thing of each kind, through the real services."""

from typing import Any

from jobfair.accounts.rules import DIVISION_DIGITS, OrganisationKind, Role
from jobfair.kit.db import Database
from tests.accounts import factory as accounts
from tests.seekers import factory as seekers


class Make:
    """One test's maker; every method gives an id or a small record."""

    password = accounts.PASSWORD

    def __init__(self, database: Database) -> None:
        self.database = database
        self._offices: dict[str, int] = {}

    def office(self, division: str = "520502") -> int:
        """Return the labour office of a division, made when first asked for."""
        if division not in self._offices:
            self._offices[division] = accounts.make_organisation(
                self.database, division=division, name=f"{division}劳动部门"
            )
        return self._offices[division]

    def organisation(
        self,
        kind: OrganisationKind | str,
        *,
        name: str = "测试单位",
        division: str | None = None,
    ) -> int:
        """Add an organisation, by itself without a division."""
        return accounts.make_organisation(self.database, kind=kind, division=division, name=name)

    def user(
        self, role: Role | str, *, division: str = "520502", organisation: int | None = None
    ) -> accounts.MadeUser:
        """Add an account, in the office of a division or in an organisation of its role's kind."""
        if organisation is None:
            kind = accounts.kind_for(role)
            if kind is OrganisationKind.LABOUR_OFFICE:
                organisation = self.office(division)
            else:
                place = accounts.place_of(kind, division) if kind in DIVISION_DIGITS else None
                organisation = self.organisation(kind, division=place)
        return accounts.make_user(self.database, role, organisation)

    def seeker(self, n: int = 1, **changes: Any) -> int:
        """Register the n-th invented person."""
        return seekers.make_seeker(self.database, n, **changes)
