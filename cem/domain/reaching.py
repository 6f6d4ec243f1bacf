"""Whether an answer gets to its customer by a way, and why not: asked before it is sent, and when it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cem.domain.reasons import Reason
from cem.domain.vocabulary import Via

TO_MANY: Final = (Via.MESSAGE, Via.EMAIL, Via.SMS, Via.WECHAT)
"""The ways by which one text goes to many; a call or a visit is one person's."""
_ON_THEIR_PAGE: Final = frozenset({Via.MESSAGE, Via.PUBLIC_REPLY})


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of a customer: whether they agreed, and what they can be reached by."""

    agreed: bool
    phone: bool
    email: bool


def why_not(via: Via, customer: Contact | None) -> Reason | None:
    """Why an answer by this way does not get there; None where it does.

    What stands on the page under their code gets to everybody who looks; anything else needs their consent.
    """
    if via in _ON_THEIR_PAGE:
        return None
    if customer is None:
        return Reason("unreached.unknown")
    if not customer.agreed:
        return Reason("unreached.no_consent")
    if via is Via.EMAIL:
        return None if customer.email else Reason("unreached.no_address")
    return None if customer.phone else Reason("unreached.no_number")
