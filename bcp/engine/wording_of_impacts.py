"""Business impact in plain words: the questions, what each level of harm means, the answers, and
why a target follows from them (rules T1, T2).

For people who know their business and nothing of IT.
"""

from __future__ import annotations

from bcp.engine.impact_questions import NEVER, Reached
from bcp.engine.impacts import (
    BANDS_MINUTES,
    INTOLERABLE,
    Category,
    Derived,
    Limit,
    over_mtd_minutes,
)
from bcp.engine.interview import LevelQuestion, Plain, Question
from bcp.engine.messages import Message, Minutes, gettext_noop

CATEGORY_WORDS = {
    Category.FINANCIAL: gettext_noop("Money"),
    Category.OPERATIONS: gettext_noop("Operations"),
    Category.CLIENTS: gettext_noop("Clients"),
    Category.LEGAL: gettext_noop("Law and contracts"),
    Category.REPUTATION: gettext_noop("Reputation"),
}

_BANDS = dict(
    zip(
        BANDS_MINUTES,
        (
            gettext_noop("1 hour"),
            gettext_noop("4 hours"),
            gettext_noop("8 hours"),
            gettext_noop("1 day"),
            gettext_noop("3 days"),
            gettext_noop("1 week"),
            gettext_noop("2 weeks"),
        ),
        strict=True,
    )
)

_HAPPENS = {
    Category.FINANCIAL: (
        gettext_noop("the loss of money is noticed"),
        gettext_noop("the loss of money is serious"),
        gettext_noop("the loss of money is intolerable"),
        gettext_noop("the loss of money is beyond repair"),
    ),
    Category.OPERATIONS: (
        gettext_noop("other work is disturbed"),
        gettext_noop("other work is seriously held up"),
        gettext_noop("the harm to other work is intolerable"),
        gettext_noop("the harm to other work is beyond repair"),
    ),
    Category.CLIENTS: (
        gettext_noop("clients notice"),
        gettext_noop("clients are seriously affected"),
        gettext_noop("clients are harmed intolerably"),
        gettext_noop("clients are harmed beyond repair"),
    ),
    Category.LEGAL: (
        gettext_noop("a duty by law or contract is missed"),
        gettext_noop("law or contracts are seriously breached"),
        gettext_noop("the breach of law or contracts is intolerable"),
        gettext_noop("the breach of law or contracts is beyond repair"),
    ),
    Category.REPUTATION: (
        gettext_noop("people outside talk about it"),
        gettext_noop("our good name is seriously damaged"),
        gettext_noop("the damage to our good name is intolerable"),
        gettext_noop("our good name is damaged beyond repair"),
    ),
}
"""What it is that happens at the levels 1 to 4, to follow "before", "because" or "then"."""

_MEANS = {
    Category.FINANCIAL: (
        gettext_noop("Overtime, late fees or lost income, which this year’s budget can carry."),
        gettext_noop("The quarter suffers: orders are lost, penalties are paid, money is moved."),
        gettext_noop(
            "The year’s result is at stake, or wages and bills cannot be paid when they are due."
        ),
        gettext_noop("Insolvency; the organisation would have to be sold or closed."),
    ),
    Category.OPERATIONS: (
        gettext_noop("Colleagues wait or work around it, and the day’s work still gets done."),
        gettext_noop("Other departments cannot do part of their work; it takes overtime later."),
        gettext_noop("Most of the organisation stands still, or nobody knows what has been done."),
        gettext_noop("Work, goods or records are lost that cannot be made up for."),
    ),
    Category.CLIENTS: (
        gettext_noop("Some ask why something is late; an apology is enough."),
        gettext_noop("Many complain: what was promised is late, some ask for compensation."),
        gettext_noop("They suffer damage of their own, leave in numbers, or are put in danger."),
        gettext_noop("Most of them are lost for good, or people come to lasting harm."),
    ),
    Category.LEGAL: (
        gettext_noop("A report or a deadline is late, which has no consequences."),
        gettext_noop("A contract or a rule is breached: reminders, claims, small fines."),
        gettext_noop("An authority steps in, heavy fines or lawsuits follow, managers are liable."),
        gettext_noop("A licence is withdrawn, or the business may not go on."),
    ),
    Category.REPUTATION: (
        gettext_noop("A few people mention it; next week it is forgotten."),
        gettext_noop("The local press or the trade reports it, and partners ask questions."),
        gettext_noop("It is in the national news; partners and staff lose their trust."),
        gettext_noop("For years the name stands for this, and hardly anybody works with us."),
    ),
}
"""An example of each level from 1 to 4."""

