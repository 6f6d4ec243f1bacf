"""Times as a letter says them: never "today" or "tomorrow", because nobody knows when it is read."""

from __future__ import annotations

from datetime import datetime
from typing import Final

_ZH: Final = "一二三四五六日"
_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def spoken_day(at: datetime, language: str) -> str:
    """`11 月 23 日（周一）`, `11 月 23 日（週一）`, `Monday 23 November`."""
    if language == "en":
        return f"{_EN[at.weekday()]} {at.day} {MONTHS[at.month - 1]}"
    week = "週" if language == "zh-Hant" else "周"
    return f"{at.month} 月 {at.day} 日（{week}{_ZH[at.weekday()]}）"


def spoken_moment(at: datetime, language: str) -> str:
    """The day with the time, cut off to the minute: what is said is never later than what is due."""
    clock = f"{at:%H:%M}"
    if language == "en":
        return f"{clock} on {spoken_day(at, language)}"
    return f"{spoken_day(at, language)}{clock}"
