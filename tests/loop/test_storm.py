"""J7: a system fails and thirty customers touch the worst face; one page, one key, one text, nothing lost."""

from __future__ import annotations

import re

from tests.engine.outside import robot
from tests.loop.conftest import Loop

COUNT = 30


def test_a_storm_is_one_page_one_key_and_one_text_and_the_ledger_comes_back_to_nothing_owed(
    loop: Loop,
) -> None:
    with loop.office.inside():
        robot(loop.office.world, "east")
    for _ in range(3):
        for _ in range(COUNT // 3):
            loop.tap(1)
        loop.passes(seconds=50)
    told = [(to, kind) for _, to, kind in loop.told() if to == "lin"]
    assert told == [("lin", "page")] * 4 + [("lin", "group")]
    assert len([to for _, to, _ in loop.told() if to == "east"]) <= 20
    assert loop.ledger() == loop.ledger() | {"total": COUNT, "owed": COUNT}

    loop.passes(minutes=3)
    assert [to for _, to, _ in loop.told("digest")] == ["lin", "east"], "how it stands, every five minutes"
    before = loop.told("escalation")
    lin = loop.office.desk("lin")
    queue = lin.page("/desk")
    assert f"{COUNT} at once" in queue
    group = re.search(r'href="(/desk/groups/[0-9a-f-]+)"', queue)
    assert group is not None
    page = lin.page(group[1])
    assert f"I take all {COUNT} together" in page
    assert lin.post(f"{group[1]}/acknowledgement").status_code == 303
    assert {case["state"] for case in loop.cases()} == {"acknowledged"}

    text = {"text": "The till was down until ten. It works again, and we are sorry.", "via": "message"}
    preview = lin.post(f"{group[1]}/replies", **text).text
    assert f"It goes to {COUNT} customers." in preview
    ids = re.findall(r'type="hidden" name="case" value="([0-9a-f-]+)"', preview)
    assert lin.post(f"{group[1]}/replies", approved="yes", case=ids, **text).status_code == 303
    assert loop.ledger() == loop.ledger() | {"owed": 0}
    assert loop.ledger()["answered"]["personal"] == COUNT

    solved = {"code": "explained", "summary": "The till was down until ten."}
    assert f"Solve all {COUNT} that were answered" in lin.page(group[1])
    assert lin.post(f"{group[1]}/resolution", **solved).status_code == 303
    assert {case["state"] for case in loop.cases()} == {"resolved"}

    loop.passes(hours=1)
    assert loop.told("escalation", "breach") == before, "nobody was told of it any more"


def test_nobody_takes_the_storm_and_the_ladder_runs_once_for_all_of_it(loop: Loop) -> None:
    for _ in range(8):
        loop.tap(1)
    loop.passes(minutes=26)
    assert [(minute, to) for minute, to, kind in loop.told("group", "escalation")] == [
        (0, "lin"),
        (2, "zhou"),
        (5, "shen"),
        (10, "gu"),
        (25, "gu"),
    ]
    items = loop.program.get("/sandbox/deliveries").json["items"]
    last = [item for item in items if item["kind"] == "escalation"][-1]
    assert len(last["case_ids"]) == 8
