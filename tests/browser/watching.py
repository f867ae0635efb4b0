"""A browser page that is checked after every load: quiet, local, accessible, no wider than it is.

axe runs past the page's own script policy, through the browser's debugging channel.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

AXE = Path(__file__).resolve().parents[2] / "build" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
LANGUAGES = ("zh", "en")
WIDTHS = (390, 1280)
_HEIGHT = 900


@dataclass
class Watched:
    """A page with what it complained about and where it went."""

    page: Page
    origin: str
    width: int
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Keep an error; the browser's own note of a refused form (422) is no fault."""
        if message.type == "error" and "422" not in message.text:
            self.complaints.append(message.text)

    def follow(self, request: Request) -> None:
        """Keep a request that leaves the origin."""
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.strangers.append(request.url)

    def open(self, path: str) -> None:
        """Go to a path of the served program and check the page."""
        answer = self.page.goto(self.origin + path if path.startswith("/") else path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        self.check()

    def faults(self) -> list[str]:
        """Return everything wrong with the page shown now."""
        headings = self.page.locator("h1").all_inner_texts()
        found = [*self.complaints, *(f"left the origin: {url}" for url in self.strangers)]
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > self.width:
            found.append(f"{wide} px wide in a window of {self.width}")
        if len(headings) != 1:
            found.append(f"{len(headings)} main headings")
        title = self.page.title().removeprefix("错误：").removeprefix("Error:").strip()
        if headings and not title.startswith(" ".join(headings[0].split())):
            found.append(f"title {title!r} does not begin with heading {headings[0]!r}")
        return found + self._violations()

    def check(self) -> None:
        """Fail with everything wrong with the page shown now."""
        assert self.faults() == [], self.page.url

    def _violations(self) -> list[str]:
        session = self.page.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
        session.detach()
        found = self.page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)
        return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found["violations"]]


@contextmanager
def watching(browser: Browser, origin: str, language: str, width: int) -> Iterator[Watched]:
    """Open a window in a language and a width, and watch it."""
    context = browser.new_context(viewport={"width": width, "height": _HEIGHT})
    context.add_cookies([{"name": "language", "value": language, "url": origin}])
    watched = Watched(context.new_page(), origin, width)
    watched.page.on("console", watched.hear)
    watched.page.on("pageerror", lambda fault: watched.complaints.append(str(fault)))
    watched.page.on("request", watched.follow)
    yield watched
    context.close()
