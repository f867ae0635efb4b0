"""What axe finds wrong with a page in a real browser."""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).resolve().parents[1] / "build" / "axe.min.js"

# Only the faults leave the page: what passed is a list of nearly every element, and takes longer
# to send than to find.
_RUN = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"]}).then(
  found => found.violations.map(({id, nodes}) => ({id, html: nodes[0].html})))"""


def violations(page: Page, rules: Sequence[str]) -> list[str]:
    """Return each rule that is broken, with the first element that breaks it.

    The script runs past the page's own script policy, through the browser's debugging channel.
    """
    if not page.evaluate("'axe' in window"):
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": SCRIPT.read_text(encoding="utf-8")})
        session.detach()
    return [f"{fault['id']}: {fault['html'][:200]}" for fault in page.evaluate(_RUN, rules)]
