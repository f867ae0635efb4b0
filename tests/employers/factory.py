"""Employers and positions for tests, made by the real verbs."""

from itertools import count
from typing import Any

from stdnum.cn import uscc

from jobfair.employers import services
from jobfair.employers.rules.drafts import (
    EmployerDraft,
    EmployerStatus,
    MonthlyWage,
    PayType,
    PositionDraft,
)
from jobfair.kit.db import Database

_NUMBERS = count(1)


def credit_code(n: int) -> str:
    """Return the n-th valid credit code of Shenzhen companies nobody has."""
    first = f"91440300{n:09d}"
    return str(first + uscc.calc_check_digit(first))


def make_employer(
    database: Database,
    *,
    name: str = "",
    status: EmployerStatus = EmployerStatus.VERIFIED,
    organisation_id: int | None = None,
    **changes: Any,
) -> int:
    """Register an employer and return its id; verified unless told otherwise."""
    n = next(_NUMBERS)
    values = {"credit_code": credit_code(n), "division_code": "440307"} | changes
    draft = EmployerDraft(name=name or f"测试电子厂{n}", **values)
    with database.writing() as session:
        made = services.register_employer(
            session, draft, organisation_id=organisation_id, status=status
        )
        return made.id


def draft(**changes: Any) -> PositionDraft:
    """Return a complete position as typed."""
    values: dict[str, Any] = {
        "title": "普工",
        "headcount": 10,
        "wage": MonthlyWage.from_yuan(1800, 2600),
        "pay_type": PayType.MONTHLY,
        "workplace_division": "440307",
        "workplace_text": "深圳市龙岗区",
    }
    return PositionDraft(**(values | changes))


def make_position(
    database: Database, employer_id: int, *, publish: bool = True, **changes: Any
) -> int:
    """Post a position and return its id."""
    with database.writing() as session:
        made = services.post_position(session, employer_id, draft(**changes), publish=publish)
        return made.id
