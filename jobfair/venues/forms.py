"""What is typed in the table of a fair's booths, row by row, and the changes it means."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from jobfair.kit.i18n import N_, translate
from jobfair.venues.queries import BoothRow
from jobfair.venues.rules import (
    LONGEST_NUMBER,
    BoothPlan,
    Clash,
    ClashKind,
    Place,
    PlaceOutside,
    check_place,
)
from jobfair.venues.services import BoothChange

_PLACE = ("column", "row", "columns", "rows")
_CLASHES: Mapping[ClashKind, tuple[str, str]] = {
    ClashKind.NUMBER: ("number", N_("Another booth has this number.")),
    ClashKind.CELL: ("column", N_("Booth %(other)s stands there already.")),
    ClashKind.EMPLOYER: ("employer", N_("This employer has booth %(other)s already.")),
}


def told(clash: Clash) -> str:
    """Return a clash in words."""
    return translate(_CLASHES[clash.kind][1], other=clash.other)


def employer_labels(names: Mapping[int, str]) -> dict[int, str]:
    """Return what each employer is called where it is chosen by typing; no two alike."""
    every = list(names.values())
    return {
        one: name if every.count(name) == 1 else f"{name} ({one})" for one, name in names.items()
    }


@dataclass(slots=True)
class TypedBooth:
    """One row of the table, as typed.

    Attributes:
        texts: what stands in the fields number, zone, column, row, columns, rows and employer.
        seen: how the booth was when the page was made, see `seen_of`.
        removed: whether the booth is to go.
        faults: field → what is wrong there.
    """

    id: int
    texts: dict[str, str]
    seen: str
    removed: bool = False
    faults: dict[str, str] = field(default_factory=dict)

    def name_fault(self, clash: Clash) -> None:
        """Put a clash beside the field it is about."""
        self.faults.setdefault(_CLASHES[clash.kind][0], told(clash))


def seen_of(plan: BoothPlan) -> str:
    """Return a booth as a page carries it, to notice later that somebody changed it meanwhile."""
    place = plan.place
    parts = (plan.zone_id, place.column, place.row, place.columns, place.rows, plan.employer_id)
    return "|".join([*(str(part or "") for part in parts), plan.number])


def _plan_of(booth_id: int, seen: str) -> BoothPlan | None:
    """Return what `seen_of` wrote; None when it was not."""
    *numbers, number = seen.split("|", 6)
    if len(numbers) != 6 or not all(n.isascii() and n.isdigit() for n in numbers[:5]):
        return None
    zone, column, row, columns, rows = map(int, numbers[:5])
    employer = int(numbers[5]) if numbers[5].isdecimal() else None
    return BoothPlan(booth_id, number, zone, Place(column, row, columns, rows), employer)


def shown_booths(booths: Sequence[BoothRow], labels: Mapping[int, str]) -> list[TypedBooth]:
    """Return the rows of booths as they are."""
    rows = []
    for booth in booths:
        texts = {"number": booth.number, "zone": str(booth.zone_id)}
        texts |= {name: str(getattr(booth.place, name)) for name in _PLACE}
        texts["employer"] = "" if booth.employer_id is None else labels[booth.employer_id]
        rows.append(TypedBooth(booth.id, texts, seen_of(booth.plan)))
    return rows


def typed_booths(sent: MultiDict[str, str]) -> list[TypedBooth]:
    """Return the rows that were sent, in their order."""
    names = ("number", "zone", *_PLACE, "employer")
    return [
        TypedBooth(
            booth_id,
            {name: sent.get(f"{name}-{booth_id}", "").strip() for name in names},
            sent.get(f"seen-{booth_id}", ""),
            f"remove-{booth_id}" in sent,
        )
        for booth_id in sent.getlist("booth", type=int)
    ]


def read_booth(
    typed: TypedBooth, zone_ids: Collection[int], labels: Mapping[int, str]
) -> BoothChange | None:
    """Return the change that a row means; None with its faults noted in it when it means none."""
    texts, faults = typed.texts, typed.faults
    if not 0 < len(texts["number"]) <= LONGEST_NUMBER:
        faults["number"] = translate(N_("Enter a number of at most 20 signs."))
    zone = next((one for one in zone_ids if str(one) == texts["zone"]), None)
    if zone is None:
        faults["zone"] = translate(N_("Choose a zone."))
    numbers = []
    for name in _PLACE:
        if texts[name].isascii() and texts[name].isdigit() and len(texts[name]) < 4:
            numbers.append(int(texts[name]))
        else:
            faults[name] = translate(N_("Enter a whole number."))
    employer = next((one for one, label in labels.items() if label == texts["employer"]), None)
    if texts["employer"] and employer is None:
        faults["employer"] = translate(
            N_("No employer of this fair is called that. Choose one of the list.")
        )
    before = _plan_of(typed.id, typed.seen)
    if before is None:
        faults.setdefault("number", translate(N_("Open the map again and repeat the change.")))
    if faults or before is None or zone is None:
        return None
    place = Place(*numbers)
    try:
        check_place(place)
    except PlaceOutside as refusal:
        faults["column"] = translate(refusal.message)
        return None
    return BoothChange(before, BoothPlan(typed.id, texts["number"], zone, place, employer))
