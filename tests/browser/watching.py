"""A browser page, checked after every load: quiet, local, accessible, not wider than shown."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from babel.support import NullTranslations, Translations
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

from tests.axe import violations

_ROOT = Path(__file__).resolve().parents[2]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
LANGUAGES = ("zh", "en")
WIDTHS = (390, 1280)
_HEIGHT = 900


# What the browser fetched or had for the page shown now, in bytes as sent.
_WEIGHT = """[...performance.getEntriesByType("navigation"),
  ...performance.getEntriesByType("resource")].reduce((sum, one) => sum + one.encodedBodySize, 0)"""


@dataclass
class Watched:
    """A page with what it complained about, where it went and what it weighed.

    Attributes:
        weights: bytes of each page looked at, with its style and scripts, by path.
    """

    page: Page
    origin: str
    language: str
    width: int
    weights: dict[str, int] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Keep an error; the browser's own note of a refused form (422) is no fault."""
        if message.type == "error" and "422" not in message.text:
            self.complaints.append(message.text)

    def note(self, request: Request) -> None:
        """Keep a request that leaves the origin."""
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.strangers.append(request.url)

    @cached_property
    def _catalogue(self) -> NullTranslations:
        return Translations.load(_ROOT / "translations", [self.language])

    def say(self, message: str, **values: object) -> str:
        """Return a message of the program in the page's language."""
        said = self._catalogue.gettext(message)
        return said % values if values else said

    @property
    def main(self) -> Locator:
        """The page's content, without menu and footer."""
        return self.page.get_by_role("main")

    @property
    def menu(self) -> Locator:
        """The links of the main menu."""
        bar = self.page.get_by_role("navigation", name=self.say("Main"), exact=True)
        return bar.get_by_role("link")

    def resize(self, width: int) -> None:
        """Make the window wider or narrower."""
        self.width = width
        self.page.set_viewport_size({"width": width, "height": _HEIGHT})

    def open(self, path: str) -> None:
        """Go to a path of the served program and check the page."""
        answer = self.page.goto(self.origin + path if path.startswith("/") else path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        self.check()

    def choose(self, label: str) -> None:
        """Follow an entry of the main menu and check the page."""
        self._go(self.menu.filter(has_text=self.say(label)))

    def follow(self, link: str | Locator) -> None:
        """Follow a link of the page, given or by its message, and check what it leads to."""
        found = (
            self.main.get_by_role("link", name=self.say(link)) if isinstance(link, str) else link
        )
        self._go(found)

    def press(self, button: str) -> None:
        """Press a button of the page and check what comes."""
        self._go(self.main.get_by_role("button", name=self.say(button), exact=True))

    def press_first(self, button: str) -> None:
        """Press the first button whose name begins so: rows name what each is for after it."""
        name = re.compile(f"^{re.escape(self.say(button))}")
        self._go(self.main.get_by_role("button", name=name))

    def type(self, label: str, value: str) -> None:
        """Type into the field of a label."""
        self.main.get_by_label(self.say(label)).first.fill(value)

    def rows(self, table: str) -> int:
        """Return how many rows a table has below its head."""
        found = self.page.get_by_role("table", name=self.say(table), exact=True)
        return found.get_by_role("row").count() - 1

    def _go(self, what: Locator) -> None:
        with self.page.expect_navigation():
            what.first.click()
        # A file in work: the page renews itself until there is a result.
        while self.main.get_by_role("button", name=self.say("Stop"), exact=True).count():
            self.page.wait_for_event("load")
        self.check()

    def faults(self, *, rules: bool = True) -> list[str]:
        """Return everything wrong with the page shown now; the rules of axe take longest."""
        weight = self.page.evaluate(_WEIGHT)
        path = urlsplit(self.page.url).path
        self.weights[path] = max(weight, self.weights.get(path, 0))
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
        return [*found, *violations(self.page, RULES)] if rules else found

    def check(self) -> None:
        """Fail with everything wrong with the page shown now."""
        found = self.faults()
        assert not found, f"{self.page.url}: {found}"


@contextmanager
def watching(browser: Browser, origin: str, language: str, width: int) -> Iterator[Watched]:
    """Open a window in a language and a width, and watch it."""
    context = browser.new_context(viewport={"width": width, "height": _HEIGHT})
    context.add_cookies([{"name": "language", "value": language, "url": origin}])
    watched = Watched(context.new_page(), origin, language, width)
    watched.page.on("console", watched.hear)
    watched.page.on("pageerror", lambda fault: watched.complaints.append(str(fault)))
    watched.page.on("request", watched.note)
    yield watched
    context.close()
