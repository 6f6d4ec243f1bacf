"""One business day in a few minutes: guests speak, the clock is pushed, the staff act, all through HTTP."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

from cem.demo.chance import around, seeded
from cem.demo.client import Answered, Hub
from cem.demo.day import DayEvent
from cem.demo.pool import reply_for
from cem.demo.staff import CaseSeen, plan_actions

STEP: Final = timedelta(minutes=1)
LOOK_EVERY: Final = timedelta(minutes=1)
"""How often the staff look at their lists for what understanding has opened."""
AFTERWARDS: Final = timedelta(hours=4)
"""How long the staff go on after the last guest."""
REPLY_AFTER: Final = 45.0
"""Median minutes until somebody answers a feedback that opened no case."""

Progress = Callable[[int], object]


@dataclass(order=True, slots=True)
class _Due:
    at: datetime
    order: int
    act: Callable[[], None] = field(compare=False)


@dataclass(slots=True)
class Day:
    """What was sent, so that the report can ask the hub what became of it."""

    feedback_ids: list[str] = field(default_factory=list)
    with_text: list[str] = field(default_factory=list)
    case_ids: set[str] = field(default_factory=set)
    refused: dict[str, int] = field(default_factory=dict)


class Replay:
    """Walks through the day once. `run_name` makes its keys its own, so that a day can be played again."""

    def __init__(self, hub: Hub, events: Sequence[DayEvent], seed: int, run_name: str) -> None:
        self._hub = hub
        self._events = events
        self._seed = seed
        self._run = run_name
        self._due: list[_Due] = []
        self._order = count()
        self._now = self._clock()
        self._looked = self._now
        self.day = Day()

    def run(self, progress: Progress) -> Day:
        """Send the events at their times, act for the staff, push the clock. `progress`: events sent."""
        first = self._events[0].at
        start = self._now
        for event in self._events:
            self._at(start + event.at - first, lambda event=event: self._submit(event, progress))  # type: ignore[misc]
        end = start + self._events[-1].at - first + AFTERWARDS
        while self._now < end:
            self._work_until(self._now + STEP)
            self._push()
        return self.day

    def _work_until(self, moment: datetime) -> None:
        while self._due and self._due[0].at <= moment:
            heapq.heappop(self._due).act()
        if self._now - self._looked >= LOOK_EVERY:
            self._look()

    def _push(self) -> None:
        """To the next minute, or further where nobody has anything to do before."""
        target = self._now + STEP
        if self._due and self._due[0].at > target:
            target = min(self._due[0].at, self._now + LOOK_EVERY)
        seconds = max(int((target - self._now).total_seconds()), 1)
        answer = self._hub.post("/sandbox/clock", {"advance": f"PT{seconds}S"})
        self._now = datetime.fromisoformat(answer["now"])

    def _submit(self, event: DayEvent, progress: Progress) -> None:
        body = dict(event.body)
        if source := body.get("source"):
            body["source"] = {**source, "id": f"{self._run}/{source['id']}"}
        receipt = self._hub.post("/feedback", body, key=f"{self._run}/{event.key}")
        self.day.feedback_ids.append(receipt["id"])
        if body.get("text"):
            self.day.with_text.append(receipt["id"])
        if receipt["case"]:
            self._adopt(receipt["case"]["id"])
        elif receipt["ledger"]["state"] == "owed":
            rng = seeded(self._seed, "reply", event.key)
            self._at(self._now + around(rng, REPLY_AFTER), lambda: self._reply(receipt["id"]))
        progress(1)

    def _look(self) -> None:
        self._looked = self._now
        for case in self._hub.all("/cases", state="open"):
            self._adopt(case["id"])

    def _adopt(self, case_id: str) -> None:
        """Somebody sees a case for the first time, and will do what such people do."""
        if case_id in self.day.case_ids:
            return
        self.day.case_ids.add(case_id)
        seen = self._seen(self._hub.get(f"/cases/{case_id}"))
        for step in plan_actions(seen, seeded(self._seed, "staff", self._run, len(self.day.case_ids))):
            address = f"/cases/{case_id}/{step.action}"
            self._at(self._now + step.after, lambda a=address, b=step.body: self._act(a, b))  # type: ignore[misc]

    def _seen(self, case: dict[str, Any]) -> CaseSeen:
        feedback = self._hub.get(f"/feedback/{case['feedback_id']}")
        findings = feedback.get("findings") or {"topics": [], "risks": []}
        return CaseSeen(
            id=case["id"],
            priority=case["priority"],
            channel=feedback["channel"],
            language=feedback.get("language") or "zh-Hans",
            topics=tuple(topic["code"] for topic in findings["topics"]),
            risks=tuple(risk["code"] for risk in findings["risks"]),
        )

    def _reply(self, feedback_id: str) -> None:
        """Whoever owns it answers, unless a case has been opened for it since: then that is the way."""
        feedback = self._hub.get(f"/feedback/{feedback_id}")
        if feedback["ledger"]["state"] != "owed" or feedback["case_id"]:
            return
        language = feedback.get("language") or "zh-Hans"
        rng = seeded(self._seed, "words", feedback_id)
        spoken = "zh-Hant" if language.endswith("Hant") else "zh-Hans" if language.startswith("zh") else "en"
        words = reply_for(rng, "reply", "general", spoken).text
        via = "public_reply" if feedback["channel"] == "review" else "message"
        self._act(f"/feedback/{feedback_id}/replies", {"text": words, "via": via})

    def _act(self, path: str, body: dict[str, Any]) -> None:
        """What the staff do may come too late by a moment: that is life, and counted."""
        try:
            self._hub.post(path, body)
        except Answered as refusal:
            if refusal.status != 409:
                raise
            self.day.refused[refusal.code] = self.day.refused.get(refusal.code, 0) + 1

    def _at(self, moment: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._due, _Due(moment, next(self._order), act))

    def _clock(self) -> datetime:
        return datetime.fromisoformat(self._hub.get("/sandbox/clock")["now"])


def steps(items: Sequence[str], progress: Progress) -> Iterator[str]:
    """The items, telling `progress` of each."""
    for item in items:
        yield item
        progress(1)
