"""`/desk/cases/<number>`: one case, and what a person does about it."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.wrappers import Response

from cem.domain.reasons import Invalid, Reason, Refused
from cem.domain.vocabulary import LedgerState
from cem.engine import notify, recusal, reply_drafts, similar
from cem.engine.case_steps import Seen
from cem.engine.reply_drafts import Made
from cem.extensions import db
from cem.http import access
from cem.http.errors import answer
from cem.http.words import ACTIONS, sentence
from cem.models import LedgerEntry
from cem.web.desk import actions, alike_routes, case_rows, case_view, group_queries, letter_view
from cem.web.desk.case_rows import Rows
from cem.web.desk.forms import ACTS, Act, EmptyForm, options
from cem.web.desk.letter_view import LetterView
from cem.web.desk.people import who_may_take
from cem.web.desk.routes import desk, fragment, listed, page, reader
from cem.web.desk.rows import Reader
from cem.web.desk.timeline import timeline

ONE_TOUCH = frozenset(action.value for action in actions.AT_ONCE)


@desk.get("/desk/cases/<int:number>")
def case(number: int) -> str:
    """Opening it is the receipt of what told this person of it."""
    rows = open_case(number)
    if notify.seen(current_user.id, rows.case.id):
        rows = open_case(number)
    at = reader()
    return page("desk/case.html", at, **_shown(rows, at), **listed(at, number))


@desk.get("/desk/cases/<int:number>/now")
def case_now(number: int) -> Response:
    rows, at = open_case(number), reader()
    return fragment(render_template("desk/_case.html", now=at.now, **_shown(rows, at)))


@desk.get("/desk/cases/<int:number>/<action>")
def act(number: int, action: str) -> Any:
    """The form of an action, on a page of its own. What takes one touch has none."""
    rows, wanted = open_case(number), _act(action)
    if action in ONE_TOUCH:
        return redirect(url_for("desk.case", number=number), 303)
    _refuse_what_is_not_possible(rows, action)
    form = wanted.form(formdata=None, version=rows.case.version)
    if action == "resolution" and (like := request.args.get("like", type=int)) is not None:
        form.reply.data = similar.reply_of(like, access.visible_path())
    return form_page(rows, action, form)


@desk.post("/desk/cases/<int:number>/<action>")
def perform(number: int, action: str) -> Any:
    rows, wanted = open_case(number), _act(action)
    form = wanted.form()
    if not form.validate():
        return form_page(rows, action, form), 422
    if actions.is_recused(rows):
        _refuse_recused(rows, action)
    if action == "dismissal" and form.confirmed.data != "yes":
        return form_page(rows, action, form, counted=_owed_through(rows))
    return _done_or_told(rows, action, form)


def _refuse_recused(rows: Rows, action: str) -> None:
    """That somebody would take what is about themselves is kept; nothing else of theirs is."""
    refused = Refused("recused", user=str(current_user.id))
    if action != "acknowledgement":
        raise refused
    with recusal.kept(Seen(rows.case.id, access.actor())):
        raise refused


def _done_or_told(rows: Rows, action: str, form: EmptyForm) -> Any:
    number, wanted = rows.case.number, ACTS[action]
    try:
        wanted.do(Seen(rows.case.id, access.actor(), form.version.data), form)
    except Refused as refused:
        return _somebody_was_first(number, refused.reason, _draft(form, wanted))
    except Invalid as invalid:
        for name, messages in invalid.fields.items():
            form[name].errors = [gettext(message) for message in messages]
        return form_page(open_case(number), action, form), 422
    return redirect(url_for("desk.case", number=number), 303)


def _somebody_was_first(number: int, reason: Reason, draft: str) -> Response:
    """409: who has it now; what the person wrote is kept, and can be left for whoever has it."""
    rows = open_case(number)
    facts = [
        (gettext("With whom it is now"), rows.owner.name),
        (gettext("State"), case_view.state_word(rows.case)),
    ]
    return answer(
        409,
        sentence(reason),
        code=reason.code,
        facts=facts,
        draft=draft,
        subject=(url_for("desk.case", number=number), gettext("Look at the case")),
        hand_over=_hand_over(rows, draft),
        home=url_for("desk.queue"),
    )


def _hand_over(rows: Rows, draft: str) -> tuple[str, str] | None:
    if not draft or "notes" not in actions.possible(rows):
        return None
    words = gettext("Leave your words as a note for %(name)s", name=rows.owner.name)
    return url_for("desk.perform", number=rows.case.number, action="notes"), words


def _draft(form: EmptyForm, wanted: Act) -> str:
    return str(form[wanted.draft].data or "") if wanted.draft else ""


def open_case(number: int) -> Rows:
    """The case, if its place is this person's to see; a look at another's is refused and recorded."""
    access.must_see(case_rows.path_of(number))
    return case_rows.read(number)


def _act(action: str) -> Act:
    if action not in ACTS:
        raise NoSuchPage
    return ACTS[action]


def _refuse_what_is_not_possible(rows: Rows, action: str) -> None:
    if actions.is_recused(rows):
        raise Refused("recused")
    if action in actions.possible(rows):
        return
    raise Refused(
        "case_action_refused",
        action="pause_waiting_customer" if action == "pause" else action,
        state=rows.case.state.value,
    )


def _shown(rows: Rows, at: Reader) -> dict[str, Any]:
    return {
        "case": case_view.view(rows, at),
        "keys": actions.keys(rows),
        "lines": timeline(rows, at),
        "group_id": group_queries.of_case(rows.case.id),
        "alike": alike_routes.shown([one.id for one in rows.feedback if one.flags]),
    }


def reply_field(rows: Rows, made: Made, value: str) -> LetterView:
    """The field of the resolution in which the customer is written to."""
    return LetterView(
        name="reply",
        label=gettext("Reply to the customer"),
        hint=gettext(
            "It stands on their page at once, with your name under it. Needed unless somebody has reached"
            " them."
        ),
        address=url_for("desk.draft_for_case", number=rows.case.number, on="resolution"),
        language=made.facts.language,
        value=value,
        optional=True,
    )


def _letter(rows: Rows, form: Any) -> LetterView:
    made = reply_drafts.for_case(rows.case.id, letter_view.asked(solving=True))
    return letter_view.checked(reply_field(rows, made, form.reply.data or ""), made)


def form_page(
    rows: Rows, action: str, form: Any, counted: int | None = None, letter: LetterView | None = None
) -> str:
    at = reader()
    if action == "resolution" and letter is None:
        letter = _letter(rows, form)
    words = {"pause": gettext("Pause"), "replies": gettext("Write to the customer")}
    return page(
        "desk/act.html",
        at,
        case=case_view.view(rows, at),
        action=action,
        word=words.get(action) or ACTIONS[action],
        letter=letter,
        form=form,
        options=options(form),
        errors={name: messages for name, messages in form.errors.items() if name != "csrf_token"},
        people=who_may_take(rows) if action == "assignment" else (),
        counted=counted,
    )


def _owed_through(rows: Rows) -> int:
    """How many entries a dismissal would excuse."""
    statement = db.select(db.func.count()).where(
        LedgerEntry.case_id == rows.case.id, LedgerEntry.state == LedgerState.OWED
    )
    return int(db.session.scalar(statement.select_from(LedgerEntry)) or 0)
