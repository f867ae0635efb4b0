"""Verbs that change employers and positions; the caller's transaction commits."""

from jobfair.employers.services.employers import (
    edit_employer,
    refuse_employer,
    register_employer,
    register_employers,
    verify_employer,
)
from jobfair.employers.services.importing import (
    BulkResult,
    ImportRow,
    RowOutcome,
    import_positions,
    post_positions,
)
from jobfair.employers.services.positions import (
    add_demand,
    close_position,
    correct_occupation,
    edit_position,
    post_position,
    reopen_position,
    set_reading,
)
from jobfair.employers.services.refusals import (
    BadCreditCode,
    Closed,
    CodeNeeded,
    EmployerKnown,
    NameMissing,
    ReasonNeeded,
    VacancyStopped,
    WrongState,
)

__all__ = [
    "BadCreditCode",
    "BulkResult",
    "Closed",
    "CodeNeeded",
    "EmployerKnown",
    "ImportRow",
    "NameMissing",
    "ReasonNeeded",
    "RowOutcome",
    "VacancyStopped",
    "WrongState",
    "add_demand",
    "close_position",
    "correct_occupation",
    "edit_employer",
    "edit_position",
    "import_positions",
    "post_position",
    "post_positions",
    "refuse_employer",
    "register_employer",
    "register_employers",
    "reopen_position",
    "set_reading",
    "verify_employer",
]
