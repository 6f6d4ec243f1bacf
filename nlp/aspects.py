"""What the aspects of well-known data sets are called here, so that topics can be compared with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from nlp.packs import load_pack

GROUP_OF_ASAP: Mapping[str, str] = {
    "location_traffic": "location",
    "location_distance_from_business_district": "location",
    "location_easy_to_find": "location",
    "service_wait_time": "waiting",
    "service_serving_speed": "waiting",
    "service_waiters_attitude": "staff",
    "service_parking_convenience": "parking",
    "price_level": "price",
    "price_cost_effective": "price",
    "price_discount": "promotion",
    "environment_decoration": "environment",
    "environment_noise": "environment",
    "environment_space": "environment",
    "environment_cleaness": "hygiene",
    "dish_portion": "food",
    "dish_taste": "food",
    "dish_look": "food",
    "dish_recommendation": "food",
}
_MAMS: Mapping[str, str] = {
    "food": "food",
    "staff": "staff",
    "waiting": "service",
    "price": "price",
    "promotion": "price",
    "environment": "ambience",
    "location": "place",
}
_REST16: Mapping[str, str] = {
    "food": "food",
    "staff": "service",
    "waiting": "service",
    "price": "prices",
    "promotion": "prices",
    "environment": "ambience",
    "hygiene": "ambience",
    "location": "location",
}
_REST16_ASPECTS: Mapping[str, str] = {
    "FOOD#QUALITY": "food",
    "FOOD#STYLE_OPTIONS": "food",
    "DRINKS#QUALITY": "food",
    "DRINKS#STYLE_OPTIONS": "food",
    "SERVICE#GENERAL": "service",
    "AMBIENCE#GENERAL": "ambience",
    "RESTAURANT#PRICES": "prices",
    "FOOD#PRICES": "prices",
    "DRINKS#PRICES": "prices",
    "LOCATION#GENERAL": "location",
}


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to compare: `label_of` our topic and `gold_of` the set's aspect, both onto `labels`.

    An aspect that has no counterpart (None) is left out of the comparison.
    """

    name: str
    labels: tuple[str, ...]
    label_of: Callable[[str], str | None]
    gold_of: Callable[[str], str | None]


def schemes(aspects: Collection[str]) -> tuple[Scheme, ...]:
    """How texts with these aspects are compared; none where nothing is known of them."""
    asap = {topic.code: topic.asap for topic in load_pack("restaurant").topics if topic.asap}
    if aspects and set(aspects) <= set(GROUP_OF_ASAP):
        groups = {topic.code: _of_asap(topic.code) for topic in load_pack("restaurant").topics}
        return (
            Scheme("asap-18", tuple(GROUP_OF_ASAP), asap.get, _same),
            Scheme("asap-9", tuple(dict.fromkeys(GROUP_OF_ASAP.values())), groups.get, GROUP_OF_ASAP.get),
        )
    if aspects and set(aspects) <= {*_MAMS.values(), "menu", "miscellaneous"}:
        labels = tuple(dict.fromkeys(_MAMS.values()))
        return (Scheme("mams", labels, _by_root(_MAMS), lambda name: name if name in labels else None),)
    if aspects and all("#" in name for name in aspects):
        labels = tuple(dict.fromkeys(_REST16.values()))
        return (Scheme("rest16", labels, _by_root(_REST16), _REST16_ASPECTS.get),)
    return ()


def _same(name: str) -> str | None:
    return name


def _of_asap(code: str) -> str | None:
    """The group of a topic: that of its aspect, of its children, or of the topic above it."""
    pack = load_pack("restaurant")
    topic = next(each for each in pack.topics if each.code == code)
    near = [topic, *(each for each in pack.topics if code == each.parent)]
    named = [each.asap for each in near if each.asap]
    return GROUP_OF_ASAP[named[0]] if named else None


def _by_root(names: Mapping[str, str]) -> Callable[[str], str | None]:
    root = {topic.code: topic.parent or topic.code for topic in load_pack("restaurant").topics}
    return lambda code: names.get(root.get(code, code))
