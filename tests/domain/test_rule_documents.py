"""Rules come as JSON that people wrote: it is read, or refused by a field's name; it never falls over."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cem.domain.calendars import Calendar, due_at
from cem.domain.promises import DEFAULT_POLICY, Policy
from cem.domain.reasons import Invalid, Refused
from cem.domain.roster import Roster, on_duty

NOW = datetime(2026, 1, 9, 16, tzinfo=UTC)
CALENDAR: dict[str, Any] = {
    "timezone": "Asia/Shanghai",
    "week": [[["09:00", "17:00"]]] * 5 + [[], []],
    "exceptions": [{"date": "2026-02-16", "kind": "hours", "ranges": [["09:00", "12:00"]], "name": "x"}],
}
ROSTER: dict[str, Any] = {
    "timezone": "Asia/Shanghai",
    "shifts": [
        {"user": "ann", "weekdays": [0, 1], "start": "22:00", "end": "07:00"},
        {"users": ["ben", "cyd"], "turn": "day", "since": "2026-01-05", "weekdays": [4],
         "start": "09:00", "end": "24:00"},
    ],
    "overrides": [{"kind": "replace", "user": "ann", "with": "ben", "start": "2026-01-09T00:00Z",
                   "end": "2026-01-10T00:00Z"}],
    "fallback": "frida",
    "manager": "mona",
}  # fmt: skip


def use_calendar(document: Any) -> None:
    due_at(NOW, timedelta(hours=20), Calendar.from_document(document))


def use_roster(document: Any) -> None:
    on_duty(Roster.from_document(document), NOW)


KINDS: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]] = {
    "calendar": (CALENDAR, use_calendar),
    "roster": (ROSTER, use_roster),
    "policy": (DEFAULT_POLICY.to_document(), Policy.from_document),
}
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(
        ["24:00", "25:00", "9:00", "09:00+08:00", "0900", "0001-01-01T00:00+14:00", "9999-12-31"]
    ),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
every_kind = pytest.mark.parametrize("kind", KINDS)


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value within a document."""
    if isinstance(document, dict):
        inner = list(document.items())
    else:
        inner = list(enumerate(document)) if isinstance(document, list) else []
    return [found for key, value in inner for found in [(*path, key), *places(value, (*path, key))]]


def somewhere(document: Any, data: st.DataObject) -> tuple[Any, Any]:
    """A part of the document, and the key or index of one value in it."""
    *path, last = data.draw(st.sampled_from(places(document)))
    for key in path:
        document = document[key]
    return document, last


@every_kind
def test_the_document_as_it_should_be_is_read(kind: str) -> None:
    document, use = KINDS[kind]
    use(document)


@every_kind
@given(data=st.data())
def test_whatever_stands_in_one_place_it_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    document, use = deepcopy(KINDS[kind][0]), KINDS[kind][1]
    place, last = somewhere(document, data)
    place[last] = data.draw(JSON)
    with suppress(Invalid, Refused):
        use(document)


@every_kind
@given(data=st.data())
def test_whatever_is_left_out_it_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    document, use = deepcopy(KINDS[kind][0]), KINDS[kind][1]
    place, last = somewhere(document, data)
    del place[last]
    with suppress(Invalid, Refused):
        use(document)
