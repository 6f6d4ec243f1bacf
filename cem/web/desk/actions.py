"""Which keys a case shows: one that matters now, three beside it, the rest under "more"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import url_for
from flask_babel import gettext
from flask_login import current_user

from cem.domain.case import LIVE, available_actions
from cem.domain.vocabulary import CaseAction, CaseState
from cem.http.words import ACTIONS
from cem.web.desk.case_rows import Rows

BESIDE: Final = 3
AT_ONCE: Final = frozenset({CaseAction.ACKNOWLEDGEMENT, CaseAction.RESUMPTION, CaseAction.CLOSURE})
"""One touch: nothing has to be written first."""

_PAUSES: Final = frozenset({CaseAction.PAUSE_CUSTOMER, CaseAction.PAUSE_THIRD_PARTY})
_ICONS: Final = {
    "acknowledgement": "check",
    "contacts": "pen",
    "resolution": "check",
    "assignment": "swap",
    "notes": "chat",
    "pause": "pause",
    "resumption": "play",
    "closure": "check",
    "dismissal": "close",
    "merge": "layers",
    "reopening": "undo",
}


@dataclass(frozen=True, slots=True)
class Key:
    """`at_once` is a form of one button, else a link (to a form, or to the phone)."""

    code: str
    word: str
    icon: str
    href: str
    at_once: bool
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    main: Key | None
    beside: tuple[Key, ...]
    more: tuple[Key, ...]
    why_none: str = ""
    mine: bool = False


def is_recused(rows: Rows) -> bool:
    """Nobody handles a complaint about themselves."""
    return any(one.staff == current_user.username for one in rows.feedback if one.staff)


def possible(rows: Rows) -> tuple[str, ...]:
    """The parts of the address that this person may perform now; empty for whom it is about."""
    if is_recused(rows):
        return ()
    actions = available_actions(rows.snapshot)
    names = ["pause" if action in _PAUSES else action.value for action in actions]
    return tuple(dict.fromkeys(names))


def keys(rows: Rows) -> Keys:
    """What is offered, and what the one big key does in this state."""
    open_to_me = possible(rows)
    main = _main(rows, open_to_me)
    order = [name for name in _ICONS if name in open_to_me and (main is None or name != main.code)]
    others = [_key(rows, name) for name in order] + _letter(rows, open_to_me)
    why = gettext("It is about you, so somebody else handles it.") if is_recused(rows) else ""
    return Keys(
        main, tuple(others[:BESIDE]), tuple(others[BESIDE:]), why, rows.case.owner_id == current_user.id
    )


def _main(rows: Rows, open_to_me: tuple[str, ...]) -> Key | None:
    case = rows.case
    if not open_to_me:
        return None
    if case.state is CaseState.OPEN:
        return _key(rows, "acknowledgement")
    if case.state is CaseState.RESOLVED:
        return _key(rows, "closure")
    if "resolution" not in open_to_me:
        return None
    if case.answered_at is not None:
        return _key(rows, "resolution")
    return _call(rows) or _key(rows, "contacts")


def _letter(rows: Rows, open_to_me: tuple[str, ...]) -> list[Key]:
    """Writing to the customer is no step of the case: it is possible for as long as the case lives."""
    if not open_to_me or rows.case.state not in LIVE:
        return []
    href = url_for("desk.case_reply", number=rows.case.number)
    return [Key("replies", gettext("Write to the customer"), "send", href, at_once=False)]


def _call(rows: Rows) -> Key | None:
    customer = rows.customer
    if customer is None or not customer.contact_consent or not customer.phone:
        return None
    name = customer.name or gettext("the customer")
    number = "".join(sign for sign in customer.phone if sign.isdigit() or sign == "+")
    return Key("call", gettext("Call %(name)s", name=name), "phone", f"tel:{number}", False, customer.phone)


def _key(rows: Rows, name: str) -> Key:
    word: Any = gettext("Pause") if name == "pause" else ACTIONS[name]
    href = url_for("desk.act", number=rows.case.number, action=name)
    at_once = name in {action.value for action in AT_ONCE}
    return Key(name, str(word), _ICONS[name], href, at_once)
