"""Which tables two servers of one fair share, what a row is called, and how each column travels.

Every table stands in one of three lists; a test fails for one that stands in none.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, String, Table, cast

from jobfair.kit.db import Base

# Table → the columns that make a row unique, by which both servers call it. Only the prefecture
# writes the first two: a lost laptop must not make anybody an administrator.
FROM_PREFECTURE: Mapping[str, tuple[str, ...]] = {
    "organisation": ("key",),
    "user_account": ("key",),
}
BOTH_WAYS: Mapping[str, tuple[str, ...]] = {
    "employer": ("key",),
    "position": ("key",),
    "fair": ("code",),
    "fair_position": ("fair_id", "position_id"),
    "zone": ("fair_id", "letter"),
    "booth": ("fair_id", "number"),
    "booth_cell": ("fair_id", "row", "column"),
    "seeker": ("key",),
    "seeker_wish": ("seeker_id", "place"),
    "household_record": ("key",),
    "seeker_move": ("key",),
    "card": ("key",),
    "placement": ("key",),
    "placement_event": ("key",),
    "placement_evidence": ("key",),
    "evidence_content": ("key",),
    "station": ("fair_id", "name"),
    "pairing": ("secret_digest",),
    "gate_record": ("id",),
    "walk_in": ("id",),
    "booth_record": ("id",),
    "booth_claim": ("record_id",),
    "hold": ("key",),
    "freed_post": ("hold_id",),
    "proposal": ("fair_id", "seeker_id", "to_employer_id"),
    "announcement": ("fair_id", "made_at"),
    "tally_entry": ("key",),
    "slip_batch": ("fair_id", "first"),
    "paper_row": ("record_id",),
    "result_signature": ("fair_id", "employer_id"),
    "fair_closing": ("fair_id",),
}
STAYS: Mapping[str, str] = {
    "agent": "the office's, at the prefecture",
    "arranged_placement": "as agents",
    "allocation": "plans are made before the day, at the prefecture",
    "allocation_edit": "as plans",
    "allocation_position": "as plans",
    "allocation_rival": "as plans",
    "allocation_seat": "as plans",
    "audit_entry": "each server's chain is its own; a pack is noted with the head of the other's",
    "batch_contact": "as departure batches",
    "batch_rider": "as departure batches",
    "batch_scan": "as departure batches",
    "batch_station": "as departure batches",
    "batch_stop": "as departure batches",
    "batch_vehicle": "as departure batches",
    "blank_card": "held ready by a desk; given away, it is a card",
    "claim_evidence": "as claims",
    "capacity_plan": "prepared and read at the prefecture",
    "change_counter": "counts this server's own changes",
    "departure_batch": "the office's, at the prefecture",
    "division": "a code list of the program",
    "duty_answer": "as employers' duties",
    "duty_reminder": "as employers' duties",
    "employer_duty": "made and chased at the prefecture",
    "employer_standing": "as employers' duties",
    "fair_invitation": "as plans",
    "fair_ranking": "made anew wherever it is asked for",
    "fair_ranking_position": "as rankings",
    "follow_up": "the office's, at the prefecture",
    "follow_up_due": "as follow-ups",
    "follow_up_mark": "as follow-ups",
    "follow_up_reversal": "as follow-ups",
    "follow_up_terms": "as follow-ups",
    "fulfilment_mark": "as employers' duties",
    "finding": "the office's, at the prefecture",
    "grant_payment": "the school's",
    "grant_reversal": "the school's",
    "hand_over": "the office's, at the prefecture",
    "hand_over_answer": "as hand-overs",
    "held": "as hand-overs",
    "invitation": "accounts are made at the prefecture",
    "invitation_answer": "as plans",
    "ledger_import": "the office's, at the prefecture",
    "ledger_line": "as imports of ledgers",
    "ledger_word": "as imports of ledgers",
    "lease_order": "says what a booth shall have at hand, to the server that it calls",
    "near_duplicate": "found anew by each server among its own people",
    "occupation_alias": "reviewed at the prefecture",
    "notice": "the office's, at the prefecture",
    "notice_approver": "as notices",
    "notice_call": "counts questions for minutes",
    "notice_line": "as notices",
    "objection": "as notices",
    "objection_decision": "as notices",
    "organiser_duty": "the organiser's, at the prefecture",
    "ownership_mark": "as hand-overs",
    "payment_stop": "lists of other offices, at the prefecture",
    "placement_claim": "offices' lists are imported at the prefecture",
    "recall": "as follow-ups",
    "recall_sample": "as follow-ups",
    "rights_case": "the office's, at the prefecture",
    "rights_case_step": "as rights cases",
    "seeker_merge": "what undoes a merge is undone where it was made",
    "sign_in_attempt": "counts guesses for minutes",
    "station_employer": "as hand-overs",
    "station_place": "as hand-overs",
    "station_pulse": "says what a device told a moment ago, to the server that it calls",
    "statement_opening": "the school's",
    "student": "the school's",
    "student_event": "the school's",
    "student_month": "the school's",
    "subsidy_claim": "the office's, at the prefecture",
    "subsidy_rule": "as claims",
    "subsidy_run": "as claims",
    "subsidy_step": "as claims",
    "twinning": "a code list of the program",
    "uplink": "says what this server knows of the other",
    "uplink_aside": "as uplinks",
    "uplink_row": "as uplinks",
    "user_session": "a sign-in on one device at one server",
    "weight_profile": "chosen at the prefecture; a hall ranks by the weights of the program",
    "weight_use": "as weights",
    "word_mismatch": "the office's, at the prefecture",
}
# Rows that may be deleted; of all others it is another row, or a column, that takes them back.
DELETABLE = frozenset(
    {
        "fair_position",
        "zone",
        "booth",
        "booth_cell",
        "seeker_wish",
        "household_record",
        "result_signature",
        "fair_closing",
        "evidence_content",
    }
)
# Written once and large: not read again to see whether they changed.
WRITTEN_ONCE = frozenset({"evidence_content"})
SEALED: Mapping[str, tuple[str, ...]] = {
    "seeker": (
        "name_sealed",
        "id_number_sealed",
        "phone_sealed",
        "address_sealed",
        "household_no_sealed",
    ),
    "household_record": ("household_no_sealed",),
    "employer": ("address", "contact_name", "contact_phone"),
    "card": ("token_sealed",),
    "walk_in": ("said_sealed",),
    "evidence_content": ("content_sealed",),
}
# Made anew by each server, or its own business.
_OWN: Mapping[str, frozenset[str]] = {
    "seeker": frozenset(
        {
            "name_index",
            "initials_index",
            "id_index",
            "id_last4_index",
            "phone_index",
            "household_index",
            "file_mark",
        }
    ),
    "fair": frozenset({"run_by"}),
    "hold": frozenset({"headcount"}),
    "station": frozenset({"code_digest", "code_until"}),
    "user_account": frozenset({"last_sign_in_at"}),
}
_ACCOUNT = "user_account"
# Said by a device, or by whoever acted: without a row of that name here it is left empty.
_LOOSE: Mapping[tuple[str, str], str] = {("booth_record", "position_id"): "position"}


@dataclass(frozen=True, slots=True)
class CarriedColumn:
    """How a column travels.

    Attributes:
        target: the table whose row it refers to by id; empty for a value.
        loose: whether it is left empty where that row is not here.
    """

    name: str
    column: "Column[Any]"
    target: str = ""
    loose: bool = False
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """A table that travels."""

    name: str
    table: Table
    named_by: tuple[str, ...]
    columns: tuple[CarriedColumn, ...]

    @property
    def own_key(self) -> str:
        """The column that sealed values are bound to."""
        return "key" if "key" in self.table.c else "id"

    def local_of(self, stored: Mapping[str, Any]) -> str:
        """Return which row of this server a stored row is."""
        return "/".join(str(stored[column.name]) for column in self.table.primary_key)

    def itself(self, local: str) -> list["ColumnElement[bool]"]:
        """Return the conditions that a row is that one."""
        keys = list(self.table.primary_key)
        parts = zip(keys, local.split("/"), strict=True)
        return [key == (int(p) if isinstance(key.type, Integer) else p) for key, p in parts]

    @property
    def local(self) -> "ColumnElement[str]":
        """The same as an expression of the database."""
        first, *others = (cast(column, String) for column in self.table.primary_key)
        return reduce(lambda so_far, one: so_far.concat("/").concat(one), others, first)

    def column(self, name: str) -> CarriedColumn | None:
        """Return how a column travels; None for one that does not."""
        return next((one for one in self.columns if one.name == name), None)

    def parts_of(self, name: str) -> list[Any]:
        """Return what a row's name says of each column it is named by.

        Raises:
            ValueError: it is no such name.
        """
        if len(self.named_by) == 1 and not self._first.target:
            return [name]
        parts = json.loads(name)
        if not isinstance(parts, list) or len(parts) != len(self.named_by):
            raise ValueError("not the name of a row of this table")
        return parts

    @property
    def _first(self) -> CarriedColumn:
        return next(one for one in self.columns if one.name == self.named_by[0])

    @property
    def named_plainly(self) -> bool:
        """Whether a row's name is one of its own columns as it is."""
        return len(self.named_by) == 1 and not self._first.target


