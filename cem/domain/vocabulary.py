"""The codes of the product. They are lower-case English and never change; people see words instead."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    KIOSK = "kiosk"
    LINK = "link"
    QR = "qr"
    WIDGET = "widget"
    EMAIL = "email"
    SMS = "sms"
    REVIEW = "review"
    COMPLAINT = "complaint"
    CALL = "call"
    CHAT = "chat"
    COMMUNITY = "community"
    STAFF = "staff"
    IMPORT = "import"
    API = "api"


class Kind(StrEnum):
    RATING = "rating"
    REVIEW = "review"
    COMPLAINT = "complaint"
    QUESTION = "question"
    PRAISE = "praise"
    IDEA = "idea"


class Severity(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Priority(StrEnum):
    P1 = "p1"
    P2 = "p2"
    P3 = "p3"
    P4 = "p4"


class Tier(StrEnum):
    A = "a"
    B = "b"
    C = "c"
    UNKNOWN = "unknown"


class CaseState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    WAITING_CUSTOMER = "waiting_customer"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DISMISSED = "dismissed"


class CaseAction(StrEnum):
    """Named as the last part of the address that performs it (`POST /cases/7/acknowledgement`)."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ASSIGNMENT = "assignment"
    NOTES = "notes"
    CONTACTS = "contacts"
    PAUSE_CUSTOMER = "pause_waiting_customer"
    PAUSE_THIRD_PARTY = "pause_waiting_third_party"
    RESUMPTION = "resumption"
    RESOLUTION = "resolution"
    CLOSURE = "closure"
    DISMISSAL = "dismissal"
    MERGE = "merge"
    REOPENING = "reopening"
    NOT_SOLVED = "not_solved"


class PromiseKind(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    FIRST_CONTACT = "first_contact"
    RESOLVE = "resolve"


class PromiseState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"


class Hours(StrEnum):
    WALL = "wall"
    BUSINESS = "business"


class PauseReason(StrEnum):
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_THIRD_PARTY = "waiting_third_party"
    OUTSIDE_HOURS = "outside_hours"


class Via(StrEnum):
    PHONE = "phone"
    IN_PERSON = "in_person"
    EMAIL = "email"
    SMS = "sms"
    WECHAT = "wechat"
    MESSAGE = "message"
    PUBLIC_REPLY = "public_reply"


class Outcome(StrEnum):
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    MESSAGE_LEFT = "message_left"


class ResolutionCode(StrEnum):
    APOLOGISED = "apologised"
    EXPLAINED = "explained"
    CORRECTED = "corrected"
    REPLACED = "replaced"
    REFUNDED = "refunded"
    COMPENSATED = "compensated"
    NO_FAULT = "no_fault"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"


class LedgerState(StrEnum):
    OWED = "owed"
    ANSWERED = "answered"
    EXCUSED = "excused"


class AnswerHow(StrEnum):
    THANKED = "thanked"
    PERSONAL = "personal"
    PUBLIC = "public"


class ExcuseReason(StrEnum):
    DUPLICATE = "duplicate"
    TEST = "test"
    ABUSE = "abuse"
    STAFF = "staff"
    UNREACHABLE = "unreachable"


class DeliveryKind(StrEnum):
    PAGE = "page"
    ESCALATION = "escalation"
    WARNING = "warning"
    BREACH = "breach"
    GROUP = "group"
    DIGEST = "digest"
    NEWS = "news"
    RECEIPT = "receipt"
    REPLY = "reply"
    REASK = "reask"
    INVITATION = "invitation"
    REMINDER = "reminder"
    EVENT = "event"
    """To programs: what a webhook is told."""


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    HELD = "held"
    FAILED = "failed"
    STOPPED = "stopped"


class HeldFor(StrEnum):
    """Why a message waits: a robot's minute is full, the last try failed, others may join it, the night, the
    hour of the digest, or as many as a telephone should get."""

    MINUTE = "minute"
    RETRY = "retry"
    BUNDLE = "bundle"
    QUIET = "quiet"
    DIGEST = "digest"
    DEVICE = "device"


class TransportName(StrEnum):
    INBOX = "inbox"
    WEBPUSH = "webpush"
    EMAIL = "email"
    WEBHOOK = "webhook"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    SMS = "sms"
    CONSOLE = "console"


class Role(StrEnum):
    ADMIN = "admin"
    EXECUTIVE = "executive"
    MANAGER = "manager"
    STAFF = "staff"
    PRIVACY = "privacy"
    INTEGRATOR = "integrator"


class Scope(StrEnum):
    ADMIN = "admin"
    COLLECT = "collect"
    CASES = "cases"
    READ = "read"


class RiskCode(StrEnum):
    SAFETY = "safety"
    INJURY = "injury"
    FOOD_POISONING = "food_poisoning"
    LEGAL = "legal"
    MEDIA = "media"
    MINORS = "minors"
    FRAUD = "fraud"
    SELF_HARM = "self_harm"
    DISCRIMINATION = "discrimination"
    PRIVACY_BREACH = "privacy_breach"


class SwapState(StrEnum):
    """Of a request to take a shift."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class RehearsalState(StrEnum):
    """Of a draft that is played against the past, a part at a time."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class HeadState(StrEnum):
    """Of a fit on corrections, and of the head that came of it."""

    ASKED = "asked"
    PROMOTED = "promoted"
    REFUSED = "refused"
    ROLLED_BACK = "rolled_back"


class TextLanguage(StrEnum):
    """What a person can say that a text is written in; `und` is any other language."""

    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"
    YUE_HANT = "yue-Hant"
    EN = "en"
    JA = "ja"
    KO = "ko"
    UND = "und"


class PrivateKind(StrEnum):
    """What would tell who somebody is."""

    PHONE = "phone"
    NAME = "name"
    EMAIL = "email"
    WECHAT = "wechat"
    ID_CARD = "id_card"
    BANK_CARD = "bank_card"
    PLATE = "plate"
