"""``jobfair rank`` and ``jobfair why``."""

from dataclasses import asdict
from typing import Any

import click

from jobfair.employers.queries import find_position_by_ref
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_
from jobfair.kit.terminal import Terminal, answer, pass_terminal
from jobfair.matching.core.rank import Candidate
from jobfair.matching.explain import why as explain
from jobfair.matching.pool import Pool
from jobfair.seekers.queries.refs import find_by_ref

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


class NoSuchPosition(NotFound):
    """No position has this id or number."""

    message = N_("There is no position with the number %(ref)s.")


class NoSuchSeeker(NotFound):
    """No seeker has this id or number."""

    message = N_("There is no seeker with the number %(ref)s.")


def position_id_of(terminal: Terminal, ref: str) -> int:
    """Return a position's id by ours or by its own number in its file."""
    with terminal.database.reading() as session:
        found = find_position_by_ref(session, ref)
    if found is None:
        raise NoSuchPosition(ref=ref)
    return found.id


def seeker_id_of(terminal: Terminal, ref: str) -> int:
    """Return a seeker's id by ours or by their own number in their file."""
    with terminal.database.reading() as session:
        found = find_by_ref(session, ref)
    if found is None:
        raise NoSuchSeeker(ref=ref)
    return found


def _item(candidate: Candidate, ref: str | None) -> dict[str, Any]:
    return {**candidate._asdict(), "ref": ref}


@click.command("rank")
@click.option("--position", help="Id of a position, or its number in its own file.")
@click.option("--seeker", help="Id of a seeker, or their number in their own file.")
@click.option("--top", default=20, show_default=True, help="How many.")
@click.option("--drafts", is_flag=True, help="Also positions that are not complete.")
@_JSON
@pass_terminal
def rank(
    terminal: Terminal,
    *,
    position: str | None,
    seeker: str | None,
    top: int,
    drafts: bool,
    as_json: bool,
) -> None:
    """Rank the people for a position, or the positions for a person."""
    if (position is None) == (seeker is None):
        raise click.UsageError("give either --position or --seeker")
    pool = Pool(terminal.database)
    profile = pool.profile
    if position is not None:
        position_id = position_id_of(terminal, position)
        _count, found = pool.candidates(position_id, top=top, profile=profile)
        items = [_item(c, None) for c in found]
    else:
        seeker_id = seeker_id_of(terminal, seeker or "")
        found = pool.positions(seeker_id, top=top, drafts=drafts, profile=profile)
        items = []
        for candidate in found:
            post = pool.post(candidate.id)
            items.append(_item(candidate, post.source_ref if post else None))
    lines = (f"{i['id']}\t{i['score']:.3f}\t{i['ref'] or ''}" for i in items)
    payload = {"profile": profile.label, "items": items}
    answer(payload, as_json=as_json, text="\n".join(lines))


@click.command("why")
@click.option("--position", required=True, help="Id or own number of the position.")
@click.option("--seeker", required=True, help="Id or own number of the seeker.")
@_JSON
@pass_terminal
def why(terminal: Terminal, *, position: str, seeker: str, as_json: bool) -> None:
    """Say why a person fits a position or not, and what would change it."""
    pool = Pool(terminal.database)
    found = explain(
        pool,
        seeker_id=seeker_id_of(terminal, seeker),
        position_id=position_id_of(terminal, position),
    )
    if found is None:
        raise NoSuchSeeker(ref=seeker)
    payload = {
        "eligible": found.eligible,
        "reasons": [asdict(r) for r in found.reasons],
        "score": found.candidate.score,
        "components": found.candidate.components,
    }
    lines = [" ".join((r.text, *r.phrases, "→", r.change)) for r in found.reasons] or [
        f"{found.candidate.score:.3f}"
    ]
    answer(payload, as_json=as_json, text="\n".join(lines))
