"""What is said, and how strongly: opinion words with the degree, negation and contrast they stand under.

The text is cut into clauses at punctuation and at contrasting words. Within a clause a negation or a
degree reaches the next opinion if nothing much stands between them (three characters, three words). After
"but" a clause weighs more than before it; under "if", "hope" or "supposed to" praise is not praise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from nlp.matching import Matcher, is_latin
from nlp.words import BOUNDARY, Role, Word

Token = tuple[int, int, Word]

_LONGEST = 80
"""Code points: a clause without punctuation is cut at the next word, so that work stays linear."""

_REACH = 3
_REACH_IN_ENGLISH = 4
_GAP_IN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])[ \t]+(?=[\u3400-\u9fff])")
_SPACE = Word(role=Role.COMMA)

BARE_NEGATION = -0.25
EXCESS = -0.9
NEGATED_PRAISE, WEAKLY_NEGATED_PRAISE, NEGATED_BLAME, TWICE_NEGATED = -0.8, -0.6, -0.45, 0.6
HOPED_PRAISE, FEARED_BLAME = -0.15, 0.7
AFTER_BUT, BEFORE_BUT, CONCEDED = 1.3, 0.75, 0.6
IRONY, SO_CALLED, CLEAR_BLAME = -0.7, -0.6, -0.4
_WEIGHT = {
    Role.NONE: 1.0,
    Role.BUT: AFTER_BUT,
    Role.BUT | Role.ALTHOUGH: AFTER_BUT,
    Role.ALTHOUGH: CONCEDED,
}
_OPENS, _CLOSES = "\"'“‘「『《", "\"'”’」』》"


class Unit(NamedTuple):
    """One opinion: its evidence in the text, modifiers included, and its value (praise above zero).

    `polite`: thanks, congratulations, a smile: what people also say when they mean the contrary.
    """

    start: int
    end: int
    value: float
    polite: bool = False


@dataclass(slots=True)
class Clause:
    start: int
    end: int
    sentence: int
    weight: float = 1.0
    units: list[Unit] = field(default_factory=list)

    @property
    def value(self) -> float:
        return sum(unit.value for unit in self.units)


def read(folded: str, words: Matcher[Word]) -> list[Clause]:
    """The clauses of a text with their opinions, in order; linear in its length."""
    clauses: list[Clause] = []
    inside: list[Token] = []
    scope = _Scope(folded)
    start = sentence = 0
    opener = roles = Role.NONE
    for token in _tokens(folded, words):
        role = token[2].role
        roles |= role
        if not role & BOUNDARY and token[0] - start <= _LONGEST:
            inside.append(token)
            continue
        if start < token[0]:
            clauses.append(Clause(start, token[0], sentence, _WEIGHT[opener], scope.units(inside)))
        if token[2].value and role & BOUNDARY:
            _add_mark(clauses, token, sentence)
        inside = [] if role & BOUNDARY else [token]
        start = token[1] if role & (Role.COMMA | Role.STOP) else token[0]
        if role & Role.STOP:
            sentence += 1
        if role & BOUNDARY:
            opener = role & (Role.BUT | Role.ALTHOUGH)
    if start < len(folded):
        clauses.append(Clause(start, len(folded), sentence, _WEIGHT[opener], scope.units(inside)))
    if roles & Role.BUT:
        _weigh_contrast(clauses)
    if roles & Role.POLITE:
        _unmask(clauses)
    return clauses


def _tokens(folded: str, words: Matcher[Word]) -> list[Token]:
    tokens = words.find(folded)
    if not folded.isascii() and (" " in folded or "\t" in folded):
        gaps = [(m.start(), m.end(), _SPACE) for m in _GAP_IN_CHINESE.finditer(folded)]
        if gaps:
            return sorted(tokens + gaps, key=lambda token: token[0])
    return tokens


def _add_mark(clauses: list[Clause], token: Token, sentence: int) -> None:
    """Punctuation and contrasting words that say something themselves (？？, 可惜) count where they stand."""
    start, end, word = token
    if not clauses or clauses[-1].sentence != sentence:
        clauses.append(Clause(start, end, sentence))
    clauses[-1].units.append(Unit(start, end, word.value))


def _weigh_contrast(clauses: list[Clause]) -> None:
    """What stands before a "but" in its sentence weighs less, what follows it there as much as it does."""
    turned: dict[int, int] = {}
    for index, clause in enumerate(clauses):
        if clause.weight == AFTER_BUT:
            turned.setdefault(clause.sentence, index)
    if not turned:
        return
    for index, clause in enumerate(clauses):
        at = turned.get(clause.sentence)
        if at is not None and clause.weight == 1.0:
            clause.weight = BEFORE_BUT if index < at else AFTER_BUT


def _unmask(clauses: list[Clause]) -> None:
    """Congratulations on losing my bag: beside blame and no other praise in the sentence it is irony."""
    polite = {c.sentence for c in clauses for unit in c.units if unit.polite and unit.value > 0}
    for _, sentence in groupby(clauses, lambda clause: clause.sentence) if polite else ():
        within = list(sentence)
        plain = [unit.value for clause in within for unit in clause.units if not unit.polite]
        blamed = bool(plain) and min(plain) <= CLEAR_BLAME and max(plain) < 0
        if within[0].sentence in polite and blamed and all(clause.weight == 1.0 for clause in within):
            for clause in within:
                clause.units = [_as_meant(unit) for unit in clause.units]


def _as_meant(unit: Unit) -> Unit:
    return unit._replace(value=unit.value * IRONY) if unit.polite and unit.value > 0 else unit


class _Scope:
    """Walks the tokens of one clause and lets each modifier reach the opinion it belongs to."""

    _start: int
    _reached: int
    _mark: int
    _negated: int
    _degree: float
    _bare: float
    _negated_first: bool

    def __init__(self, folded: str) -> None:
        self._folded = folded
        self._forget()

    def units(self, tokens: list[Token]) -> list[Unit]:
        self._units: list[Unit] = []
        if not tokens:
            return self._units
        self._irrealis = False
        last = len(tokens) - 1
        for index, (start, end, word) in enumerate(tokens):
            if self._start >= 0 and self._too_far(start):
                self._leave()
            if word.role or word.degree:
                self._modifier(start, end, word, tokens[index + 1] if index < last else None)
            elif word.value:
                self._opinion(start, end, self._so_called(start, end, word.value))
        if self._start >= 0:
            self._leave()
        return self._units

    def _modifier(self, start: int, end: int, word: Word, after: Token | None) -> None:
        """A word that does more than to be an opinion, or something else."""
        role = word.role
        if role & Role.IRREALIS:
            self._irrealis = True
        if role & Role.EXCESS_ADJECTIVE and 0 <= start - self._mark <= 1 and not self._negated:
            self._add(start, end, EXCESS * (1.3 if word.value else 1.0))
        elif role & Role.NEGATION or (word.degree and _modifies(word, end, after)):
            self._modify(start, end, word)
        elif word.value:
            before = len(self._units)
            self._opinion(start, end, self._so_called(start, end, word.value))
            if role & Role.POLITE and len(self._units) > before:
                self._units[-1] = self._units[-1]._replace(polite=True)
        elif role & Role.FLIP and self._units:
            self._units[-1] = self._units[-1]._replace(end=end, value=-abs(self._units[-1].value))

    def _so_called(self, start: int, end: int, value: float) -> float:
        """Their "fresh" fish: praise that stands alone in quotation marks is not the writer's."""
        if value > 0 and start > 0 and end < len(self._folded):
            quoted = self._folded[start - 1] in _OPENS and self._folded[end] in _CLOSES
            return value * SO_CALLED if quoted else value
        return value

    def _modify(self, start: int, end: int, word: Word) -> None:
        if self._start < 0:
            self._start = start
        self._reached = end
        if word.role & Role.NEGATION:
            self._negated += 1
            self._bare = word.value or BARE_NEGATION
            self._negated_first = self._degree == 1.0
        if word.degree:
            self._degree = min(2.2, self._degree * word.degree)
        if word.role & Role.EXCESS_MARK:
            self._mark = end

    def _opinion(self, start: int, end: int, value: float) -> None:
        if self._negated == 0:
            self._add(start, end, value * self._degree)
        elif self._negated % 2 == 0:
            self._add(start, end, value * TWICE_NEGATED)
        elif value < 0:
            self._add(start, end, value * NEGATED_BLAME)
        elif self._negated_first and self._degree > 1.0:
            self._add(start, end, value * WEAKLY_NEGATED_PRAISE)
        else:
            self._add(start, end, value * NEGATED_PRAISE * max(1.0, self._degree))

    def _add(self, start: int, end: int, value: float) -> None:
        if self._irrealis:
            value *= HOPED_PRAISE if value > 0 else FEARED_BLAME
        if self._start < 0:
            self._units.append(Unit(start, end, value))
            return
        self._units.append(Unit(self._start, end, value))
        self._forget()

    def _leave(self) -> None:
        """A negation that reached no opinion is a little complaint of its own: something was not so."""
        if self._negated % 2:
            self._units.append(Unit(self._start, self._reached, self._bare))
        self._forget()

    def _forget(self) -> None:
        self._start = self._reached = self._mark = -1
        self._negated = 0
        self._degree = 1.0
        self._bare = 0.0
        self._negated_first = False

    def _too_far(self, start: int) -> bool:
        between = start - self._reached
        if between <= _REACH:
            return False
        if is_latin(self._folded[start]):
            return self._folded.count(" ", self._reached, start) > _REACH_IN_ENGLISH
        return True


def _modifies(word: Word, end: int, after: Token | None) -> bool:
    """Some words are an opinion alone and a degree before another (好, 好咸): what follows decides."""
    if not word.value:
        return True
    if after is None or after[0] - end > 1:
        return False
    return bool(after[2].value or after[2].degree or after[2].role & (Role.EXCESS_ADJECTIVE | Role.NEGATION))
