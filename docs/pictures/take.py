"""Takes the pictures of the README from a running hub with the demo company and the sandbox:

    python docs/pictures/take.py http://127.0.0.1:8000 instance/demo-sign-ins.txt TOKEN

TOKEN is what `cem token create --name pictures --scope admin` prints. Needs Playwright (`make test` installs
it), Debian's chromium, and Pillow, which reduces each picture to 256 colours.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.request import Request, urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE: Final = Path(__file__).parent
SITE: Final = "bund"
COMPLAINT: Final = (
    "前台排了四十分钟才办好入住，房间的空调还是坏的，打了三次电话也没有人来修。早餐很好，可是这一晚没法睡。"
)
MORE: Final = (
    ("breakfast", "早餐的咖啡机坏了两天，一直没有人管。", {"scale": "faces5", "value": 2}),
    ("leisure", "泳池的水很凉，毛巾也没有了。", {"scale": "faces5", "value": 2}),
)


def main(url: str, sign_ins: Path, token: str) -> None:
    passwords = dict(line.split("\t")[:2] for line in sign_ins.read_text("utf-8").splitlines())
    hub = Hub(url, token)
    for touchpoint, words, rating in MORE:
        hub.say(touchpoint, words, rating)
    hub.say("checkout", None, {"scale": "faces5", "value": 1})
    complaint = hub.say("front-desk", COMPLAINT, {"scale": "faces5", "value": 1})
    hub.call("/sandbox/clock", {"advance": "PT2M"})  # until everything has been understood and told
    case = hub.call(f"/cases/{complaint['case']['id']}")
    owner = case["owner"]["username"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with _page(chromium, url, 1280, 800) as page:
            page.goto(hub.kiosk("front-desk"))
            _take(page, "kiosk")
        with _page(chromium, url, 390, 844) as page:
            _sign_in(page, owner, passwords[owner])
            page.goto("/desk")
            _take(page, "desk")
            page.goto(f"/desk/cases/{case['number']}")
            _take(page, "case")
        with _page(chromium, url, 1440, 860) as page:
            _sign_in(page, "tao.zhiyuan", passwords["tao.zhiyuan"])
            page.goto("/executive?period=4weeks")
            page.wait_for_selector(".js-plotly-plot .main-svg")
            _take(page, "executive")
        with _page(chromium, url, 1440, 900) as page:
            _sign_in(page, "admin", passwords["admin"])
            page.goto(f"/admin/roster?site={SITE}")
            _take(page, "roster")
        chromium.close()


class Hub:
    """The hub's API, as far as the pictures need it."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token

    def call(self, path: str, body: Any = None, **headers: str) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"} | headers
        sent = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"{self._url}/api/v1{path}", sent, headers)) as answer:  # noqa: S310
            return json.load(answer)

    def say(self, touchpoint: str, words: str | None, rating: dict[str, Any]) -> Any:
        said = {"channel": "link", "site": SITE, "touchpoint": touchpoint, "rating": rating}
        key = f"picture-{touchpoint}"
        return self.call("/feedback", said | ({"text": words} if words else {}), **{"Idempotency-Key": key})

    def kiosk(self, touchpoint: str) -> str:
        site = next(each for each in self.call("/sites")["items"] if each["code"] == SITE)
        return next(str(each["kiosk_url"]) for each in site["touchpoints"] if each["code"] == touchpoint)


@contextmanager
def _page(chromium: Browser, url: str, width: int, height: int) -> Iterator[Page]:
    size: Any = {"width": width, "height": height}
    context = chromium.new_context(base_url=url, locale="zh-CN", viewport=size, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def _sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)
    page.goto("/me")
    page.click("[name=language][value=zh-Hans]")


def _take(page: Page, name: str) -> None:
    page.wait_for_load_state("load")
    path = HERE / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(256).save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), sys.argv[3])
