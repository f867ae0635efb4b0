"""Who may do what on whose records: roles, permissions, reach, the one policy table.

Everything that is not in the table is refused. Rooms ask for a `Scope` and hand it to their
queries; they never compare roles themselves.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.errors import Forbidden, Invalid, NotFound
from jobfair.kit.i18n import N_


class OrganisationKind(StrEnum):
    """What an organisation is."""

    LABOUR_OFFICE = "labour_office"
    EMPLOYER = "employer"
    ORGANISER = "organiser"
    SCHOOL = "school"
    AUDITOR = "auditor"
    VILLAGE = "village"
    LABOUR_STATION = "labour_station"  # of the home side, where its people work


class Role(StrEnum):
    """What a user is there for; one role per account."""

    ADMIN = "admin"
    CLERK = "clerk"
    RECRUITER = "recruiter"
    MANAGER = "manager"
    STAFF = "staff"
    REGISTRAR = "registrar"
    LEADER = "leader"
    AUDITOR = "auditor"
    COLLECTOR = "collector"
    LIAISON = "liaison"


class Permission(StrEnum):
    """What a route does; every route declares exactly one."""

    PUBLIC = "public"
    ACCOUNT_SELF = "account.self"
    ACCOUNTS_INVITE = "accounts.invite"
    ACCOUNTS_MANAGE = "accounts.manage"
    CODES_READ = "codes.read"
    EMPLOYERS_READ = "employers.read"
    EMPLOYERS_WRITE = "employers.write"
    EMPLOYERS_VERIFY = "employers.verify"
    POSITIONS_READ = "positions.read"
    POSITIONS_WRITE = "positions.write"
    POSITIONS_IMPORT = "positions.import"
    CANDIDATES_READ = "candidates.read"
    SEEKERS_READ = "seekers.read"
    SEEKERS_WRITE = "seekers.write"
    SEEKERS_IMPORT = "seekers.import"
    SEEKERS_UNMASK = "seekers.unmask"
    SEEKERS_MERGE = "seekers.merge"
    MATCHING_RUN = "matching.run"
    ALLOCATIONS_READ = "allocations.read"
    ALLOCATIONS_EDIT = "allocations.edit"
    WEIGHTS_READ = "weights.read"
    WEIGHTS_WRITE = "weights.write"
    ALIASES_REVIEW = "aliases.review"
    FAIRS_READ = "fairs.read"
    FAIRS_WRITE = "fairs.write"
    FAIRS_EDIT = "fairs.edit"
    RESULTS_READ = "results.read"
    FAIRS_CONFIRM = "fairs.confirm"
    SMALL_FAIRS_WRITE = "small_fairs.write"
    OFFERS_MAKE = "offers.make"
    STATIONS_MANAGE = "stations.manage"
    WALK_INS = "walk_ins"
    TALLIES_WRITE = "tallies.write"
    PAPER_WRITE = "paper.write"
    CHECK_IN_SHEETS = "paper.check_in"
    STATION = "station"  # a paired device, which no role stands for
    UPLINK = "uplink"  # a hall's server, neither
    PLACEMENTS_READ = "placements.read"
    PLACEMENTS_WRITE = "placements.write"
    PLACEMENTS_IMPORT = "placements.import"
    AGENTS_READ = "agents.read"
    AGENTS_WRITE = "agents.write"
    OWNERSHIP_READ = "ownership.read"
    HAND_OVERS_ANSWER = "hand_overs.answer"
    HAND_OVERS_OFFER = "hand_overs.offer"
    LABOUR_STATIONS_MANAGE = "labour_stations.manage"
    VILLAGE_WORK = "village.work"
    LIAISON_WORK = "liaison.work"
    EVIDENCE_READ = "evidence.read"
    CONFIRMATIONS = "confirmations"
    RECALLS = "recalls"
    FULFILMENT_READ = "fulfilment.read"
    FULFILMENT_CHASE = "fulfilment.chase"
    FULFILMENT_ANSWER = "fulfilment.answer"
    DEPARTURES_READ = "departures.read"
    DEPARTURES_WRITE = "departures.write"
    BATCH_STATION = "departures.station"  # a phone paired to a batch, which no role stands for
    SUBSIDIES_READ = "subsidies.read"
    SUBSIDIES_WRITE = "subsidies.write"
    SUBSIDIES_PAY = "subsidies.pay"
    SUBSIDY_RULES_WRITE = "subsidy_rules.write"
    NOTICES_READ = "notices.read"
    NOTICES_WRITE = "notices.write"
    STUDENTS_READ = "students.read"
    STUDENTS_WRITE = "students.write"
    STUDENTS_IMPORT = "students.import"
    STUDENTS_UNMASK = "students.unmask"
    REPORTS_READ = "reports.read"
    REPORTS_PEOPLE = "reports.people"
    RETENTION_READ = "retention.read"
    OVERLAPS_READ = "overlaps.read"
    FINDINGS_READ = "findings.read"
    FINDINGS_WRITE = "findings.write"
    PAYMENT_STOPS = "findings.payment_stops"
    LINES_INSPECT = "lines.inspect"
    AUDIT_READ = "audit.read"


class Reach(StrEnum):
    """On whose records."""

    PUBLIC = "public"  # anybody, signed in or not
    ALL = "all"
    DIVISION = "division"  # people of the office's own division and what lies below it
    ORGANISATION = "organisation"  # the own employer or school
    SELF = "self"


_EVERY_ROLE = tuple(Role)


def _all(*roles: Role) -> dict[Role, Reach]:
    return dict.fromkeys(roles, Reach.ALL)


# People's records: the office of their home division; nobody else meets them by name.
_PEOPLE = {Role.ADMIN: Reach.ALL, Role.CLERK: Reach.DIVISION}
_STUDENTS = {Role.ADMIN: Reach.ALL, Role.REGISTRAR: Reach.ORGANISATION}
# Employers are guests from elsewhere: any office may serve any of them, an employer only itself.
_ADVERTS = _all(Role.ADMIN, Role.CLERK, Role.MANAGER) | {Role.RECRUITER: Reach.ORGANISATION}
_WATCHERS = _all(Role.STAFF, Role.LEADER, Role.AUDITOR)
_REPORTS = {
    Role.ADMIN: Reach.ALL,
    Role.CLERK: Reach.DIVISION,
    Role.REGISTRAR: Reach.ORGANISATION,
    Role.LEADER: Reach.ALL,
    Role.AUDITOR: Reach.ALL,
}

POLICY: Mapping[Permission, Mapping[Role, Reach]] = {
    Permission.PUBLIC: dict.fromkeys(_EVERY_ROLE, Reach.PUBLIC),
    Permission.ACCOUNT_SELF: dict.fromkeys(_EVERY_ROLE, Reach.SELF),
    Permission.ACCOUNTS_INVITE: {
        Role.ADMIN: Reach.ALL,
        Role.CLERK: Reach.ORGANISATION,
        Role.RECRUITER: Reach.ORGANISATION,
        Role.MANAGER: Reach.ORGANISATION,
        Role.REGISTRAR: Reach.ORGANISATION,
        Role.LIAISON: Reach.ORGANISATION,
    },
    Permission.ACCOUNTS_MANAGE: _all(Role.ADMIN),
    Permission.CODES_READ: _all(*_EVERY_ROLE),
    Permission.EMPLOYERS_READ: _ADVERTS | _WATCHERS,
    Permission.EMPLOYERS_WRITE: _ADVERTS,
    Permission.EMPLOYERS_VERIFY: _all(Role.ADMIN, Role.CLERK),
    Permission.POSITIONS_READ: _ADVERTS | _WATCHERS,
    Permission.POSITIONS_WRITE: _ADVERTS,
    Permission.POSITIONS_IMPORT: _ADVERTS,
    # A recruiter sees masked candidates of own positions; a clerk those of the own division.
    Permission.CANDIDATES_READ: _PEOPLE | {Role.RECRUITER: Reach.ORGANISATION},
    Permission.SEEKERS_READ: _PEOPLE,
    Permission.SEEKERS_WRITE: _PEOPLE,
    Permission.SEEKERS_IMPORT: _PEOPLE,
    Permission.SEEKERS_UNMASK: _PEOPLE,
    Permission.SEEKERS_MERGE: _PEOPLE,
    Permission.MATCHING_RUN: _all(Role.ADMIN, Role.MANAGER),
    # Figures of a plan; its people are seen by whoever may see them anyway, and set by hand.
    Permission.ALLOCATIONS_READ: _all(
        Role.ADMIN, Role.CLERK, Role.MANAGER, Role.LEADER, Role.AUDITOR
    ),
    Permission.ALLOCATIONS_EDIT: _PEOPLE,
    # Whoever works with rankings or answers for them reads how they are weighed, and why.
    Permission.WEIGHTS_READ: _all(Role.ADMIN, Role.CLERK, Role.MANAGER, Role.LEADER, Role.AUDITOR),
    Permission.WEIGHTS_WRITE: _all(Role.ADMIN),
    # What a title means holds for every office: one place decides.
    Permission.ALIASES_REVIEW: _all(Role.ADMIN),
    Permission.FAIRS_READ: _all(Role.ADMIN, Role.CLERK, Role.MANAGER) | _WATCHERS,
    Permission.FAIRS_WRITE: _all(Role.ADMIN, Role.MANAGER),
    # An office corrects what is told of its own fairs, and has employers sign there.
    Permission.FAIRS_EDIT: _PEOPLE | _all(Role.MANAGER),
    Permission.RESULTS_READ: _PEOPLE | _all(Role.MANAGER) | {Role.RECRUITER: Reach.ORGANISATION},
    # An employer confirms its own positions; who runs the fair notes what it says by telephone.
    Permission.FAIRS_CONFIRM: _all(Role.ADMIN, Role.MANAGER) | {Role.RECRUITER: Reach.ORGANISATION},
    # An employer offers its own posts; who runs the fair may do it for any of them.
    Permission.OFFERS_MAKE: _all(Role.ADMIN, Role.MANAGER) | {Role.RECRUITER: Reach.ORGANISATION},
    # A county's or township's office runs its own small fairs, employers' papers in hand.
    Permission.SMALL_FAIRS_WRITE: _PEOPLE,
    Permission.STATIONS_MANAGE: _PEOPLE | _all(Role.MANAGER),
    # Typed at a fair by whoever stands at the desk; any office may finish it.
    Permission.WALK_INS: _all(Role.ADMIN, Role.CLERK),
    Permission.TALLIES_WRITE: _all(Role.ADMIN, Role.MANAGER, Role.STAFF),
    # Whoever sits at a gate or a desk may enter what was written there; no name is told for it.
    Permission.PAPER_WRITE: _all(Role.ADMIN, Role.CLERK, Role.MANAGER, Role.STAFF),
    # Who runs a fair prints them for its gates: masked names, villages and short codes; each
    # reading is recorded.
    Permission.CHECK_IN_SHEETS: _PEOPLE | _all(Role.MANAGER),
    Permission.STATION: {},
    Permission.UPLINK: {},
    Permission.PLACEMENTS_READ: _PEOPLE,
    Permission.PLACEMENTS_WRITE: _PEOPLE,
    Permission.PLACEMENTS_IMPORT: _PEOPLE,
    # Whom an office owns: a home office those who live in its division, a labour station those who
    # were handed over to it. An administrator may answer for a station that nobody signs in for.
    Permission.OWNERSHIP_READ: _PEOPLE | {Role.LIAISON: Reach.ORGANISATION},
    Permission.HAND_OVERS_ANSWER: {Role.ADMIN: Reach.ALL, Role.LIAISON: Reach.ORGANISATION},
    Permission.HAND_OVERS_OFFER: _PEOPLE,
    Permission.LABOUR_STATIONS_MANAGE: _all(Role.ADMIN),
    # One village or township, people masked.
    Permission.VILLAGE_WORK: {Role.COLLECTOR: Reach.DIVISION},
    Permission.LIAISON_WORK: {Role.LIAISON: Reach.ORGANISATION},
    # A photo or a document shows a person in clear; each look is recorded.
    Permission.EVIDENCE_READ: _PEOPLE,
    # An employer says who of its own people is still there; an office may note it for them.
    Permission.CONFIRMATIONS: _PEOPLE | {Role.RECRUITER: Reach.ORGANISATION},
    # Another county's people, but only those drawn for the own office to call again.
    Permission.RECALLS: {Role.ADMIN: Reach.ALL, Role.CLERK: Reach.ORGANISATION},
    # How employers do what they owe and promise: figures of employers, nobody's name; each sees
    # its own.
    Permission.FULFILMENT_READ: _all(
        Role.ADMIN, Role.CLERK, Role.MANAGER, Role.LEADER, Role.AUDITOR
    )
    | {Role.RECRUITER: Reach.ORGANISATION},
    # Whoever holds fairs or serves employers reminds them.
    Permission.FULFILMENT_CHASE: _all(Role.ADMIN, Role.CLERK, Role.MANAGER),
    # An employer speaks of those whom it took, from whatever county they come.
    Permission.FULFILMENT_ANSWER: {Role.ADMIN: Reach.ALL, Role.RECRUITER: Reach.ORGANISATION},
    Permission.DEPARTURES_READ: _PEOPLE,
    Permission.DEPARTURES_WRITE: _PEOPLE,
    Permission.BATCH_STATION: {},
    # An auditor follows the money, people masked; payment files are in clear and for offices only.
    Permission.SUBSIDIES_READ: _PEOPLE | _all(Role.AUDITOR),
    Permission.SUBSIDIES_WRITE: _PEOPLE,
    Permission.SUBSIDIES_PAY: _PEOPLE,
    # What a subsidy asks for is one office's word for all who check claims by it.
    Permission.SUBSIDY_RULES_WRITE: _all(Role.ADMIN),
    Permission.NOTICES_READ: _PEOPLE | _all(Role.AUDITOR),
    Permission.NOTICES_WRITE: _PEOPLE,
    Permission.STUDENTS_READ: _STUDENTS,
    Permission.STUDENTS_WRITE: _STUDENTS,
    Permission.STUDENTS_IMPORT: _STUDENTS,
    Permission.STUDENTS_UNMASK: _STUDENTS,
    Permission.REPORTS_READ: _REPORTS | _all(Role.MANAGER),
    Permission.REPORTS_PEOPLE: _REPORTS,
    Permission.OVERLAPS_READ: _PEOPLE | _all(Role.LEADER, Role.AUDITOR),
    # A school looks at what is found about its students.
    Permission.FINDINGS_READ: _PEOPLE | _STUDENTS | _all(Role.LEADER, Role.AUDITOR),
    Permission.FINDINGS_WRITE: _PEOPLE | _STUDENTS,
    Permission.AGENTS_READ: _PEOPLE | _all(Role.LEADER, Role.AUDITOR),
    Permission.AGENTS_WRITE: _PEOPLE,
    # Lists of the dead and of prisoners: only where money is checked for the whole prefecture.
    Permission.PAYMENT_STOPS: _all(Role.ADMIN, Role.AUDITOR),
    Permission.RETENTION_READ: _PEOPLE | _all(Role.LEADER, Role.AUDITOR),
    # Behind a figure an auditor follows one person's line of events, masked; each look is recorded.
    Permission.LINES_INSPECT: _all(Role.AUDITOR),
    Permission.AUDIT_READ: _all(Role.ADMIN, Role.AUDITOR),
}

ROLE_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.ADMIN: N_("Administrator"),
        Role.CLERK: N_("Labour office clerk"),
        Role.RECRUITER: N_("Recruiter"),
        Role.MANAGER: N_("Fair manager"),
        Role.STAFF: N_("Fair staff"),
        Role.REGISTRAR: N_("School registrar"),
        Role.LEADER: N_("Leader"),
        Role.AUDITOR: N_("Auditor"),
        Role.COLLECTOR: N_("Village collector"),
        Role.LIAISON: N_("Station liaison"),
    }
)
KIND_NAMES: Mapping[OrganisationKind, str] = MappingProxyType(
    {
        OrganisationKind.LABOUR_OFFICE: N_("Labour office"),
        OrganisationKind.EMPLOYER: N_("Employer"),
        OrganisationKind.ORGANISER: N_("Fair organiser"),
        OrganisationKind.SCHOOL: N_("School"),
        OrganisationKind.AUDITOR: N_("Audit office"),
        OrganisationKind.VILLAGE: N_("Village or township"),
        OrganisationKind.LABOUR_STATION: N_("Labour station"),
    }
)
# The roles an organisation of a kind can have; a recruiter inside an office would see too much.
ROLES_OF_KIND: Mapping[OrganisationKind, tuple[Role, ...]] = MappingProxyType(
    {
        OrganisationKind.LABOUR_OFFICE: (Role.ADMIN, Role.CLERK, Role.LEADER),
        OrganisationKind.EMPLOYER: (Role.RECRUITER,),
        OrganisationKind.ORGANISER: (Role.MANAGER, Role.STAFF),
        OrganisationKind.SCHOOL: (Role.REGISTRAR,),
        OrganisationKind.AUDITOR: (Role.AUDITOR,),
        OrganisationKind.VILLAGE: (Role.COLLECTOR,),
        OrganisationKind.LABOUR_STATION: (Role.LIAISON,),
    }
)
# How many digits the division of an organisation has at least; of other kinds it may be missing.
DIVISION_DIGITS: Mapping[OrganisationKind, int] = MappingProxyType(
    {
        OrganisationKind.LABOUR_OFFICE: 2,
        OrganisationKind.VILLAGE: 9,  # a county in the hand of a village would reach too many
        OrganisationKind.LABOUR_STATION: 4,
    }
)
# What each role may hand on when it invites a colleague of its own organisation.
GRANTABLE: Mapping[Role, tuple[Role, ...]] = MappingProxyType(
    {
        Role.ADMIN: _EVERY_ROLE,
        Role.CLERK: (Role.CLERK,),
        Role.RECRUITER: (Role.RECRUITER,),
        Role.MANAGER: (Role.MANAGER, Role.STAFF),
        Role.REGISTRAR: (Role.REGISTRAR,),
        Role.LIAISON: (Role.LIAISON,),
    }
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The records a permission reaches; None means no limit of that kind.

    Attributes:
        division: only people whose division code begins with this.
        organisation_id: only records of this organisation.
    """

    division: str | None = None
    organisation_id: int | None = None

    def covers(self, *, division: str | None = None, organisation_id: int | None = None) -> bool:
        """Return whether a record of this division and organisation may be seen."""
        if self.division is not None and not (division or "").startswith(self.division):
            return False
        return self.organisation_id is None or organisation_id == self.organisation_id

    def must_cover(
        self, *, division: str | None = None, organisation_id: int | None = None
    ) -> None:
        """Go on only with a record in reach.

        Raises:
            NotFound: out of reach; the answer is the one a missing record gets.
        """
        if not self.covers(division=division, organisation_id=organisation_id):
            raise NotFound


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in user of this request."""

    user_id: int
    role: Role
    organisation_id: int
    organisation_kind: OrganisationKind
    division_code: str | None
    display_name: str
    organisation_name: str
    must_change_password: bool = False

    def may(self, permission: Permission) -> bool:
        """Return whether the role has the permission at all."""
        return reach_of(self.role, permission) is not None

    def reach(self, permission: Permission) -> Reach:
        """Return on whose records the actor has the permission.

        Raises:
            Forbidden: the role has it on nobody's.
        """
        found = reach_of(self.role, permission)
        if found is None:
            raise Forbidden
        return found

    def scope(self, permission: Permission) -> Scope:
        """Return the records the actor reaches with a permission.

        Raises:
            Forbidden: none, or an office without a division.
        """
        reach = self.reach(permission)
        if reach is Reach.DIVISION:
            if not self.division_code:
                raise Forbidden
            return Scope(division=self.division_code)
        if reach in {Reach.ORGANISATION, Reach.SELF}:
            return Scope(organisation_id=self.organisation_id)
        return Scope()


def reach_of(role: Role, permission: Permission) -> Reach | None:
    """Return the policy's answer, None when there is none."""
    return POLICY.get(permission, {}).get(role)


