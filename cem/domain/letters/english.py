"""Letters in English."""

from __future__ import annotations

from typing import Final

FORMS: Final[dict[str, tuple[str, ...]]] = {
    "hello": (
        "Hello, and thank you for telling us what happened at {place}.",
        "Hello. We have read what you wrote about {place} with care.",
        "Hello, and thank you for being frank about {place}.",
        "Hello. Thank you for taking the time to write to us about {place}.",
    ),
    "hello_tapped": (
        "Hello, and thank you for rating {place}.",
        "Hello. We have seen how you rated {place}. Thank you.",
        "Hello. Thank you for leaving us a rating at {place}.",
    ),
    "hello_again": (
        "Hello again. This is about what happened at {place}.",
        "Hello. Following our last letter, here is more about {place}.",
        "Hello again about {place}.",
    ),
    "hello_praise": (
        "Hello, and thank you for such kind words about {place}.",
        "Hello. Thank you: it was a pleasure to read what you wrote about {place}.",
        "Hello. Thank you for telling us how you felt at {place}.",
        "Hello. Your words have made the team at {place} happy. Thank you.",
    ),
    "hello_question": (
        "Hello, and thank you for asking about {place}.",
        "Hello. We have your question about {place}.",
    ),
    "hello_risk": (
        "Hello. We take what happened to you at {place} very seriously.",
        "Hello. We are dealing with what you wrote about {place} first.",
        "Hello. We read what you wrote about {place} with concern.",
    ),
    "praise": (
        "We are glad that you were happy with {topics}.",
        "Your praise for {topics} means a lot to us.",
        "To hear that you liked {topics} is exactly what we hope for.",
        "What you said about {topics} encourages all of us.",
    ),
    "praise_plain": (
        "We are glad that you were satisfied.",
        "It is good to know that you were content.",
        "That you were satisfied keeps us going.",
    ),
    "also_good": (
        "Thank you too for what you said about {topics}.",
        "It was kind of you to praise {topics} as well.",
        "We are glad that you were happy with {topics} all the same. Thank you.",
    ),
    "sorry": (
        "We are sorry about {topics}. That was our fault.",
        "We let you down over {topics}, and we apologise.",
        "You expected better of us over {topics}, and rightly so. We are sorry.",
        "We did not do right by you over {topics}. We apologise.",
    ),
    "sorry_plain": (
        "We are sorry that we let you down. That was our fault.",
        "We did not do well this time, and we apologise.",
        "You were not satisfied, and the fault is ours. We are sorry.",
    ),
    "sorry_given": (
        "We are sorry that {topics} spoilt it for you, and have noted what you say.",
        "We have heard what you say about {topics}, and we are sorry.",
    ),
    "noted": (
        "We have also noted what you said about {topics}.",
        "We have read what you said about {topics} too.",
    ),
    "care_body": (
        "What matters most now is health: if anybody still feels unwell, see a doctor first.",
        "Health comes before everything. If anything hurts or feels wrong, see a doctor first.",
    ),
    "care_minors": (
        "What matters most now is the child: if anything seems wrong, see a doctor first.",
        "The child comes before everything. If anything seems wrong, see a doctor first.",
    ),
    "care_safety": (
        "That you and those with you are safe comes before everything.",
        "What matters most now is that you are safe.",
    ),
    "care": (
        "We are sorry that you went through this.",
        "It troubles us that you had to go through this.",
    ),
    "careful": (
        "We want to hear the whole story from you before we draw any conclusion.",
        "A letter is not the place for conclusions. We want to hear it from you first.",
    ),
    "careful_topics": (
        "We have noted what you said about {topics}, and are checking all of it before any conclusion.",
        "What you said about {topics} is being checked. We draw no conclusion in a letter.",
    ),
    "taken": (
        "{who} {has} taken this on and {stay} with it to the end.",
        "{who} {is} seeing to this now.",
        "{who} {is} looking after this.",
    ),
    "open": (
        "The manager on duty has been told.",
        "It is with the manager on duty.",
    ),
    "reached": (
        "{who} {has} already been in touch with you.",
        "{who} {has} spoken with you about it already.",
    ),
    "tried": (
        "{who} {has} tried to reach you, without success so far.",
        "{who} {has} not been able to reach you yet.",
    ),
    "call": (
        "{who} will call you before {by}.",
        "Before {by}, {who} will ring you and listen.",
    ),
    "call_soon": (
        "{who} will call you in person.",
        "{who} will ring you and listen.",
    ),
    "come": (
        "We have no number to call you on. With your code {code}, ask for the manager on duty at {site}.",
        "We cannot ring you yet. Show the code {code} at {site}: the manager on duty will listen.",
    ),
    "come_public": (
        "When it suits you, ask for the manager on duty at {site}, who will listen.",
        "Please ask for the manager on duty at {site}: we want to hear it from you.",
    ),
    "result": (
        "Before {by} we will tell you what has been done.",
        "You will hear from us what came of it before {by}.",
        "We will write to you with the outcome before {by}.",
    ),
    "late": (
        "The time that we promised you has passed, and we did not keep it. We are sorry.",
        "We did not finish in the time that we promised you. We apologise.",
    ),
    "working": (
        "We are still working on it and will tell you what comes of it.",
        "It is still in hand, and we will write to you about the outcome.",
    ),
    "ask_why": (
        "May we ask what it was that let you down?",
        "Would you tell us what went wrong?",
    ),
    "ask_body": (
        "May we ask how things are now?",
        "Is it better now?",
    ),
    "ask_minors": (
        "May we ask how the child is now?",
        "How is the child now?",
    ),
    "done_": (
        "What you wrote about has been seen to.",
        "This has now been dealt with.",
    ),
    "done_explained": ("We have explained to you how it came about.",),
    "done_corrected": (
        "It has been put right.",
        "What went wrong has been corrected.",
    ),
    "done_replaced": ("It has been replaced for you.",),
    "done_refunded": ("The refund has been arranged for you.",),
    "done_compensated": ("The compensation has been arranged for you.",),
    "done_no_fault": ("We have gone through what happened step by step.",),
    "not_yet": (
        "If it is not solved for you, choose “Not yet” on your page: it is opened again and goes up a level.",
        "If you feel that it is not solved, choose “Not yet” on your page, and it goes up a level.",
    ),
    "not_yet_public": (
        "If you feel that it is not solved, please tell us once more.",
        "If it is not solved for you, please write to us again.",
    ),
    "page": (
        "Your code is {code}, and you can see where things stand at any time: {link}",
        "Where things stand is on your page: {link} (code {code})",
        "You can follow it with your code {code} at {link}",
    ),
    "page_link": (
        "You can see where things stand at any time: {link}",
        "Where things stand is on your page: {link}",
    ),
    "page_praise": (
        "We hope to see you again.",
        "We look forward to your next visit.",
        "We wish you well.",
    ),
    "idea": (
        "Thank you for the idea. We have taken it in.",
        "We have your suggestion, and we are grateful for it.",
    ),
}