def _target(column: "Column[Any]") -> str:
    """Return the table whose ``id`` a column refers to, directly or through another row."""
    found = next(iter(column.foreign_keys), None)
    if found is None:
        return ""
    there = found.column
    if there.foreign_keys:
        return _target(there)
    refers = there.primary_key and there.name == "id" and isinstance(there.type, Integer)
    return there.table.name if refers else ""


def _carried_column(table: Table, column: "Column[Any]") -> CarriedColumn:
    target = _target(column)
    loose = _LOOSE.get((table.name, column.name), "")
    if not target and column.name.endswith("_by") and isinstance(column.type, Integer):
        loose = _ACCOUNT
    return CarriedColumn(
        column.name,
        column,
        target=target or loose,
        loose=bool(loose),
        sealed=column.name in SEALED.get(table.name, ()),
    )


def _travels(table: Table, column: "Column[Any]") -> bool:
    number = column.name == "id" and isinstance(column.type, Integer)
    own = column.name == "revision" or column.name in _OWN.get(table.name, ())
    return not (number or own)


@cache
def carried() -> Mapping[str, Carried]:
    """Return the tables that travel by name, each after those it refers to."""
    named = {**FROM_PREFECTURE, **BOTH_WAYS}
    return {
        table.name: Carried(
            table.name,
            table,
            named[table.name],
            tuple(_carried_column(table, c) for c in table.columns if _travels(table, c)),
        )
        for table in Base.metadata.sorted_tables
        if table.name in named
    }
