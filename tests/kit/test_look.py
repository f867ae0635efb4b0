"""The macros of templates/kit in a real browser: accessible, light, nothing off the origin."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from jobfair.kit.charts import bars
from jobfair.kit.resources import folder
from tests import axe
from tests.kit.gallery import Sample, make_gallery

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Quiet(WSGIRequestHandler):
    """Writes no request lines."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing."""


@dataclass
class Seen:
    """What the browser complained about and where it went."""

    origin: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Keep an error or warning; a refused form's 422 is no fault."""
        if message.type in {"error", "warning"} and "422" not in message.text:
            self.complaints.append(message.text)

    def follow(self, request: Request) -> None:
        """Keep a request that leaves the machine."""
        if not request.url.startswith((self.origin, "data:")):
            self.strangers.append(request.url)


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The gallery application."""
    return make_gallery(tmp_path_factory.mktemp("gallery"))


@pytest.fixture(scope="module")
def origin(gallery: Flask) -> Iterator[str]:
    """The gallery, served."""
    server = make_server("127.0.0.1", 0, gallery, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def looking(
    chromium: Browser, origin: str, language: str, width: int, *, scripts: bool = True
) -> Iterator[tuple[Page, Seen]]:
    """Open a window and watch it."""
    context = chromium.new_context(
        locale=language,
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
    )
    page, seen = context.new_page(), Seen(origin)
    page.on("console", seen.hear)
    page.on("pageerror", lambda fault: seen.complaints.append(str(fault)))
    page.on("request", seen.follow)
    yield page, seen
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_pages_are_accessible_and_fit(
    chromium: Browser, origin: str, language: str, width: int
) -> None:
    with looking(chromium, origin, language, width) as (page, seen):
        for address in ("/?flash=1", "/?out=1"):
            page.goto(origin + address)
            assert axe.violations(page, RULES) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("form.jf-form button").click()
        page.wait_for_selector(".govuk-error-summary")
        assert axe.violations(page, RULES) == []
        assert seen.complaints == []
        assert seen.strangers == []


@pytest.mark.browser
def test_a_refused_form_is_read_first_and_leads_to_its_fields(
    chromium: Browser, origin: str
) -> None:
    with looking(chromium, origin, "zh-CN", 1280) as (page, _seen):
        page.goto(origin + "/")
        page.locator("form.jf-form button").click()
        page.wait_for_selector(".govuk-error-summary")
        # Not wait_for_function: what it polls with, the page's content policy refuses.
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        assert page.title().startswith("错误：")
        page.locator(".govuk-error-summary a").first.click()
        assert page.evaluate("document.activeElement.name") == "title"
        page.locator(".govuk-error-summary a", has_text="班次").click()
        assert page.evaluate("document.activeElement.name") == "sector"


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390])
def test_a_row_of_a_table_is_a_card_on_a_phone(chromium: Browser, origin: str, width: int) -> None:
    with looking(chromium, origin, "zh-CN", width, scripts=False) as (page, _seen):
        page.goto(origin + "/")
        table = page.locator("table").first
        assert table.evaluate("t => t.scrollWidth <= t.parentElement.clientWidth")
        cell = table.locator("tbody tr").first.locator("td").nth(1)
        assert cell.evaluate("c => getComputedStyle(c, '::before').content") == '"企业"'
        tops = (
            table.locator("tbody tr")
            .first.locator("td")
            .evaluate_all("cells => cells.map(c => c.getBoundingClientRect().top)")
        )
        assert tops == sorted(tops), "one under the other, the title first"
        assert len(set(tops)) == len(tops)
        assert page.get_by_role("cell", name="深圳市示例电子有限公司").is_visible()
        assert page.get_by_role("columnheader").first.get_by_role("link").is_visible()


@pytest.mark.browser
def test_the_account_menu_opens_without_scripts_and_fits(chromium: Browser, origin: str) -> None:
    with looking(chromium, origin, "zh-CN", 320, scripts=False) as (page, _seen):
        page.goto(origin + "/")
        leave = page.get_by_role("button", name="退出登录")
        assert not leave.is_visible()
        assert page.locator(".jf-top").evaluate("top => top.getBoundingClientRect().height") < 110
        page.locator(".jf-account summary").click()
        assert leave.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.browser
def test_the_account_menu_closes_by_escape(chromium: Browser, origin: str) -> None:
    with looking(chromium, origin, "zh-CN", 1280) as (page, _seen):
        page.goto(origin + "/")
        page.locator(".jf-account summary").click()
        page.keyboard.press("Escape")
        assert not page.get_by_role("button", name="退出登录").is_visible()
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


@pytest.mark.browser
def test_pages_are_reached_by_keyboard(chromium: Browser, origin: str) -> None:
    with looking(chromium, origin, "en", 1280) as (page, _seen):
        page.goto(origin + "/")
        names = page.locator(".jf-pages li a").all_inner_texts()
        assert names[0] == "Previous page"
        assert {"1", "9", "62", "Next page"} <= set(names)
        assert page.get_by_role("link", name="Page 9", exact=True).get_attribute("aria-current")
        page.get_by_role("link", name="Page 62", exact=True).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/?page=62")


@pytest.mark.browser
@pytest.mark.parametrize(("width", "rows"), [(1280, 1), (390, 2)])
def test_short_fields_stand_side_by_side_where_there_is_room(
    chromium: Browser, origin: str, width: int, rows: int
) -> None:
    with looking(chromium, origin, "en", width) as (page, _seen):
        page.goto(origin + "/")
        boxes = [page.locator(f"[name={name}]").bounding_box() for name in ("title", "headcount")]
        bottoms = {round(box["y"] + box["height"]) for box in boxes if box}
        assert len(bottoms) == rows


@pytest.mark.browser
def test_a_form_posts_without_scripts(chromium: Browser, origin: str) -> None:
    with looking(chromium, origin, "en", 390, scripts=False) as (page, _seen):
        page.goto(origin + "/")
        page.locator("form.jf-form button").click()
        assert page.locator(".govuk-error-summary h2").inner_text() == "There is a problem"


@pytest.mark.browser
def test_a_print_has_no_navigation(chromium: Browser, origin: str) -> None:
    with looking(chromium, origin, "en", 1280) as (page, _seen):
        page.goto(origin + "/")
        page.emulate_media(media="print")
        for gone in (".jf-nav", ".jf-top", ".jf-filter", ".jf-actions", ".jf-pages"):
            assert not page.locator(gone).first.is_visible()
        assert page.locator("table").first.is_visible()


def test_a_chinese_page_hides_no_english_error(gallery: Flask) -> None:
    answer = gallery.test_client().post("/", headers={"Accept-Language": "zh"})
    assert "错误：" in answer.text
    assert "Error:" not in answer.text
    assert "This field is required" not in answer.text


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2010-03-08", date(2010, 3, 8)),
        ("20100308", date(2010, 3, 8)),
        ("2010年3月8日", date(2010, 3, 8)),
        ("2010.3.8", date(2010, 3, 8)),
        ("", None),
        ("2010-03", None),
        ("2010-13-45", None),
        ("next week", None),
    ],
)
def test_a_day_is_read_as_offices_write_it(gallery: Flask, typed: str, day: date | None) -> None:
    with gallery.test_request_context("/", method="POST", data={"start": typed}):
        form = Sample()
        form.validate()
        shown = str(form.start())
    assert form.start.data == day
    assert bool(form.start.errors) is (bool(typed) and day is None)
    assert f'value="{typed}"' in shown, "nothing typed is lost"


def test_no_style_or_script_stands_in_a_page(gallery: Flask) -> None:
    text = gallery.test_client().get("/").text
    assert "<style" not in text
    assert " style=" not in text
    assert text.count("<script") == 1


def test_a_page_is_light(gallery: Flask) -> None:
    client = gallery.test_client()
    names = ["vendor/app.css", "vendor/govuk-frontend.min.js", "js/app.js", "img/icon.svg"]
    style, *rest = [len(gzip.compress((folder("static") / name).read_bytes())) for name in names]
    assert style < 30_000
    assert style + sum(rest) + len(gzip.compress(client.get("/").data)) < 150_000


def test_a_chart_escapes_its_labels_and_loads_nothing() -> None:
    image = bars(['"><script>alert(1)</script>'], [("男", [3])])
    assert image.startswith('<img src="data:image/svg+xml;base64,')
    assert "script>alert" not in image