def division_filter(actor: Actor, permission: Permission) -> str | None:
    """Return the prefix that people's division codes must have, None for no limit.

    Raises:
        Forbidden: the role's reach is not by division; ask `Actor.scope` where it may be either.
    """
    scope = actor.scope(permission)
    if scope.organisation_id is not None:
        raise Forbidden
    return scope.division


def organisation_filter(actor: Actor, permission: Permission) -> int | None:
    """Return the only organisation whose records may be seen, None for no limit.

    Raises:
        Forbidden: the role's reach is not by organisation; ask `Actor.scope` where it may be.
    """
    scope = actor.scope(permission)
    if scope.division is not None:
        raise Forbidden
    return scope.organisation_id


def scope_text(permission: Permission) -> str:
    """Return who reaches what with a permission, for people: ``admin: all; clerk: division``."""
    if permission is Permission.PUBLIC:
        return "everybody"
    granted = POLICY.get(permission, {})
    return "; ".join(f"{role}: {granted[role]}" for role in Role if role in granted)


class RoleDoesNotFit(Invalid):
    """The organisation's kind has no such role, or the inviter may not hand it on."""

    code = "role_does_not_fit"
    message = N_("This organisation cannot have that role. Choose one of the roles offered.")


def grantable_roles(role: Role, kind: OrganisationKind) -> tuple[Role, ...]:
    """Return the roles an inviter of a role may give in an organisation of a kind."""
    return tuple(r for r in GRANTABLE.get(role, ()) if r in ROLES_OF_KIND[kind])


def normal_login(text: str) -> str:
    """Return a login as it is stored and compared: width and case do not matter."""
    return unicodedata.normalize("NFKC", text).strip().casefold()