PLAIN_WORDS = {
    Plain.COST: gettext_noop("Cost of an hour"),
    Plain.PEAKS: gettext_noop("Peak periods"),
    Plain.WORK_RECOVERY: gettext_noop("Working off the backlog"),
}

_PLAIN_QUESTIONS = {
    Plain.COST: gettext_noop("What does an hour without “%(process)s” cost?"),
    Plain.PEAKS: gettext_noop("Are there times at which “%(process)s” matters more than usual?"),
    Plain.WORK_RECOVERY: gettext_noop(
        "Once “%(process)s” runs again: how long does it take to work off what has piled up?"
    ),
}
_PLAIN_MEANS = {
    Plain.COST: gettext_noop(
        "On a usual day, with everything counted: lost income, penalties, people who wait. A"
        " rough figure is enough: it is compared with what a faster recovery would take."
    ),
    Plain.PEAKS: gettext_noop("Such as the end of the month or the week before Christmas."),
    Plain.WORK_RECOVERY: gettext_noop(
        "Such as typing in orders, calling clients back, making up for deliveries. The harm ends"
        " only after that."
    ),
}

_QUESTION = gettext_noop("How long can “%(process)s” be down before %(happens)s?")
_AT_MOST = gettext_noop("at most %(time)s")


def category_words(category: Category) -> Message:
    return Message(CATEGORY_WORDS[category])


def happens(category: Category, level: int) -> Message:
    """What happens at a level from 1 to 4: "clients are harmed intolerably"."""
    return Message(_HAPPENS[category][level - 1])


def heading_words(question: Question) -> Message:
    """What a question is about, in a word or two."""
    if isinstance(question, Plain):
        return Message(PLAIN_WORDS[question])
    return category_words(question.category)


def question_words(process: str, question: Question) -> Message:
    if isinstance(question, Plain):
        return Message(_PLAIN_QUESTIONS[question], {"process": process})
    what = happens(question.category, question.threshold)
    return Message(_QUESTION, {"process": process, "happens": what})


def meaning(question: Question) -> Message:
    """What a question means: an example of the level that it asks for."""
    if isinstance(question, Plain):
        return Message(_PLAIN_MEANS[question])
    return Message(_MEANS[question.category][question.threshold - 1])


def band_words(minutes: int) -> Message:
    """A band in words ("3 days"); any other duration as it is written elsewhere."""
    if minutes in _BANDS:
        return Message(_BANDS[minutes])
    return Message("%(time)s", {"time": Minutes(minutes)})


def answer_words(answer: int | None) -> Message:
    """An answer to a question of a level: a band, `NEVER`, or `None` for "I don't know"."""
    if answer is None:
        return Message(gettext_noop("unknown"))
    if answer == NEVER:
        return Message(gettext_noop("not within two weeks"))
    return band_words(answer)


def after_words(answer: int | None) -> Message:
    """An answer as it follows what happens: "(clients notice) after 4 hours"."""
    words = answer_words(answer)
    known = answer is not None and answer != NEVER
    return Message(gettext_noop("after %(time)s"), {"time": words}) if known else words


