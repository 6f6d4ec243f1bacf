"""What the specimen page shows: one of everything, in every state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from cem.domain.findings import Topic
from cem.http.clocks import ClockView, clock_view
from cem.http.marks import segments

NOW = datetime(2025, 11, 24, 2, 1, 40, tzinfo=UTC)
WORDS = "宵夜的面很好吃，可隔壁太吵，服务员说没办法。"


def cast() -> dict[str, Any]:
    """The names that components.html uses."""
    return {
        "clocks": clocks(),
        "rows": [
            _row("overdue-case", clocks()["overdue"], "b"),
            _row("running-case", clocks()["running"], "a"),
        ],
        "tapped_row": _tapped_row(),
        "words": segments(WORDS, _topics()),
        "counts": SimpleNamespace(thanked=611, personal=402, public=148, owed=84, overdue=3, excused=36),
        "server_now": NOW.isoformat(),
    }


def clocks() -> dict[str, ClockView]:
    start = NOW - timedelta(minutes=10)
    return {
        "running": clock_view(start, NOW + timedelta(minutes=8, seconds=20), NOW, "首次联系，02:10 前"),
        "soon": clock_view(start, NOW + timedelta(minutes=1, seconds=5), NOW, "02:02 前应下"),
        "overdue": clock_view(start, NOW - timedelta(minutes=6), NOW, "01:55 前要联系"),
        "paused": clock_view(start, NOW + timedelta(hours=4), NOW, "夜里不计，07:00 接着走", paused=True),
        "kept": clock_view(start, NOW, NOW, "应下", fulfilled_at=start + timedelta(seconds=20)),
        "late": clock_view(start, start + timedelta(minutes=1), NOW, "应下", fulfilled_at=NOW),
    }


def _topics() -> tuple[Topic, ...]:
    return (
        Topic("food", "positive", 0.9, ((3, 7),)),
        Topic("noise", "negative", 0.9, ((9, 13),)),
        Topic("staff", "negative", 0.8, ((14, 21),)),
    )


def _row(key: str, clock: ClockView, tier: str) -> SimpleNamespace:
    return SimpleNamespace(
        id=key,
        href=f"/desk/cases/{key}",
        clock=clock,
        where="1208 房",
        who="陈女士 · 微信",
        tier=tier,
        language="zh-Hans",
        words=segments(WORDS, _topics()),
        tapped=None,
        why="外滩店今夜你值班",
    )


def _tapped_row() -> SimpleNamespace:
    return SimpleNamespace(
        id="tapped-case",
        href="/desk/cases/3",
        clock=clocks()["soon"],
        where="前台 2 号柜",
        who="评价机",
        tier="unknown",
        language="",
        words=[],
        tapped=(1, "点了“很不满意”，没留话"),
        why="前台今夜归你",
    )
