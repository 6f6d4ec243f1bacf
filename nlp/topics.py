"""Which topics a text speaks of, how it speaks of each, and the words that say so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cem.domain.findings import Label, Span, Topic
from nlp.matching import Matcher, is_latin
from nlp.opinions import Clause, Unit
from nlp.packs import Pack, PackTopic
from nlp.script import fold
from nlp.words import neutral_words

MOST_SPANS = 16
"""Evidence is for reading: beyond this many places a topic lists no more of them."""

_GAP = "[^,;.!?。…\\n]{0,6}?"
_CLEAR = 0.3
_SAID = 0.15
_OF_THE_TEXT, _OF_THE_TEXT_ALONE = 0.4, 0.8
_FROM_NEXT, _FROM_BEFORE = 0.7, 0.5
_SURE, _LESS_SURE, _SUREST = 0.75, 0.55, 0.95


class _Rule(NamedTuple):
    topic: int
    needs_opinion: bool


_Match = tuple[int, int, tuple[_Rule, ...]]


class _Hit(NamedTuple):
    start: int
    end: int
    topic: int
    sure: float


class _Pattern(NamedTuple):
    """`first` and `last` stand in every text that holds it."""

    first: str
    last: str
    places: re.Pattern[str]
    rules: tuple[_Rule, ...]


@dataclass(slots=True)
class _Mention:
    span: Span
    value: float | None
    sure: float


class TopicFinder:
    """The rules of one pack. Time grows with the text, not with the number of topics."""

    def __init__(self, pack: Pack) -> None:
        self._topics = pack.topics
        self._words = Matcher(_table(pack))
        self._patterns = [
            _pattern(pattern, index) for index, topic in enumerate(pack.topics) for pattern in topic.patterns
        ]
        self._any_pattern = re.compile("|".join(each.places.pattern for each in self._patterns) or "(?!)")
        self._parents = _parents(pack.topics)

    @property
    def codes(self) -> frozenset[str]:
        """Every topic of the pack."""
        return frozenset(topic.code for topic in self._topics)

    def find(self, folded: str, clauses: Sequence[Clause], score: float) -> tuple[Topic, ...]:
        """Topics in the order of the pack; `score` of the whole text helps where a clause is silent."""
        found = self._hits(folded)
        if not found:
            return ()
        by_clause = self._by_clause(found, clauses)
        mentions: defaultdict[int, list[_Mention]] = defaultdict(list)
        for index, named in by_clause.items():
            hits = self._specific(named)
            borrowed = _borrowed(index, clauses, by_clause)
            shares = _shared(folded, clauses[index].units, hits)
            for hit in hits:
                own = shares.get(hit.topic, ())
                mentions[hit.topic].append(_mention(folded, hit, own, borrowed))
        for child in [topic for topic in mentions if topic in self._parents]:
            mentions.pop(self._parents[child], None)
        return tuple(_topic(self._topics[index], mentions[index], score) for index in sorted(mentions))

    def _specific(self, hits: list[_Hit]) -> list[_Hit]:
        """鱼 + 好吃 is one taste: what names a parent beside one of its children speaks of that child."""
        if len(hits) == 1:
            return hits
        child_of = {self._parents[hit.topic]: hit.topic for hit in hits if hit.topic in self._parents}
        return [hit._replace(topic=child_of[hit.topic]) if hit.topic in child_of else hit for hit in hits]

    def _by_clause(self, matches: Sequence[_Match], clauses: Sequence[Clause]) -> dict[int, list[_Hit]]:
        """What each clause names. Hits and clauses are both in order, so one walk sorts them."""
        found: defaultdict[int, list[_Hit]] = defaultdict(list)
        index, last = 0, len(clauses) - 1
        for start, end, rules in matches:
            while index < last and clauses[index + 1].start <= start:
                index += 1
            for rule in rules:
                if not rule.needs_opinion:
                    found[index].append(_Hit(start, end, rule.topic, _SURE))
                elif index <= last and _says_something(clauses[index]):
                    found[index].append(_Hit(start, end, rule.topic, _LESS_SURE))
        return found

    def _hits(self, folded: str) -> list[_Match]:
        hits = [hit for hit in self._words.find(folded) if hit[2]]
        if folded.isascii() or not self._any_pattern.search(folded):
            return hits
        for first, last, places, rules in self._patterns:
            if first in folded and last in folded:
                hits.extend((*match.span(), rules) for match in places.finditer(folded))
        return sorted(hits, key=lambda hit: hit[:2])


def _table(pack: Pack) -> dict[str, tuple[_Rule, ...]]:
    rules: dict[str, tuple[_Rule, ...]] = {}
    for index, topic in enumerate(pack.topics):
        for words, needs_opinion in ((topic.keywords, False), (topic.with_opinion, True)):
            for word in words:
                known = rules.get(fold(word), ())
                if all(rule.topic != index for rule in known):
                    rules[fold(word)] = (*known, _Rule(index, needs_opinion))
    for word in (*pack.ignore, *neutral_words()):
        rules.setdefault(fold(word), ())
    return rules


def _pattern(words: str, topic: int) -> _Pattern:
    pieces = fold(words).split("…")
    places = re.compile(_GAP.join(map(re.escape, pieces)))
    return _Pattern(pieces[0], pieces[-1], places, (_Rule(topic, needs_opinion=False),))


def _parents(topics: Sequence[PackTopic]) -> dict[int, int]:
    index_of = {topic.code: index for index, topic in enumerate(topics)}
    return {index_of[topic.code]: index_of[topic.parent] for topic in topics if topic.parent}


def _says_something(clause: Clause) -> bool:
    return any(abs(unit.value) >= _CLEAR for unit in clause.units)


def _borrowed(index: int, clauses: Sequence[Clause], named: dict[int, list[_Hit]]) -> float | None:
    """What a clause without an opinion gets from its neighbour in the sentence, if that names no topic."""
    if index >= len(clauses) or clauses[index].units:
        return None
    for neighbour, share in ((index + 1, _FROM_NEXT), (index - 1, _FROM_BEFORE)):
        if 0 <= neighbour < len(clauses) and neighbour not in named:
            clause = clauses[neighbour]
            if clause.units and clause.sentence == clauses[index].sentence:
                return clause.value * share
    return None


def _shared(folded: str, units: Sequence[Unit], hits: Sequence[_Hit]) -> Mapping[int, Sequence[Unit]]:
    """Each opinion of a clause goes to the topics named nearest to it, ties as each language orders words."""
    if len(hits) == 1:
        return {hits[0].topic: units}
    shares: defaultdict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        after_noun = not is_latin(folded[unit.start])
        distances = [_distance(unit, hit, after_noun) for hit in hits]
        nearest = min(distances)
        for topic in {hit.topic for hit, away in zip(hits, distances, strict=True) if away == nearest}:
            shares[topic].append(unit)
    return shares


def _mention(folded: str, hit: _Hit, own: Sequence[Unit], borrowed: float | None) -> _Mention:
    """Evidence is the name with its opinions; an emoji counts, but is not words to be shown."""
    if not own:
        return _Mention((hit.start, hit.end), borrowed, hit.sure)
    start, end, _, sure = hit
    value = 0.0
    for unit in own:
        value += unit.value
        if folded[unit.start].isalnum():
            start, end = min(start, unit.start), max(end, unit.end)
    return _Mention((start, end), value, sure)


def _distance(unit: Unit, hit: _Hit, after_noun: bool) -> int:
    """In code points. Chinese says 服务差, English bad service: that order is one nearer than the other."""
    if hit.end <= unit.start:
        return unit.start - hit.end + (0 if after_noun else 1)
    if hit.start >= unit.end:
        return hit.start - unit.end + (1 if after_noun else 0)
    return 0


def _topic(topic: PackTopic, mentions: Sequence[_Mention], score: float) -> Topic:
    values = [mention.value for mention in mentions if mention.value is not None]
    said = max(-1.0, min(1.0, sum(values) / len(values))) if values else 0.0
    doubt = 1.0
    for mention in mentions[:MOST_SPANS]:
        doubt *= 1.0 - mention.sure
    spans = _merged(sorted(mention.span for mention in mentions))[:MOST_SPANS]
    return Topic(topic.code, _label(said, score, bool(values)), round(min(_SUREST, 1.0 - doubt), 4), spans)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def _label(said: float, score: float, own: bool) -> Label:
    value = said + (_OF_THE_TEXT if own else _OF_THE_TEXT_ALONE) * score
    if abs(value) < _SAID:
        return "neutral"
    return "positive" if value > 0 else "negative"
