"""Solved cases like one: found by what their words mean, for those who may see them, with nothing private."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import delete, select, update

from cem.domain.likeness import Likeness, worth_showing
from cem.domain.vocabulary import ResolutionCode
from cem.engine import case_endings, cases, meanings, reopenings, similar, triage, understanding
from cem.engine.case_endings import Resolution
from cem.engine.intake_lookup import Receipt
from cem.engine.meanings import Made
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.models import Feedback, FindingsRow, Meaning, ModelUse
from nlp.backends.base import Reading
from nlp.backends.lexical import LexicalBackend
from nlp.similar import pack
from nlp.texts import Document
from tests.engine.readings import findings
from tests.world import World
from workers.jobs import analyse

SPACE = "test/1"
COLD, LATE, RUDE = (tuple(float(at == place) for at in range(4)) for place in range(3))


def between(one: Sequence[float], other: Sequence[float], share: float) -> bytes:
    """A meaning so near to `one` on the way to `other`."""
    row = share * np.array(one, np.float32) + (1 - share**2) ** 0.5 * np.array(other, np.float32)
    return pack(row)


def say(world: World, text: str, meaning: bytes | None, space: str = SPACE) -> Receipt:
    receipt = world.say(text, 1)
    world.settle()
    made = Made(space, {receipt.feedback_id: meaning} if meaning else {})
    triage.apply([(receipt.feedback_id, findings())], meanings=made)
    return receipt


def solve(world: World, receipt: Receipt, summary: str = "Called them", reply: str = "We are sorry.") -> int:
    cases.acknowledge(world.seen(receipt, "lin"))
    solution = Resolution(ResolutionCode.REPLACED, summary, reply=reply)
    case_endings.resolve(world.seen(receipt, "lin"), solution)
    return world.case(receipt).number


def like(world: World, receipt: Receipt, path: str = "group/") -> similar.Found:
    return similar.solved_like(world.case(receipt).id, path)


def test_the_nearest_solved_cases_come_first_with_how_they_were_solved(world: World) -> None:
    asked = say(world, "The soup was cold", pack(np.array(COLD)))
    open_one = say(world, "Cold soup", pack(np.array(COLD)))
    near = solve(world, say(world, "My soup was cold, call 13800138000", between(COLD, LATE, 0.9)),
                 "Rang 13800138000, new soup", "Dear guest, 13800138000 was rung.")  # fmt: skip
    some = solve(world, say(world, "Everything took its time", between(COLD, LATE, 0.4)))
    solve(world, say(world, "The waiter was rude", pack(np.array(RUDE))))
    found = like(world, asked)
    assert [one.number for one in found.items] == [near, some], "neither the open one nor what is unlike"
    first, second = found.items
    assert (first.likeness, second.likeness) == (Likeness.NEARLY_THE_SAME, Likeness.SOMEWHAT_ALIKE)
    assert (first.text, first.reply) == ("My soup was cold, call •••", "Dear guest, ••• was rung.")
    assert (first.code, first.summary) == (ResolutionCode.REPLACED, "Rang •••, new soup")
    assert similar.reply_of(near, "group/") == first.reply
    assert similar.reply_of(near, "group/west/") is None
    assert similar.reply_of(world.case(open_one).number, "group/") is None


def test_only_what_the_reader_may_see_and_never_the_case_itself(world: World) -> None:
    asked = say(world, "The soup was cold", pack(np.array(COLD)))
    solve(world, asked)
    found = like(world, asked)
    assert (found.items, found.why and found.why.code) == ((), "similar_none_solved")
    solve(world, say(world, "Cold soup", pack(np.array(COLD))))
    assert like(world, asked).items
    assert like(world, asked, "group/west/").why is not None


def test_what_is_opened_again_is_no_example_and_the_customer_s_word_is_told(world: World) -> None:
    asked = say(world, "The soup was cold", pack(np.array(COLD)))
    one = say(world, "Cold soup", pack(np.array(COLD)))
    solve(world, one)
    assert [each.customer for each in like(world, asked).items] == ["no_answer"]
    reopenings.not_solved(one.feedback_id)
    assert like(world, asked).items == ()
    cases.acknowledge(world.seen(one, "lin"))
    case_endings.resolve(
        world.seen(one, "lin"), Resolution(ResolutionCode.REFUNDED, "Paid back", reply="Paid.")
    )
    assert [each.customer for each in like(world, asked).items] == ["not_at_first"]
    reopenings.solved(one.feedback_id)
    assert [(each.customer, each.summary) for each in like(world, asked).items] == [("solved", "Paid back")]


def test_it_says_why_there_are_none(world: World) -> None:
    solve(world, say(world, "The waiter was rude", pack(np.array(RUDE))))
    unlike = say(world, "The soup was cold", pack(np.array(COLD)))
    unread = say(world, "Soup, cold", None)
    elsewhere = say(world, "The waiter was rude", pack(np.array(RUDE)), "another/1")
    with transaction() as tx:
        tx.session.add(
            ModelUse(id=unread.feedback_id, since=tx.now, profile="standard", model="fast@2", code="not_made")
        )
    whys = [like(world, receipt).why for receipt in (unlike, unread, elsewhere)]
    assert [why and why.code for why in whys] == ["similar_none", "similar_not_read", "similar_none_solved"]
    with transaction() as tx:
        tx.session.execute(update(ModelUse).values(profile="fast", code=None))
    assert (why := like(world, unread).why) and why.code == "similar_words_only"
    tapped = world.tap(1)
    assert (why := like(world, tapped).why) and why.code == "similar_no_words"


def test_a_meaning_is_kept_once_and_goes_with_the_words(world: World) -> None:
    receipt = say(world, "The soup was cold", pack(np.array(COLD)))
    id = receipt.feedback_id
    again = Made(SPACE, {id: pack(np.array(LATE))})
    assert triage.apply([(id, findings())], meanings=again) == 0
    assert db.session.scalars(select(Meaning.vector)).all() == [pack(np.array(COLD))]
    triage.apply([(id, findings(model="next@1"))], meanings=Made("next/1", again.of))
    assert db.session.scalar(select(db.func.count()).select_from(Meaning)) == 2
    assert understanding.unread_by("test@1", SPACE) == 0 and understanding.unread_by("test@1", "third/1") == 1
    with transaction() as tx:
        tx.session.execute(update(Feedback).where(Feedback.id == id).values(text=""))
    assert db.session.scalars(select(Meaning.space)).all() == []
    triage.apply([(id, findings(model="late@1"))], meanings=Made(SPACE, again.of))
    assert db.session.scalars(select(Meaning.space)).all() == [], "it was erased while it was read"


@pytest.mark.parametrize(("scores", "count"), [((0.9,) * 8, 5), ((0.4, 0.34), 1), ((0.2,), 0)])
def test_five_at_most_and_nothing_that_is_not_alike(scores: tuple[float, ...], count: int) -> None:
    shown, why = worth_showing(list(enumerate(scores)))
    assert len(shown) == count and (why is None) == bool(count)


class Encoder(LexicalBackend):
    """Reads words, and calls every text the same."""

    encoder = "tiny"

    def score(self, documents: Sequence[Document]) -> list[Reading]:
        vector = np.array(COLD, np.float32)
        return [replace(reading, vector=vector) for reading in super().score(documents)]


def test_what_was_read_before_is_made_comparable_in_the_background(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [world.say(f"Cold soup, {number}") for number in range(analyse.PART + 3)]
    world.say("\n", 5)
    triage.apply([(receipt.feedback_id, findings()) for receipt in said])
    reader = understanding.reader()
    monkeypatch.setattr(reader, "_backend", Encoder())
    world.settle()
    with transaction() as tx:
        tx.session.execute(delete(Meaning))
    before = db.session.scalar(select(db.func.count()).select_from(FindingsRow))
    understanding.go_on()
    world.settle()
    assert db.session.scalar(select(db.func.count()).select_from(Meaning)) == len(said)
    assert db.session.scalar(select(db.func.count()).select_from(FindingsRow)) == before, (
        "nothing is read anew"
    )
    assert meanings.without("tiny/0", 9) == [] and not meanings.any_without()
