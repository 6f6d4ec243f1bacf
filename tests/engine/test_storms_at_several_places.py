"""One cause at several places is one page for the person above them, not one for each place."""

from __future__ import annotations

import pytest

from cem.domain.ratings import Rating
from cem.domain.submission import Submission
from cem.domain.vocabulary import Channel, DeliveryKind
from cem.engine import group_steps, organisation, rules, verify
from cem.extensions import db
from cem.models import CaseGroup, Delivery
from tests.engine.outside import reachable, sent_to
from tests.world import World


@pytest.fixture
def region(world: World) -> World:
    """gu is the region of both branches."""
    soho = organisation.current(db.session.connection()).by_code["soho"].roster.to_document()
    rules.publish_rules("roster", "soho", soho | {"region": str(world.people["gu"])})
    return world


def storm(world: World, site: str, touchpoint: str = "front-desk") -> None:
    for _ in range(5):
        world.submit(Submission(Channel.KIOSK, site, touchpoint, Rating("faces5", 1)))
    world.settle()


def two_outages(world: World) -> None:
    """The ladder of the Bund comes to gu after ten minutes, those of Soho a minute later."""
    storm(world, "bund")
    world.fast_forward(minutes=9)
    storm(world, "soho")
    storm(world, "soho", "room")
    world.fast_forward(minutes=1)


def pages(world: World, transport: str = "inbox") -> list[Delivery]:
    return [row for row in sent_to(world, "gu", transport) if row.kind is DeliveryKind.ESCALATION]


def groups_of(row: Delivery) -> int:
    return len(row.message.get("groups", [row.group_id]))


@pytest.mark.parametrize("way", ["inbox", "email"])
def test_the_first_place_is_told_of_at_once_and_the_others_together(region: World, way: str) -> None:
    for who in ("lin", "zhou", "shen", "outsider", "gu"):
        reachable(region, who, "email", f"{who}@example.com")
    two_outages(region)
    assert [groups_of(row) for row in pages(region, way)] == [1]
    region.fast_forward(minutes=3, seconds=30)
    _, second = pages(region, way)
    assert groups_of(second) == 2
    assert len(second.case_ids or ()) == 10
    assert second.text is not None
    assert "soho" in second.text
    assert verify.faults() == []


def test_a_place_that_somebody_took_by_then_is_left_out(region: World) -> None:
    two_outages(region)
    region.fast_forward(minutes=2)
    groups = db.session.scalars(db.select(CaseGroup.id).order_by(CaseGroup.id)).all()
    group_steps.acknowledge(groups[1], region.actor("outsider"))
    region.fast_forward(minutes=1, seconds=30)
    assert [row.group_id for row in pages(region)] == [groups[0], groups[2]]


def test_where_all_of_them_were_taken_nobody_is_paged(region: World) -> None:
    two_outages(region)
    region.fast_forward(minutes=2)
    for id in db.session.scalars(db.select(CaseGroup.id).order_by(CaseGroup.id)).all()[1:]:
        group_steps.acknowledge(id, region.actor("outsider"))
    region.fast_forward(minutes=4)
    assert len(pages(region)) == 1
