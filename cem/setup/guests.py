"""The rows of the demo's customers and of what they bought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from cem.demo.customers import DemoCustomer
from cem.engine.intake_lookup import CustomerFacts, Known
from cem.engine.rows import Rows
from cem.ids import new_id
from cem.models import Customer, Purchase
from cem.models.sealed import look_up_hash

ORDER: Final = (Customer, Purchase)


def add_guests(rows: Rows, guests: Iterable[DemoCustomer], sites: Mapping[str, UUID]) -> Known:
    """Add them to `rows`; what intake knows of them."""
    known = Known()
    for guest in guests:
        id = new_id(guest.created_at)
        rows.add(Customer, _customer(id, guest))
        known.customers["external_id", guest.external_id] = CustomerFacts(id, guest.tier)
        for bought in guest.purchases:
            row = {
                "id": new_id(bought.at),
                "customer_id": id,
                "site_id": sites[bought.site],
                "at": bought.at,
                "amount_minor": bought.amount_minor,
                "currency": bought.currency,
            }
            rows.add(Purchase, row)
    return known


def _customer(id: UUID, guest: DemoCustomer) -> dict[str, Any]:
    return {
        "id": id,
        "external_id": guest.external_id,
        "name": guest.name,
        "phone": guest.phone,
        "phone_hash": look_up_hash(guest.phone) if guest.phone else None,
        "email": guest.email,
        "email_hash": look_up_hash(guest.email) if guest.email else None,
        "tier": guest.tier,
        "language": guest.language,
        "contact_consent": guest.contact_consent,
        "created_at": guest.created_at,
    }
