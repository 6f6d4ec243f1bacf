"""What a complainant who disagrees may do further stands below letters to them, in the words of the house."""

from __future__ import annotations

import json

import pytest

from cem.domain.findings import Pii
from cem.domain.letters import rewording
from cem.domain.letters.compose import compose
from cem.domain.letters.facts import Stage
from cem.domain.letters.grounding import ungrounded
from cem.domain.vocabulary import ResolutionCode
from tests.domain.test_letters import RISKS, case

FURTHER = "如果您不同意，可在 15 天内写信给何总（www.house.example.com/say，400-820-1234），仲裁免费。"


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.TAKEN, Stage.SOLVING, Stage.SOLVED])
@pytest.mark.parametrize("risks", [(), (RISKS[0],)])
def test_a_letter_about_a_complaint_ends_with_it(stage: Stage, risks: tuple[str, ...]) -> None:
    facts = case(stage=stage, recourse=FURTHER, risks=risks)
    draft = compose(facts)
    assert draft.text.endswith(f"\n\n{FURTHER}")
    assert [fact.code for fact in draft.sentences[-1].rests_on] == ["recourse"]
    private = [Pii("phone", (at, at + 12)) for at in [draft.text.index("400-820")]]
    assert ungrounded(draft.text, facts, ("何总",), private) == (), "what the house says is no invention"


def test_praise_questions_and_what_has_no_case_have_none() -> None:
    for kind in ("praise", "question", "idea", "review", "rating"):
        assert FURTHER not in compose(case(kind=kind, recourse=FURTHER)).text
    assert FURTHER not in compose(case(stage=Stage.NO_CASE, recourse=FURTHER)).text
    assert compose(case(recourse="")).text == compose(case()).text


def test_it_is_said_once_and_again_where_something_was_decided() -> None:
    told = case(recourse=FURTHER, letters=(f"您好。\n\n{FURTHER}",))
    assert FURTHER not in compose(told).text
    solving = case(recourse=FURTHER, letters=told.letters, stage=Stage.SOLVING, done=ResolutionCode.NO_FAULT)
    assert compose(solving).text.endswith(FURTHER)


def test_a_question_in_it_is_none_of_ours() -> None:
    asks = "您不同意吗？请写信给我们。"
    letters = (f"您好。\n\n{asks}",)
    tapped = case(said=(), words="", call=True, rating="1 / 5", recourse=asks, letters=letters)
    assert compose(tapped).text.count("？") == 1, "theirs, about what went wrong"


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("请在 15 天内写信", []),
        ("请看 www.house.example.com/say", []),
        ("请打 400-820-1234", []),
        ("请在 16 天内写信", ["number"]),
        ("请看 www.house.example.com", ["link"]),
        ("请打 400-820-9999", ["private"]),
    ],
)
def test_parts_of_it_may_stand_alone_and_nothing_else(words: str, kinds: list[str]) -> None:
    at = words.find("400")
    private = [Pii("phone", (at, at + 12))] if at >= 0 else []
    found = [one.kind for one in ungrounded(words, case(recourse=FURTHER), (), private)]
    assert found[:1] == kinds


def test_it_leaves_for_no_assistant() -> None:
    facts = case(recourse=FURTHER)
    draft = compose(facts).text
    asked = rewording.question(draft, facts, ())
    assert "house.example" not in asked.body("m") and "[[FURTHER]]" in asked.body("m")
    back = rewording.filled(json.loads(asked.messages[1]["content"])["draft"], asked)
    assert back == draft, "to the letter"
