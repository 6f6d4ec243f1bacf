"""A draft reads what this customer said and may see, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cem.domain.findings import Findings, Risk, Sentiment, Topic
from cem.domain.ratings import Rating
from cem.domain.submission import GivenCustomer, Submission
from cem.domain.vocabulary import Channel, ExcuseReason, Outcome, ResolutionCode, Via
from cem.engine import case_endings, cases, replies, reply_drafts, reply_facts, triage
from cem.engine.case_endings import Resolution
from cem.engine.intake_lookup import Receipt
from cem.engine.reply_drafts import Made
from cem.engine.reply_facts import Asked
from cem.extensions import db
from cem.models import Feedback
from tests.world import World

SAID = "The room was loud, my name is Mary Field, call 13800138000 after 40 minutes. Mary Stone paid"
MARY = GivenCustomer(external_id="m1", name="Mary Stone", phone="13900139000", contact_consent=True)


def read(language: str = "en", risks: tuple[str, ...] = (), sentiment: str = "negative") -> Findings:
    label = Sentiment(sentiment, -1, -0.8, 0.9, False)  # type: ignore[arg-type]
    topic = Topic("room_noise", sentiment, 0.9, ((0, len(SAID)),))  # type: ignore[arg-type]
    return Findings(language, label, (topic,), tuple(Risk(one, 0.9) for one in risks), "normal", (), "test@1")


def say(world: World, text: str = SAID, reading: Findings | None = None, **more: object) -> Receipt:
    rating = Rating("csat5", 1)
    receipt = world.submit(Submission(Channel.LINK, "bund", "room", rating, text, **more))  # type: ignore[arg-type]
    world.settle()
    triage.apply([(receipt.feedback_id, reading or read())])
    world.settle()
    return receipt


def draft(world: World, receipt: Receipt, who: str = "zhou", **more: object) -> Made:
    asked = Asked(world.actor(who), lambda code: f"https://hub.example/t/{code}", **more)  # type: ignore[arg-type]
    return reply_drafts.for_case(world.case(receipt).id, asked)


def test_a_draft_names_what_was_said_who_has_it_and_what_comes_by_when(world: World) -> None:
    receipt = say(world)
    untaken = draft(world, receipt)
    assert "the noise" in untaken.draft.text and "bund" in untaken.draft.text
    assert "林知夏" not in untaken.draft.text, "the customer is told no name before somebody has taken it"
    cases.acknowledge(world.seen(receipt, "lin"))
    taken = draft(world, receipt).draft.text
    due = world.promise(receipt, "resolve").due_at
    assert "林知夏" in taken and receipt.tracking_code in taken and f"{due:%-d} November" in taken
    assert "林知夏" not in draft(world, receipt, "lin").draft.text, "whoever has it writes as themselves"


def test_nothing_that_is_for_colleagues_and_nothing_that_tells_who_somebody_is_gets_in(world: World) -> None:
    receipt = say(world, customer=MARY)
    cases.acknowledge(world.seen(receipt, "lin"))
    cases.note(world.seen(receipt, "lin"), "Offer 999 yuan, she is difficult")
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, "Wants 777 back", Outcome.NOT_REACHED)
    made = draft(world, receipt)
    everything = "\n".join((made.draft.text, *made.facts.literal(), repr(made.facts)))
    assert not re.search("999|777|difficult|13800138000|13900139000|Mary|m1", everything)
    assert "40 minutes" in made.facts.words and made.facts.call and made.facts.tried
    found = [
        one.text for one in reply_drafts.check("We pay 999 yuan, 13800138000, after 40 minutes", made.facts)
    ]
    assert found == ["999 yuan", "13800138000"]


def test_a_colleague_or_a_place_that_is_not_of_the_case_is_named(world: World) -> None:
    facts = draft(world, say(world)).facts
    assert [one.kind for one in reply_drafts.check("顾长风会找您，他在 soho", facts)] == ["name", "name"]
    assert reply_drafts.check("bund", facts) == ()


def test_nothing_of_other_customers_in_the_same_case(world: World) -> None:
    first, other = say(world), say(world, "My bill was 555 dollars")
    cases.acknowledge(world.seen(first, "lin"))
    case_endings.merge(world.seen(other, "lin"), world.case(first).id)
    made = draft(world, first)
    assert "555" not in repr(made.facts)
    same, again = (say(world, text, customer=MARY) for text in (SAID, "It took 66 days"))
    case_endings.merge(world.seen(again, "lin"), world.case(same).id)
    assert "66 days" in draft(world, same).facts.words, "what they said themselves is theirs"


def test_the_outcome_of_the_form_is_a_fact(world: World) -> None:
    receipt = say(world)
    cases.acknowledge(world.seen(receipt, "lin"))
    solving = draft(world, receipt, solving=True, done=ResolutionCode.REFUNDED)
    assert "refund" in solving.draft.text.lower() and solving.facts.stage == "solving"
    case_endings.resolve(
        world.seen(receipt, "lin"), Resolution(ResolutionCode.REPLACED, "x", reply="A new room.")
    )
    assert draft(world, receipt).facts.stage == "solved" and "replaced" in draft(world, receipt).draft.text


def test_the_second_letter_knows_of_the_first(world: World) -> None:
    receipt = say(world)
    replies.reply(receipt.feedback_id, "It is 21:15 now. How are you?", Via.MESSAGE, world.actor("lin"))
    made = draft(world, receipt)
    assert re.match("Hello again|Hello. Following", made.draft.text) and "?" not in made.draft.text
    assert reply_drafts.check("It was 21:15", made.facts) == (), "we have told them so"


@pytest.mark.parametrize(
    ("language", "word"), [("yue-Hant", "噪音的問題"), ("zh-Hant", "噪音的問題"), ("zh-Hans", "噪音的问题")]
)
def test_the_letter_is_in_the_customer_s_language_and_its_time_is_the_site_s(
    world: World, language: str, word: str
) -> None:
    receipt = say(world, reading=read(language))
    text = draft(world, receipt).draft.text
    assert word in text
    due = world.promise(receipt, "resolve").due_at
    assert f"{(due.hour + 8) % 24:02}:{due.minute:02}" in text, "Shanghai is eight hours ahead"


def test_self_harm_a_recused_writer_and_what_is_over_get_none_and_are_told_why(world: World) -> None:
    harm = draft(world, say(world, reading=read(risks=("self_harm",))))
    about = draft(world, say(world, staff="zhou"))
    gone = say(world)
    case_endings.dismiss(world.seen(gone, "lin"), ExcuseReason.TEST, "a test of ours")
    whys = [made.draft.why_none for made in (harm, about, draft(world, gone))]
    assert [why and why.code for why in whys] == ["draft_self_harm", "recused", "draft_nothing_owed"]


def test_what_has_no_case_gets_a_letter_too(world: World) -> None:
    receipt = world.say("Lovely and quiet", 5)
    triage.apply([(receipt.feedback_id, read(sentiment="positive"))])
    asked = Asked(world.actor("lin"), str)
    made = reply_drafts.for_feedback(receipt.feedback_id, asked)
    assert "how quiet it was" in made.draft.text and "sorry" not in made.draft.text
    replies.excuse(receipt.feedback_id, ExcuseReason.TEST, "a test", world.actor("lin"))
    why = reply_drafts.for_feedback(receipt.feedback_id, asked).draft.why_none
    assert why and why.code == "draft_nothing_owed"


def test_what_a_person_marked_as_private_stays_private(world: World) -> None:
    receipt = say(world, "Ask for Xiaobai")
    feedback = db.session.get_one(Feedback, receipt.feedback_id)
    reading = Findings.from_dict(read().as_dict() | {"pii": [{"kind": "name", "span": [8, 15]}]})
    assert reply_facts.masked(feedback.text or "", reading) == "Ask for •••"


def test_what_they_only_waited_for_is_not_apologised_for(world: World) -> None:
    said = "早餐等位等了半个钟，房间很脏"
    topics = (("waiting", (2, 9)), ("dining", (0, 4)), ("room_cleanliness", (10, 14)))
    found = tuple(Topic(code, "negative", 0.9, (span,)) for code, span in topics)
    made = draft(world, say(world, said, replace(read("zh-Hans"), topics=found)))
    assert [one.topic for one in made.facts.said] == ["waiting", "room_cleanliness"]
    assert "等候的时间和清洁卫生" in made.draft.text and "餐饮" not in made.draft.text


def test_an_answer_beside_a_review_holds_no_code(world: World) -> None:
    review = Submission(Channel.REVIEW, "bund", None, Rating("stars5", 1), "The room was loud")
    receipt = world.submit(review)
    world.settle()
    made = draft(world, receipt)
    assert made.facts.public and receipt.tracking_code not in made.draft.text
