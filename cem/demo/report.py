"""What became of the day, asked of the hub's own API; the replayer's counters prove nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cem.demo.client import Hub
from cem.demo.replay import Day, Progress, steps


@dataclass(frozen=True, slots=True)
class Report:
    """`before` and `after` are `GET /ledger` around the day."""

    before: dict[str, Any]
    after: dict[str, Any]
    collected: int
    understood: int
    sentiments: Counter[str]
    abstained: int
    cases: Counter[str]
    priorities: Counter[str]
    promises: Counter[str]
    escalations: int
    refused: dict[str, int] = field(default_factory=dict)

    @property
    def balances(self) -> bool:
        """Whether every feedback of the day is in the ledger, in exactly one state."""
        grown = self.after["total"] - self.before["total"]
        return _sum(self.after) == self.after["total"] and grown == self.collected

    def lines(self) -> list[str]:
        after, grown = self.after, self.after["total"] - self.before["total"]
        answered, excused = after["answered"], sum(after["excused"].values())
        kept, broken = self.promises["met"], self.promises["breached"]
        total = kept + broken or 1
        return [
            f"collected    {self.collected} feedbacks today ({grown} more in the ledger)",
            f"understood   {self.understood} texts: {_counts(self.sentiments)};"
            f" {self.abstained} left to people",
            f"cases        {sum(self.cases.values())}: {_counts(self.cases)} ({_counts(self.priorities)})",
            f"promises     {kept} kept, {broken} broken ({100 * kept / total:.1f} % of {kept + broken} kept),"
            f" {self.promises['running'] + self.promises['paused']} still running",
            f"escalations  {self.escalations}",
            f"ledger       owed {after['owed']} (overdue {after['overdue']}) + thanked {answered['thanked']}"
            f" + personal {answered['personal']} + public {answered['public']} + excused {excused}"
            f" = {_sum(after)} of {after['total']}: {'balances' if self.balances else 'DOES NOT BALANCE'}",
        ]


def ask(hub: Hub, before: dict[str, Any], day: Day, progress: Progress) -> Report:
    """Read everything about the day from the API."""
    found = [hub.get(f"/feedback/{id}") for id in steps(day.feedback_ids, progress)]
    readings = [item["findings"] for item in found if item["findings"]]
    cases = [hub.get(f"/cases/{id}") for id in steps(_cases_of(found), progress)]
    promises = [promise for case in cases for promise in case["promises"]]
    return Report(
        before=before,
        after=hub.get("/ledger"),
        collected=len(found),
        understood=len(readings),
        sentiments=Counter(reading["sentiment"]["label"] for reading in readings),
        abstained=sum(reading["sentiment"]["abstained"] for reading in readings),
        cases=Counter(case["state"] for case in cases),
        priorities=Counter(case["priority"] for case in cases),
        promises=Counter(promise["state"] for promise in promises),
        escalations=sum(event["kind"] == "escalated" for case in cases for event in case["events"]),
        refused=day.refused,
    )


def _cases_of(found: Sequence[dict[str, Any]]) -> list[str]:
    return sorted({item["case_id"] for item in found if item["case_id"]})


def _sum(ledger: dict[str, Any]) -> int:
    return int(ledger["owed"] + sum(ledger["answered"].values()) + sum(ledger["excused"].values()))


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counter.items())) or "none"
