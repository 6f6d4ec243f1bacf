"""The customers' pages: `/k` kiosk, `/f` link, `/t` status. Nobody signs in, and no GET writes anything."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeSerializer

from cem import clock
from cem.domain.ratings import SCALES
from cem.domain.reasons import Invalid, Refused
from cem.domain.submission import Submission
from cem.engine import reopenings
from cem.engine.intake_lookup import Receipt
from cem.extensions import csrf, limiter
from cem.http import limits
from cem.http.i18n import page_language
from cem.http.senders import senders
from surveys import tracking, wording
from surveys.channels import kiosk as kiosk_channel
from surveys.channels import link as link_channel
from surveys.entrances import Entrance, entrance
from surveys.views import KioskView, LinkView, ThanksView

collect = Blueprint("collect", __name__)
csrf.exempt(collect)  # nobody is signed in here; event ids and the gesture do what a token would

ENDPOINTS = ("kiosk", "taps", "kiosk_thanks", "link", "link_answers", "thanks", "status", "confirmation")
"""All of them are public; a new one is refused until it is named here."""

BODY_LIMIT = 1024 * 1024
_OWN_WORDS = ("hint", "thanks", "thanks_dissatisfied")
_CONTACT_FIELDS = {"customer.phone": "contact", "customer.email": "contact"}

public = limiter.limit(limits.PUBLIC, key_func=limits.address)
per_kiosk = limiter.limit(limits.KIOSK, key_func=limits.device)


@collect.before_request
def _small_bodies() -> None:
    request.max_content_length = BODY_LIMIT
    request.max_form_memory_size = BODY_LIMIT


@collect.after_request
def _keep_private(response: Response) -> Response:
    """A code or a token in the address must not leak, and nobody's page may be kept by a cache."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@collect.get("/k/<token>")
@public
def kiosk(token: str) -> str:
    here = entrance(token, "kiosk")
    panels = wording.panels(here.place, here.question, _own_words(here))
    told_up_to = SCALES[here.question.scale].dissatisfied
    return render_template(
        "collect/kiosk.html", kiosk=KioskView(here.token, str(uuid4()), panels, told_up_to)
    )


@collect.post("/k/<token>/taps")
@per_kiosk
def taps(token: str) -> Any:
    here = entrance(token, "kiosk")
    if request.is_json:
        receipt = _submit(kiosk_channel.parse(request.get_json(), here))
        return jsonify(_receipt(receipt)), 201 if receipt.created else 200
    tap = kiosk_channel.from_form(request.form)
    _submit(kiosk_channel.parse(tap, here))
    return redirect(
        url_for("collect.kiosk_thanks", token=token, value=tap["value"], lang=tap.get("language")), 303
    )


@collect.get("/k/<token>/thanks/<int:value>")
@public
def kiosk_thanks(token: str, value: int) -> str:
    here = entrance(token, "kiosk")
    scale = SCALES[here.question.scale]
    words = wording.words(_own_words(here), page_language())
    shown = min(max(value, scale.low), scale.high)
    return render_template(
        "collect/kiosk_thanks.html", token=token, value=shown, told=shown <= scale.dissatisfied, words=words
    )


@collect.get("/f/<token>")
@public
def link(token: str) -> str:
    here = entrance(token, "link")
    return _link_page(LinkView(here.token, str(uuid4()), here.place, here.question, here.why))


@collect.post("/f/<token>")
@public
def link_answers(token: str) -> Any:
    here = entrance(token, "link")
    try:
        submission = link_channel.parse(request.form, here)
        receipt = _submit(submission)
    except Invalid as invalid:
        return _link_again(here, invalid.fields, request.form.get("event_id", "")), invalid.status
    except Refused:
        already = gettext("This was sent already, with other words. Send it again to add a second one.")
        return _link_again(here, {"text": [already]}, str(uuid4())), 409
    if submission.text and receipt.created:
        senders().note(receipt.feedback_id, limits.address())
    code = receipt.tracking_code
    return redirect(url_for("collect.thanks", token=token, code=code, lang=page_language()), 303)


@collect.get("/f/<token>/thanks/<code>")
@public
def thanks(token: str, code: str) -> str:
    here, tracked = entrance(token, "link"), tracking.track(code)
    view = ThanksView(tracked.feedback.tracking_code, here.place, tracked.case is not None)
    return render_template("collect/thanks.html", thanks=view)


@collect.get("/t/<code>")
@public
def status(code: str) -> str:
    return _status_page("collect/status.html", tracking.track(code))


@collect.post("/t/<code>/confirmation")
@public
def confirmation(code: str) -> Any:
    """Mail scanners follow links and some press buttons: only what a hand has touched counts."""
    tracked = tracking.track(code)
    solved = _solved(request.form.get("solved", ""))
    if not _made_by_hand(tracked.feedback.tracking_code):
        return _status_page("collect/confirm.html", tracked, solved=solved)
    try:
        _tell(tracked, solved)
    except Refused:
        if tracking.track(code).case is None:
            raise
    return redirect(url_for("collect.status", code=code, lang=page_language()), 303)


def _tell(tracked: tracking.Tracked, solved: bool) -> None:
    if solved:
        reopenings.solved(tracked.feedback.id)
    else:
        reopenings.not_solved(tracked.feedback.id)


def _submit(submission: Submission) -> Receipt:
    receipt: Receipt = current_app.extensions["cem_intake"].submit(submission)
    return receipt


def _receipt(receipt: Receipt) -> dict[str, str]:
    code = receipt.tracking_code
    return {
        "id": str(receipt.feedback_id),
        "tracking_code": code,
        "status_url": url_for("collect.status", code=code, _external=True),
    }


def _own_words(here: Entrance) -> dict[str, dict[str, str]]:
    return {name: here.words(name) for name in _OWN_WORDS}


def _link_page(view: LinkView) -> str:
    return render_template(
        "collect/link.html", link=view, scale=SCALES[view.question.scale], face_words=wording.faces()
    )


def _link_again(here: Entrance, wrong: dict[str, list[str]], event_id: str) -> str:
    errors: dict[str, list[str]] = {}
    for name, messages in wrong.items():
        errors.setdefault(_CONTACT_FIELDS.get(name, name), []).extend(gettext(text) for text in messages)
    given = request.form.to_dict()
    return _link_page(LinkView(here.token, event_id, here.place, here.question, here.why, given, errors))


def _status_page(template: str, tracked: tracking.Tracked, **more: Any) -> str:
    rating = tracked.feedback.rating
    gesture = _signer().dumps(tracked.feedback.tracking_code)
    return render_template(
        template,
        status=tracking.status_view(tracked, clock.now(), str(gesture)),
        scale=SCALES[rating.scale] if rating else None,
        face_words=wording.faces(),
        **more,
    )


def _solved(answer: str) -> bool:
    if answer not in ("yes", "no"):
        raise Invalid({"solved": [gettext("This takes yes or no.")]})
    return answer == "yes"


def _made_by_hand(code: str) -> bool:
    try:
        return bool(_signer().loads(request.form.get("gesture", "")) == code)
    except BadSignature:
        return False


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="gesture")
