"""Takes a county's labour ledger in: which columns, how a row is read, how a batch is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from jobfair.kit import clock
from jobfair.kit.i18n import N_
from jobfair.kit.sheets.headers import FieldSpec
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.rows import Outcome, RowError, SheetRow
from jobfair.kit.values.kinds import Kind
from jobfair.occupations.core.resolver import Occupations
from jobfair.regions import codes
from jobfair.regions.rules import Gazetteer
from jobfair.seekers.rules.drafts import FIELD_LABELS, SeekerDraft
from jobfair.seekers.rules.reading import HEADERS, Places, read_row
from jobfair.seekers.services.bulk import bulk_upsert

_TITLES = {
    "division_code": N_("Division code"),
    "county": N_("County"),
    "township": N_("Township"),
    "residence": N_("Address lived at"),
    "sex": N_("Sex"),
    "trade": N_("Trade worked in"),
    "capacity": N_("Ability to work"),
    "collected_on": N_("Collected on"),
    "id_kind": N_("Kind of ID"),
}
_KINDS = {
    "name": Kind.NAME,
    "id_number": Kind.ID_NUMBER,
    "phone": Kind.PHONE,
    "sex": Kind.SEX,
    "ethnic_group": Kind.ETHNIC,
    "education": Kind.EDUCATION,
}
# What an import must have a column for; everything else may be missing.
_REQUIRED = frozenset({"name", "id_number"})

_TEXTS = 50_000

FIELDS = tuple(
    FieldSpec(
        name,
        _TITLES.get(name) or FIELD_LABELS[name],
        aliases=headers,
        required=name in _REQUIRED,
        kind=_KINDS.get(name),
    )
    for name, headers in HEADERS.items()
)


@dataclass(frozen=True, slots=True)
class SeekerRow:
    """A row that was understood, and what is to be told about it."""

    draft: SeekerDraft
    notes: tuple[str, ...]


def ethnic_groups() -> dict[str, str]:
    """Return the codes of ethnic groups by every name they are written with."""
    found: dict[str, str] = {}
    for group in codes.code_list("ethnic_groups").values():
        for name in (group.zh, group.zh.removesuffix("族"), *group.aliases, group.code):
            found.setdefault(name, group.code)
    return found


def relations() -> dict[str, str]:
    """Return the codes of relations to the head by every name they are written with."""
    found: dict[str, str] = {}
    for one in codes.code_list("relations").values():
        for name in (one.code, one.zh, *one.aliases):
            found.setdefault(name, one.code)
    return found


def places_of(
    gazetteer: Gazetteer, occupations: Occupations, *, default: str | None = None
) -> Places:
    """Return how the words of a ledger are found; ``default`` is the office's division."""
    groups: Mapping[str, str] = ethnic_groups()
    # A ledger repeats the same few thousand texts: each is looked up once.
    once = lru_cache(maxsize=_TEXTS)
    return Places(
        division=once(lambda text, within: gazetteer.find(text, within=within)),
        today_code=once(gazetteer.current_code),
        ethnic_group=groups.get,
        occupation=once(occupations.code_of),
        relation=relations().get,
        default=default,
    )


def seeker_spec(
    places: Places, *, registered_by: int | None = None, scope_division: str | None = None
) -> ImportSpec[SeekerRow]:
    """Return how one file of seekers is imported; make a new one for each file.

    Args:
        places: how the words of a row are found.
        registered_by: the organisation that registers.
        scope_division: the division whose people may be written; None for all.
    """
    today = clock.today()
    seen: set[str] = set()

    def parse(row: SheetRow) -> SeekerRow | list[RowError]:
        read = read_row(row.texts(), places, today=today)
        if read.draft is None:
            return [RowError(None, reason) for reason in read.faults]
        return SeekerRow(read.draft, read.notes)

    def apply(session: Session, rows: list[SeekerRow]) -> list[Outcome]:
        done = bulk_upsert(
            session,
            [row.draft for row in rows],
            registered_by=registered_by,
            scope_division=scope_division,
            seen=seen,
        )
        return [
            Outcome(one.kind, one.reason, row.notes) for one, row in zip(done, rows, strict=True)
        ]

    return ImportSpec("seekers", FIELDS, parse, apply)
