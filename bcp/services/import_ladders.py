"""What rows make of escalation paths: a file gives the whole ladder of every path it names."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.estate import Kind
from bcp.exchange.findings import quoted
from bcp.exchange.reading import Bundle, Sheet
from bcp.exchange.rows import StepRow
from bcp.exchange.values import fold
from bcp.models.contacts import Contact
from bcp.models.escalation import Channel, EscalationPath, EscalationStep
from bcp.models.systems import System
from bcp.services.escalation import MOST_STEPS
from bcp.services.import_plan import Difference, in_words
from bcp.services.import_workbench import Draft, Workbench

_CHANNELS = {fold(channel.value): channel for channel in Channel} | {
    "text_message": Channel.SMS,
    "e_mail": Channel.EMAIL,
    "telephone": Channel.PHONE,
    "mobile": Channel.PHONE,
}


def fill(bench: Workbench, bundle: Bundle) -> None:
    """Set ladders and the default path, after `import_estate.enrol`."""
    sheet = bundle.escalation
    rows_of: defaultdict[str, list[StepRow]] = defaultdict(list)
    for row in sheet.rows:
        path = bench.paths.find(row.path)
        if path is not None:
            rows_of[path.pk].append(row)
    for key, rows in rows_of.items():
        _ladder(bench, sheet, bench.drafts[key], sorted(rows, key=lambda row: row.position))
    if "default" in sheet.headers:
        _defaults(bench, sheet, rows_of)


def _ladder(bench: Workbench, sheet: Sheet[StepRow], draft: Draft, rows: list[StepRow]) -> None:
    if len(rows) > MOST_STEPS:
        says = _("a path has at most %(most)d steps") % {"most": MOST_STEPS}
        bench.fault(sheet, rows[MOST_STEPS], "position", says)
    path: Any = draft.record
    old = bench.ladders[path.pk]
    new = []
    for number, row in enumerate(rows):
        contact = bench.refer(sheet, row, "contact", bench.contacts, row.contact)
        if contact is not None:
            # What the file has no column for stays as it was, if the same person is called.
            before = old[number] if number < len(old) and old[number].contact is contact else None
            new.append(_step(bench, sheet, row, path, contact, before))
    for number, step in enumerate(new, start=1):
        step.position = number
    written = [_written(step) for step in new]
    if written == [_written(step) for step in old]:
        return
    if not draft.is_new:
        bench.touch(draft)
        before_words = "; ".join(_written(step) for step in old)
        draft.differences.append(Difference(_("steps"), before_words or "—", "; ".join(written)))
    bench.new_ladders[path.pk] = new


def _step(
    bench: Workbench,
    sheet: Sheet[StepRow],
    row: StepRow,
    path: EscalationPath,
    contact: Contact,
    before: EscalationStep | None,
) -> EscalationStep:
    step = EscalationStep(organisation=bench.organisation, path=path, contact=contact)
    if "channel" in sheet.headers:
        step.channel, step.channel_system = _channel(bench, sheet, row)
    elif before is not None:
        step.channel, step.channel_system = before.channel, before.channel_system
    if "wait_minutes" in sheet.headers:
        step.wait_minutes = row.wait_minutes
    elif before is not None:
        step.wait_minutes = before.wait_minutes
    return step


def _channel(bench: Workbench, sheet: Sheet[StepRow], row: StepRow) -> tuple[str, System | None]:
    """A kind of channel; the system it runs on; or both, as `phone: PBX`.

    Where only the system is named, one of the network is taken for a telephone exchange, any
    other for a messenger.
    """
    written = row.channel
    plain = _CHANNELS.get(fold(written))
    if plain is not None:
        return plain.value, None
    system = bench.systems.find(written)
    if system is not None:
        by_phone = system.kind == Kind.NETWORK.value
        return (Channel.PHONE if by_phone else Channel.MESSENGER).value, system
    kind, _colon, name = written.partition(":")
    named, system = _CHANNELS.get(fold(kind)), bench.systems.find(name.strip())
    if named is not None and system is not None:
        return named.value, system
    says = _(
        "%(text)s is neither a channel nor one of the systems; write %(channels)s, the name of"
        " the system that the channel runs on, or both as in “phone: NAME”"
    ) % {"text": quoted(written), "channels": ", ".join(channel.value for channel in Channel)}
    bench.fault(sheet, row, "channel", says)
    return Channel.PHONE.value, None


def _written(step: EscalationStep) -> str:
    channel = in_words(EscalationStep._meta.get_field("channel"), step.channel)
    over = f"{channel}: {step.channel_system}" if step.channel_system else channel
    wait = in_words(EscalationStep._meta.get_field("wait_minutes"), step.wait_minutes)
    return f"{step.position}. {step.contact} ({over}, {wait})"


def _defaults(bench: Workbench, sheet: Sheet[StepRow], rows_of: dict[str, list[StepRow]]) -> None:
    """Rule T3 knows one default path: a new one unmakes the one before."""
    chosen = {key: row for key, rows in rows_of.items() for row in rows if row.default}
    if len(chosen) > 1:
        rows = sorted(chosen.values(), key=lambda row: row.row)
        says = _("%(first)s in row %(row)d is the default already; only one path can be") % {
            "first": quoted(rows[0].path),
            "row": rows[0].row,
        }
        for row in rows[1:]:
            bench.fault(sheet, row, "default", says)
        return
    for key in rows_of:
        bench.put(bench.drafts[key], "is_default", key in chosen)
    for path in bench.paths.records:
        if chosen and path.pk not in rows_of and path.is_default:
            row = next(iter(chosen.values()))
            draft = bench.draft(path, sheet.file, row.row, is_new=False)
            bench.put(draft, "is_default", False)
