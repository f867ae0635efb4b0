"""A clerk photographs the arrival at the gate on a phone, and looks at it again."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.conftest import Enter
from tests.evidence.factory import photo

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_a_photo_is_attached_to_an_arrival_and_seen_again(enter: Enter, tmp_path: Path) -> None:
    taken = tmp_path / "IMG_0001.jpg"
    taken.write_bytes(photo())
    with enter("clerk", "zh", 390) as seen:
        seen.choose("Placements")
        seen.page.get_by_label(seen.say("Standing"), exact=True).select_option("running")
        seen.press("Filter")
        rows = seen.main.get_by_role("table").get_by_role("row")
        seen.follow(rows.nth(9).get_by_role("link").first)
        seen.follow(seen.main.get_by_role("link", name="添加证据 到岗").first)
        seen.main.get_by_label("拍照").set_input_files(taken)
        seen.press("Keep the file")
        assert "文件已加密保存" in seen.page.content()
        link = seen.main.get_by_role("link", name="打开文件")
        address = link.get_attribute("href") or ""
        shown = seen.page.request.get(f"{seen.page.url.split('/placements')[0]}{address}")
        assert Image.open(BytesIO(shown.body())).size == (48, 32)
