"""The real boards' files, where they lie beside the checkout."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy.orm import Session

from jobfair.kit.sheets.headers import FieldSpec
from jobfair.kit.sheets.importing import ImportSpec, run_import
from jobfair.kit.sheets.rows import Outcome
from jobfair.kit.values.kinds import Kind

_BESIDE = Path(__file__).resolve().parents[3].parent / "shared"
VACANCIES = Path(os.environ.get("JOBFAIR_SHARED", _BESIDE)) / "data" / "vacancies"
FILES = sorted(VACANCIES.glob("*.*")) if VACANCIES.is_dir() else []
TITLES = ("职位名称", "职位", "职位名", "岗位名称", "jobName", "position_name")
FIELDS = (
    FieldSpec("title", "Job title", TITLES, kind=Kind.TITLE),
    FieldSpec("wage", "Wage", ("薪资", "工资", "薪水", "salary", "money"), kind=Kind.WAGE),
    FieldSpec("wage_low", "Least", ("薪酬low", "minSalary")),
    FieldSpec("wage_high", "Most", ("薪酬high", "maxSalary")),
    FieldSpec("wage_months", "Months", ("几薪",)),
)


class Nowhere:
    @contextmanager
    def writing(self) -> Iterator[Session]:
        yield cast(Session, None)


@pytest.mark.skipif(not FILES, reason="the real files are not beside the checkout")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nearly_every_wage_text_is_read(path: Path) -> None:
    spec: ImportSpec[int] = ImportSpec(
        "wages",
        FIELDS,
        lambda row: row.number,
        lambda _, drafts: [Outcome("created")] * len(drafts),
    )
    report = run_import(Nowhere(), spec, path).report
    assert report.rows >= 50
    assert "title" in report.mapping.values()
    assert report.wage_rows > 0.4 * report.rows
    assert report.wage_parsed >= 0.97 * report.wage_rows