def not_sooner(question: LevelQuestion, reached: Reached) -> Message | None:
    """Why the answers to a question begin later than with the first band; `None` if they do not."""
    lower = [
        (band, level)
        for level, band in reached.items()
        if level < question.threshold and band not in (None, NEVER, BANDS_MINUTES[0])
    ]
    band, level = max(lower, default=(None, 0))
    if band is None:
        return None
    return Message(
        gettext_noop("Not sooner than %(time)s, for only then, by the answers, %(happens)s."),
        {"time": band_words(band), "happens": happens(question.category, level)},
    )


def limit_words(limit: Limit) -> Message:
    """A derived target in short: "1 day", "at most 1 day", "unknown", "none"."""
    if limit.minutes is None:
        return Message(gettext_noop("unknown") if limit.may_be_earlier else gettext_noop("none"))
    words = band_words(limit.minutes)
    return Message(_AT_MOST, {"time": words}) if limit.may_be_earlier else words


def explain_limit(limit: Limit, level: int) -> Message:
    """Rule T1: the answer that decided a derived target, or why there is none. `level` is the one
    that it stands for: `INTOLERABLE` for the RTO, `BEYOND_REPAIR` for the MTD."""
    intolerable = level == INTOLERABLE
    if limit.minutes is not None and limit.category is not None and limit.level is not None:
        values = {
            "time": band_words(limit.minutes),
            "happens": happens(limit.category, limit.level),
        }
        if limit.may_be_earlier:
            return Message(
                gettext_noop(
                    "After %(time)s %(happens)s. Answers that are missing could make it earlier."
                ),
                values,
            )
        return Message(gettext_noop("After %(time)s %(happens)s."), values)
    if limit.may_be_earlier:
        return Message(
            gettext_noop("The answers so far do not say when an outage is intolerable.")
            if intolerable
            else gettext_noop("The answers so far do not say when the harm is beyond repair.")
        )
    return Message(
        gettext_noop("By the answers, no outage of up to two weeks is intolerable.")
        if intolerable
        else gettext_noop("By the answers, no outage of up to two weeks is beyond repair.")
    )


def explain_backlog(derived: Derived, work_recovery_minutes: int | None) -> Message | None:
    """Rule T2 for the derived targets: whether the work that waited can be done before the harm is
    beyond repair. `None` where a target is missing, so that nothing can be compared."""
    rto, mtd = derived.rto.minutes, derived.mtd.minutes
    over = over_mtd_minutes(rto, work_recovery_minutes, mtd)
    if rto is None or mtd is None or over is None:
        return None
    if work_recovery_minutes is None:
        return Message(
            gettext_noop(
                "Nobody knows how long the backlog takes, so nobody knows whether all is done"
                " before the harm is beyond repair."
            )
        )
    values = {
        "rto": band_words(rto),
        "backlog": band_words(work_recovery_minutes),
        "sum": band_words(rto + work_recovery_minutes),
        "mtd": band_words(mtd),
    }
    if work_recovery_minutes >= mtd:
        return Message(
            gettext_noop(
                "To work off the backlog takes %(backlog)s, and after %(mtd)s the harm is beyond"
                " repair: however soon the systems are back, it is too late. Find a way to work"
                " without them, or to catch up faster."
            ),
            values,
        )
    if over:
        return Message(
            gettext_noop(
                "Back after %(rto)s and %(backlog)s to work off the backlog make %(sum)s, but"
                " after %(mtd)s the harm is beyond repair. To be done in time, the systems have to"
                " be back within %(latest)s."
            ),
            {**values, "latest": band_words(mtd - work_recovery_minutes)},
        )
    if work_recovery_minutes == 0:
        return Message(
            gettext_noop(
                "Back after %(rto)s, with no backlog to work off. The harm is beyond repair after"
                " %(mtd)s, so that is in time."
            ),
            values,
        )
    return Message(
        gettext_noop(
            "Back after %(rto)s and %(backlog)s to work off the backlog make %(sum)s. The harm is"
            " beyond repair after %(mtd)s, so there is time for both."
        ),
        values,
    )
