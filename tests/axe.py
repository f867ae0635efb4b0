"""What axe finds wrong with a page in a real browser."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).resolve().parents[1] / "build" / "axe.min.js"

# What the rules look at, words left out: elements, attributes, whether texts are empty. An address,
# a name or a number in it changes no rule's answer, and neither does the language.
_OUTLINE_OF = r"""
  const kept = new Set(["class", "role", "type", "scope", "hidden", "disabled", "tabindex"]);
  const outline = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? "t" : "";
    if (node.nodeType !== Node.ELEMENT_NODE || node.localName === "script") return "";
    const attributes = Array.from(node.attributes, ({name, value}) =>
      name + "=" + (kept.has(name) ? value : value.trim() ? "v" : ""));
    return `<${node.localName} ${attributes.sort().join(" ")}>` +
      Array.from(node.childNodes, outline).join("") + "/";
  };"""
_OUTLINE = f"""() => {{
  {_OUTLINE_OF}
  return outline(document.documentElement) + Array.from(
    document.querySelectorAll("[id], [for], [aria-describedby], [aria-labelledby]"),
    ({{id, htmlFor}}) => [id, htmlFor].map((one) => one && document.querySelectorAll(
      `[id="${{one}}"]`).length)).join();
}}"""

# Of the rows of one build two are looked at, an even and an odd one; the rest is as they are.
# Only the faults leave the page: what passed is a list of nearly every element, and takes longer
# to send than to find.
_RUN = f"""rules => {{
  {_OUTLINE_OF}
  const exclude = [];
  for (const list of document.querySelectorAll("tbody, ul, ol")) {{
    const met = new Map();
    for (const row of list.children) {{
      const build = outline(row);
      met.set(build, (met.get(build) || 0) + 1);
      if (met.get(build) > 2) exclude.push(row);
    }}
  }}
  return axe.run({{include: [document], exclude}}, {{runOnly: rules, resultTypes: ["violations"]}})
    .then(found => found.violations.map(({{id, nodes}}) => ({{id, html: nodes[0].html}})));
}}"""
_found_sound: set[tuple[str, ...]] = set()


def violations(page: Page, rules: Sequence[str]) -> list[str]:
    """Return each rule that is broken, with the first element that breaks it.

    The script runs past the page's own script policy, through the browser's debugging channel. A
    page of the same build, as wide, that was found sound in this run is sound.
    """
    outline: str = page.evaluate(_OUTLINE)
    size = page.viewport_size or {"width": 0, "height": 0}
    build = hashlib.sha256(outline.encode()).hexdigest(), str(size["width"]), *rules
    if build in _found_sound:
        return []
    if not page.evaluate("'axe' in window"):
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": SCRIPT.read_text(encoding="utf-8")})
        session.detach()
    found = [f"{fault['id']}: {fault['html'][:200]}" for fault in page.evaluate(_RUN, rules)]
    if not found:
        _found_sound.add(build)
    return found
