"""What rules did, and why one is refused, in words: part of `words`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask_babel import gettext

from cem.http.labels import SEVERITIES
from cem.http.promise_words import PROMISES, listed, minutes


def _promised(args: dict[str, Any]) -> str:
    said = [f"{PROMISES[kind]} {minutes(number)}" for kind, number in args.get("minutes", {}).items()]
    return gettext("Rule “%(rule)s” promises sooner: %(promises)s.", rule=args["rule"], promises=listed(said))


def _tiers(codes: Any) -> str:
    return listed(str(code).upper() for code in codes)


SENTENCES: Final[Mapping[str, Callable[[dict[str, Any]], str]]] = {
    "rule_raised": lambda a: gettext(
        "Rule “%(rule)s” makes it %(severity)s.", rule=a["rule"], severity=SEVERITIES[a["severity"]]
    ),
    "rule_promises": _promised,
    "owner_by_rule": lambda a: gettext("Rule “%(rule)s” gives it to you.", rule=a["rule"]),
    "owner_by_rule_recusal": lambda a: gettext("It is about whom the rule names, so it comes to you."),
    "rule_lowers": lambda a: gettext(
        "Rule “%(rule)s” would lower: without it this is %(given)s at least, not %(severity)s.",
        rule=a["rule"],
        given=SEVERITIES[a["given"]],
        severity=SEVERITIES[a["severity"]],
    ),
    "rule_slower_than_floor": lambda a: gettext(
        "Rule “%(rule)s” is slower than the floor promise: %(promises)s.",
        rule=a["rule"],
        promises=listed(PROMISES[kind] for kind in a["promises"]),
    ),
    "rule_value_lowers": lambda a: gettext(
        "Value lifts, never lowers: what rule “%(rule)s” gives tier %(tier)s, tier %(tiers)s must get too.",
        rule=a["rule"],
        tier=_tiers([a["tier"]]),
        tiers=_tiers(a["tiers"]),
    ),
    "rule_owner_sees_nothing": lambda a: gettext(
        "Whoever rule “%(rule)s” names may not see every place it holds for.", rule=a["rule"]
    ),
    "draft_out_of_date": lambda a: gettext(
        "Somebody published version %(version)s meanwhile. Throw this draft away and begin with that one.",
        version=a["version"],
    ),
    "merged_worse": lambda a: gettext(
        "Case %(number)s, which was merged into this one, is worse.", number=a["number"]
    ),
    "merged_case_goes_on": lambda a: gettext(
        "This case goes on in case %(number)s. Reopen that one.", number=a["number"]
    ),
    "rehearsal_without_history": lambda a: gettext(
        "Nothing came in here in the last %(days)s days, so there is nothing to rehearse against.",
        days=a["days"],
    ),
    "rehearsal_has_ended": lambda a: gettext("This rehearsal has ended already."),
    "draft_has_ended": lambda a: gettext("This draft was published or thrown away already."),
}
