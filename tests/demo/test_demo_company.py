"""The demo company is whole: places, people who answer at any hour, hours of business, surveys."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cem.demo import content
from cem.domain.escalation import people_for
from cem.domain.ratings import SCALES
from cem.domain.roster import gaps, present
from cem.domain.vocabulary import Channel, Role

LANGUAGES = {"zh-Hans", "zh-Hant", "en"}
BRANCHES = [place.code for place in content.branches()]
A_YEAR = datetime(2026, 3, 1, tzinfo=UTC)


def test_three_branches_stand_in_two_time_zones_under_regions_of_one_group() -> None:
    places = {place.code: place for place in content.places()}
    assert len(BRANCHES) == 3
    assert {places[code].timezone for code in BRANCHES} == {"Asia/Shanghai", "Europe/London"}
    for code in BRANCHES:
        region = places[places[code].parent or ""]
        assert region.level == "region" and places[region.parent or ""].level == "group"


def test_parents_come_before_their_children() -> None:
    seen: set[str | None] = {None}
    for place in content.places():
        assert place.parent in seen
        seen.add(place.code)


def test_every_name_is_given_in_three_languages() -> None:
    named = [place.name for place in content.places()]
    named += [touchpoint.name for place in content.places() for touchpoint in place.touchpoints]
    named += [person.title for person in content.people()] + [s["name"] for s in content.survey_documents()]
    assert all(set(name) == LANGUAGES and all(name.values()) for name in named)


def test_every_role_is_held_by_somebody_within_the_tree() -> None:
    people = content.people()
    assert {person.role for person in people} == {role.value for role in Role}
    assert {person.site for person in people} <= {place.code for place in content.places()}
    assert len({person.username for person in people}) == len(people)


def test_rosters_name_only_managers_who_exist() -> None:
    managers = {person.username for person in content.people() if person.role == "manager"}
    assert {place.fallback for place in content.places()} <= managers
    for code in content.roster_documents():
        roster = content.roster(code)
        named = {user for shift in roster.shifts for user in shift.users}
        assert (
            named | {roster.fallback} | ({roster.deputy, roster.manager, roster.region} - {None}) <= managers
        )


@pytest.mark.parametrize("code", BRANCHES)
def test_no_hour_of_a_year_is_without_somebody_on_shift(code: str) -> None:
    assert gaps(content.roster(code), A_YEAR, A_YEAR + timedelta(days=366)) == ()


@pytest.mark.parametrize("code", BRANCHES)
def test_at_any_hour_four_people_stand_on_the_ladder(code: str) -> None:
    roster, ladder = content.roster(code), content.ladder(code)
    for hour in range(24 * 21):
        at = A_YEAR + timedelta(hours=hour, minutes=30)
        assert len(set(people_for(ladder, roster, at).ids)) == 4


@pytest.mark.parametrize("code", BRANCHES)
def test_nights_and_weekends_have_people_of_their_own(code: str) -> None:
    roster = content.roster(code)
    monday_noon = datetime(2026, 11, 16, 12, tzinfo=UTC)
    week = {present(roster, monday_noon + timedelta(hours=hour)).people[0] for hour in range(24 * 7)}
    assert len(week) >= 4


def test_business_hours_know_the_days_that_are_worked_instead_of_holidays() -> None:
    office = content.calendar("east-china")
    assert office.ranges(date(2026, 10, 1)) == ()
    assert office.ranges(date(2026, 10, 10)) != (), "a Saturday that is worked after the National Day"
    assert content.calendar("europe").ranges(date(2026, 8, 31)) == ()


def test_every_place_has_a_roster_a_ladder_and_hours() -> None:
    for place in content.places():
        assert content.roster(place.code).timezone == place.timezone
        assert content.calendar(place.code).timezone == place.timezone
        assert content.ladder(place.code).steps


def test_every_public_touchpoint_has_a_survey_with_a_rating_that_exists() -> None:
    surveys = {survey["code"]: survey for survey in content.survey_documents()}
    for place in content.branches():
        for touchpoint in place.touchpoints:
            assert content.survey_for("link", touchpoint.kind) in surveys
            assert not touchpoint.kiosk or content.survey_for("kiosk", touchpoint.kind) in surveys


@pytest.mark.parametrize("survey", content.survey_documents(), ids=lambda survey: survey["code"])
def test_a_survey_asks_in_three_languages_on_known_scales(survey: dict[str, object]) -> None:
    definition = survey["definition"]
    assert isinstance(definition, dict)
    assert survey["channel"] in {Channel.KIOSK, Channel.LINK}
    for question in definition["questions"]:
        assert set(question["text"]) == LANGUAGES
        assert question["kind"] != "rating" or question["scale"] in SCALES
    if survey["channel"] == "kiosk":
        assert definition["questions"][0]["scale"] == "faces5"


def test_no_telephone_or_address_of_the_company_is_real() -> None:
    for person in content.people():
        assert person.email.endswith(".example")
        assert person.phone.startswith(("+4477009", "+86120000"))
