"""The whole document of an evaluation, on texts of which the answer is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nlp import gate, rivals, runs, shown, tables, trials
from nlp.aspects import GROUP_OF_ASAP, schemes
from nlp.labelled import CHALLENGES, EXAM, Labelled, LabelledSet, Unreadable, own, read_folder
from tests.nlp.conftest import Reader

ROWS = (
    Labelled("味道很好吃", "restaurant", "positive", {"food_taste": "positive"}, (), language="zh-Hans"),
    Labelled(
        "服务态度很差", "restaurant", "negative", {"staff_attitude": "negative"}, (), language="zh-Hans"
    ),
    Labelled("Terrible food", "restaurant", "negative", {"food": "negative"}, (), language="en"),
    Labelled("吃完上吐下泻", "restaurant", "negative", {}, ("food_poisoning",), language="zh-Hans"),
    Labelled("我们四个人去的", "restaurant", "neutral", {}, (), language="zh-Hans"),
)
CASES = (
    Labelled("不难吃", "restaurant", "positive", kind="negation"),
    Labelled("不好吃", "restaurant", "negative", kind="negation", risks=()),
)
SETS = (LabelledSet("few", ROWS), LabelledSet(CHALLENGES, CASES))


@pytest.fixture(scope="module")
def table(read: Reader) -> dict[str, object]:
    return tables.measure(read.pipeline, SETS, compare=False)


def test_every_text_is_read_once_and_said_to_be(read: Reader) -> None:
    said: list[int] = []
    tables.measure(read.pipeline, SETS, said.append, compare=False)
    assert sum(said) == tables.count(SETS)


def test_sentiment_is_told_in_three_classes_and_in_two(
    table: dict[str, dict[str, dict[str, object]]],
) -> None:
    few = table["sentiment"]["few"]
    assert few["n"] == 5 and few["sided"] == 4
    assert few["two_classes"] == {"n": 4, "accuracy": 1.0, "macro_f1": 1.0}


def test_topics_risks_and_challenges_are_in_it(table: dict[str, dict[str, dict[str, object]]]) -> None:
    assert table["topics"]["few"]["mentioned"]["classes"]["food_taste"]["recall"] == 1.0  # type: ignore[index]
    assert table["risks"]["recall_of_any"] == 1.0
    assert table["challenges"]["negation"]["n"] == 2


def test_traditional_characters_lose_nothing(table: dict[str, dict[str, object]]) -> None:
    assert table["scripts"]["n"] == 4 and table["scripts"]["lost"] == 0.0


def test_it_is_shown_and_kept_and_the_newest_is_kept(table: dict[str, object], tmp_path: Path) -> None:
    about = {"profile": "fast", "data": "own", "name": "few", "made_at": "2026-01-01T00:00:00+00:00"}
    run = table | about
    text = "\n".join(shown.lines(run))
    assert "few" in text and "food_poisoning" in text and "negation" in text
    kept = runs.kept_at(tmp_path)
    runs.keep(run, kept)
    runs.keep(run | {"name": "newer"}, kept)
    assert [each["name"] for each in runs.read(kept)] == ["newer"]
    own_runs = [each for each in runs.shown(tmp_path) if (each["profile"], each["data"]) == ("fast", "own")]
    assert [each["name"] for each in own_runs] == ["newer"]


def test_the_exam_is_shown_with_its_kinds_and_borne_where_a_run_is_older(table: dict[str, object]) -> None:
    run = table | {"name": "few"}
    figures = {"n": 9, "label_right": 0.123, "sign_right": 0.5, "macro_f1": 0.25}
    asked = run | {"exam": figures | {"kinds": {"traditional": figures}}}
    text = "\n".join(shown.lines(asked))
    assert "blind exam" in text and "traditional" in text and "12.3" in text
    older = {name: value for name, value in run.items() if name != "exam"}
    assert "blind exam" not in "\n".join([*shown.lines(run), *shown.lines(older)])


def test_a_broken_file_of_runs_is_none(tmp_path: Path) -> None:
    runs.kept_at(tmp_path).write_text("{", "utf-8")
    assert runs.read(runs.kept_at(tmp_path)) == []


def test_the_package_carries_a_run_of_both_profiles() -> None:
    shipped = {(run["profile"], run["data"]) for run in runs.read(runs.SHIPPED)}
    assert {("fast", "own"), ("standard", "own")} <= shipped


def test_our_own_texts_are_held_out_sentences_challenges_and_the_exam() -> None:
    held_out, cases, exam = own()
    assert len(held_out.rows) > 100 and cases.name == CHALLENGES
    assert len(exam.rows) > 200 and exam.name == EXAM and all(row.kind for row in exam.rows)


def test_the_exam_is_told_by_itself_and_moves_no_other_figure(
    read: Reader, table: dict[str, dict[str, object]]
) -> None:
    rows = (
        Labelled("不难吃", "restaurant", "positive", kind="negation"),
        Labelled("味道很好吃", "restaurant", "negative", kind="plain"),
    )
    sets = (*SETS, LabelledSet(EXAM, rows))
    asked = tables.measure(read.pipeline, sets, compare=False)
    exam = asked["exam"]
    assert (exam["n"], exam["label_right"]) == (2, 0.5)
    assert {kind: row["n"] for kind, row in exam["kinds"].items()} == {"negation": 1, "plain": 1}
    judged = ("sentiment", "pooled", "parts", "topics", "risks", "challenges", "scripts")
    assert [asked[name] for name in judged] == [table[name] for name in judged]
    assert gate.refusals(table, asked) == gate.refusals(asked, table) == ()
    assert tables.count(sets) == tables.count(SETS) + 2


def test_a_folder_is_read_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"text": "好", "sentiment": "positive"}\n\n', "utf-8")
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"text": "x", "aspects": {"FOOD#QUALITY": "neutral"}}), "utf-8"
    )
    first, second = read_folder(tmp_path, "restaurant")
    assert (first.name, second.name) == ("a", "b") and len(second.rows) == 1


@pytest.mark.parametrize(
    "line",
    ['{"text": 3}', "[]", "{", '{"text": "a", "sentiment": "good"}', '{"text": "a", "aspects": {"x": 1}}'],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "bad.jsonl").write_text(f'{{"text": "a"}}\n{line}\n', "utf-8")
    with pytest.raises(Unreadable, match=r"bad\.jsonl, line 2"):
        read_folder(tmp_path, "restaurant")


def test_aspects_of_known_sets_are_compared_under_their_names() -> None:
    eighteen, nine = schemes(["dish_taste", "price_level"])
    assert (eighteen.name, nine.name) == ("asap-18", "asap-9")
    assert eighteen.label_of("food_taste") == "dish_taste" and nine.label_of("food") == "food"
    assert len(set(GROUP_OF_ASAP)) == 18 and len(set(GROUP_OF_ASAP.values())) == 9
    assert schemes(["FOOD#PRICES"])[0].gold_of("FOOD#PRICES") == "prices"
    assert schemes(["food", "menu"])[0].label_of("waiting_serving") == "service"
    assert schemes(["boredom"]) == ()


def test_similar_messages_are_those_with_the_nearest_vectors() -> None:
    vectors = np.array([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9], [0.7, 0.7]], np.float32)
    found = trials.similar(["", "", "", "", ""], vectors, ["a", "a", "b", "b", "c"])
    assert (found["n"], found["hit_1"], found["hit_3"]) == (5, 0.8, 0.8)


def test_rivals_say_labels_in_two_classes_or_in_three() -> None:
    assert rivals.guesses(lambda text: 0.01, "en", ["so so"], three=True) == ["neutral"]
    assert rivals.guesses(lambda text: 0.01, "en", ["so so"], three=False) == ["positive"]
    assert rivals.language_of(["很好", "good food"]) == "zh"


def test_rivals_are_measured_beside_us(read: Reader) -> None:
    assert rivals.there(), "they come with requirements/test.txt"
    found = tables.measure(read.pipeline, SETS)["sentiment"]["few"]["rival"]
    assert found["name"] == "SnowNLP" and 0.0 <= found["accuracy"] <= 1.0
