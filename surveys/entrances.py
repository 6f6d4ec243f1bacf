"""A kiosk's or a link's random address, and what stands behind it. A revoked one leads nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cem.domain.reasons import NotFound
from cem.extensions import db
from cem.models import PublicLink, Site, Survey, SurveyVersion, Touchpoint
from surveys.views import Place, Question, Texts


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where feedback enters, and the version of the survey that is asked there now."""

    id: UUID
    token: str
    site_code: str
    touchpoint_code: str
    place: Place
    survey_code: str
    survey_version: int
    definition: dict[str, Any]

    @property
    def device(self) -> str:
        """The owner of this entrance's event ids."""
        return f"device:{self.id}"

    @property
    def question(self) -> Question:
        """The rating question: the first of its kind."""
        raw = self._question("rating")
        return Question(raw["code"], raw["scale"], raw["text"], raw.get("low", {}), raw.get("high", {}))

    @property
    def why(self) -> Texts:
        """How the survey asks for words, or nothing."""
        return Texts(self._question("text").get("text", {}))

    def words(self, name: str) -> Texts:
        """A sentence of the survey itself: hint, thanks, thanks_dissatisfied."""
        return Texts(self.definition.get(name, {}))

    def _question(self, kind: str) -> dict[str, Any]:
        return next((q for q in self.definition["questions"] if q.get("kind", "rating") == kind), {})


def entrance(token: str, kind: str) -> Entrance:
    """The entrance of this kind (kiosk or link). Raises `NotFound`, also where it has ended."""
    row = db.session.execute(
        select(PublicLink, Touchpoint, Site, Survey, SurveyVersion)
        .join(Touchpoint, Touchpoint.id == PublicLink.touchpoint_id)
        .join(Site, Site.id == Touchpoint.site_id)
        .join(Survey, Survey.id == PublicLink.survey_id)
        .join(SurveyVersion, SurveyVersion.survey_id == Survey.id)
        .where(PublicLink.token == token, PublicLink.kind == kind, PublicLink.ended_at.is_(None))
        .where(Touchpoint.ended_at.is_(None), Site.ended_at.is_(None))
        .order_by(SurveyVersion.version.desc())
        .limit(1)
    ).first()
    if row is None:
        raise NotFound
    return _entrance(*row)


def _entrance(
    link: PublicLink, touchpoint: Touchpoint, site: Site, survey: Survey, version: SurveyVersion
) -> Entrance:
    place = Place(Texts(site.name), Texts(touchpoint.name))
    return Entrance(
        link.id,
        link.token,
        site.code,
        touchpoint.code,
        place,
        survey.code,
        version.version,
        version.definition,
    )
