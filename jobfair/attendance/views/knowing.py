"""What a station knows offline: which cards there are, and who is in by another gate."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request

from jobfair.accounts.access import Permission, allow
from jobfair.attendance.queries import find_people, list_news, roster
from jobfair.attendance.views.common import calls
from jobfair.kit import clock
from jobfair.kit.web import db
from jobfair.stations.devices import device

_SINCE = re.compile(r"(\d{1,16})\.([0-9a-f]{32}|)")
_EPOCH, _UNIT = datetime.fromtimestamp(0, UTC), timedelta(microseconds=1)
_LONGEST_SEARCH = 60
_LAST_ID = (1 << 31) - 1


@calls.route("/roster")
@allow(Permission.STATION)
def cards() -> dict[str, Any]:
    """Tell the cards issued after the one a station knows last, and all that open nothing."""
    after = min(max(0, request.args.get("after", 0, type=int)), _LAST_ID)
    with db().reading() as session:
        page = roster.list_cards(session, after=after)
        void = roster.list_void(session) if page.last else []
    return {
        "after": page.after,
        "more": not page.last,
        "digests": roster.packed(page.digests),
        "codes": roster.packed(page.codes),
        "names": page.names,
        "void": roster.packed(void),
    }


@calls.route("/entries")
@allow(Permission.STATION)
def entries() -> dict[str, Any]:
    """Tell what was recorded at the fair's gates since a station asked last."""
    told = _SINCE.fullmatch(request.args.get("since", ""))
    received, after = (int(told[1]), told[2]) if told else (0, "")
    with db().reading() as session:
        news = list_news(session, device().fair_id, _EPOCH + received * _UNIT, after)
    return {
        "since": f"{(news.received - _EPOCH) // _UNIT}.{news.id}",
        "more": news.more,
        "entries": [
            [one.id, one.card.hex(), clock.milliseconds(one.at), one.place] for one in news.entries
        ],
        "undone": news.undone,
    }


@calls.route("/search", methods=["POST"])
@allow(Permission.STATION)
def search() -> dict[str, Any]:
    """Tell who may be meant by a code, name, ID number or telephone: names masked, and cards."""
    sent = request.get_json(silent=True)
    text = str(sent.get("text", ""))[:_LONGEST_SEARCH] if isinstance(sent, dict) else ""
    with db().reading() as session:
        people = find_people(session, text)
    return {"people": [{"name": one.name, "card": one.card and one.card.hex()} for one in people]}
