"""What left for somebody else's model is kept for as long as the settings say, and then only that it left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cem import clock
from cem.engine import assistant
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.models import AuditRow, Feedback
from tests.engine.test_assistant import SAID, Case, calls, says, server, taken
from tests.transports.others import WebServer, web_server
from tests.world import World


@pytest.fixture
def there() -> Iterator[WebServer]:
    with web_server() as found:
        yield found


@pytest.fixture
def case(world: World, there: WebServer) -> Case:
    """The assistant is on, and answers with what it was given."""
    assistant.switch(server(there), True, world.actor("admin"))
    says(there, lambda draft: draft)
    return taken(world, SAID)


def test_the_words_are_erased_when_their_days_are_over_and_the_call_itself_stays(
    case: Case, there: WebServer
) -> None:
    world = case.world
    settings = world.app.extensions["cem_settings"]
    assert settings.assistant_days == 90
    world.app.extensions["cem_settings"] = replace(settings, assistant_days=2)
    case.reword(server(there))
    begun = clock.now()
    for hours in (24, 47.9, 48.1):
        clock.stand_at(begun + timedelta(hours=hours))
        world.settle()
        if hours == 24:
            case.reword(server(there))
        if hours < 48:
            assert all(call.request and call.answer for call in calls()), "not a moment too early"
    first, second = calls()
    assert (first.request, first.answer, first.outcome) == ("", "", "used")
    assert first.sent > 0 and first.received and first.case_id == case.about.case_id
    assert second.request and second.answer
    world.settle()
    erased = select(AuditRow.details).where(AuditRow.action == "assistant.erased")
    assert list(db.session.scalars(erased)) == [{"calls": 1}], "once, and without a word"


def test_an_answer_to_words_that_were_erased_meanwhile_is_not_kept(case: Case, there: WebServer) -> None:
    answers = there.looks

    def erased() -> None:
        with case.world.app.app_context(), transaction() as tx:
            tx.session.execute(update(Feedback).where(Feedback.id == case.about.feedback_id).values(text=""))
        answers()

    there.looks = erased
    case.reword(server(there))
    (call,) = calls()
    assert (call.request, call.answer) == ("", "") and call.outcome and call.ended_at
