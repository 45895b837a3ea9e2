"""Lists: search, filter, sort, page and export, the same for every noun.

    class SiteList(ListView):
        noun = SITES
        filter_class = SiteFilter
        columns = (
            Column("name", _("Name"), sort="name", kind="link"),
            Column("zone", _("Shared-fate zone"), sort="zone"),
        )

Everything that shapes the list stands in the address, so a list can be kept and sent. A noun
may draw its own rows in `templates/<noun>/_table.html`; else `generic/_table.html` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.forms import BoundField, CheckboxSelectMultiple, MultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext
from django_htmx.http import push_url

from bcp.engine.durations import format_minutes
from bcp.services import exporting
from bcp.services.exporting import Format
from bcp.web.forms.base import choose_by_name, say_what_empty_means
from bcp.web.views.base import NounView

ROWS_A_PAGE = 50

# What the address of a list says beside the filters of its records.
_CONTROLS = {"page", "sort", "export", "q", "quick", "keys", "back"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` is its heading in an export and, unless `value` says otherwise, the
    attribute it shows (`owner`, `get_kind_display`).

    `sort` is the name under which the filter sorts by it. `kind` says how it is drawn:
    "text", "link" (to the record), "minutes", "bytes", "yes or no" (these say "unknown" of
    `None`), "number", "standing", "readiness", "copy state", or "system" (a link to the system
    that the value is).
    """

    key: str
    label: str | Promise
    sort: str = ""
    kind: str = "text"
    value: str | Callable[[Any], Any] = ""

    @property
    def is_number(self) -> bool:
        return self.kind in {"minutes", "bytes", "number"}

    def of(self, record: Any) -> Any:
        if callable(self.value):
            return self.value(record)
        found = getattr(record, self.value or self.key)
        return found() if callable(found) else found

    def cell(self, record: Any) -> object:
        """The value for an export: empty for unknown, durations as they can be read back."""
        value = self.of(record)
        if self.kind == "minutes" and value is not None:
            return format_minutes(value)
        if isinstance(value, datetime):
            return timezone.localtime(value)
        if isinstance(value, Model | Promise):
            return str(value)
        return value


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head: where a click sorts, and how it is sorted now (for `aria-sort`)."""

    column: Column
    sort: str
    direction: str


class ListView(NounView):
    """The records of a noun, narrowed by `filter_class` and shown in `columns`.

    Subclasses may override `records` (what is listed), `context` (what else the page shows) and
    `prepare` (what only the rows shown need).
    """

    filter_class: ClassVar[type[Any]]
    columns: tuple[Column, ...]
    export_columns: ClassVar[tuple[Column, ...]] = ()
    """What a file of the list holds, if that is not what the page shows."""
    not_filters: ClassVar[Set[str]] = frozenset(_CONTROLS)
    """What may stand in the address without narrowing the list."""
    bulk: ClassVar[bool] = False
    """Rows can be ticked, for the noun's page `bulk`."""
    row_edit: ClassVar[bool] = False
    """Each row ends with a link to edit it, because its first cell leads elsewhere."""

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = self.filters()
        choose_by_name(filters.form)
        records = self.in_order(filters.qs)
        wanted = request.GET.get("export", "")
        if wanted in set(Format):
            rows = self.prepare(list(records))
            file_name = f"{self.organisation.slug}-{self.noun.name}"
            columns = self.export_columns or self.columns
            return export(columns, rows, Format(wanted), file_name)
        page = Paginator(records, ROWS_A_PAGE).get_page(request.GET.get("page"))
        page.object_list = self.prepare(list(page.object_list))
        context = self.frame(filters, page)
        is_fragment = bool(self.request.htmx) and not self.request.htmx.history_restore_request
        response = self.page("_table" if is_fragment else "list", {**context, **self.context(page)})
        patch_vary_headers(response, ["HX-Request"])
        return push_url(response, self.address()) if is_fragment else response

    def address(self) -> str:
        """This list's address without the fields that say nothing."""
        said = [
            (name, value) for name, values in self.request.GET.lists() for value in values if value
        ]
        return f"{self.request.path}?{urlencode(said)}" if said else self.request.path

    def records(self) -> QuerySet[Any]:
        return self.noun.listing(self.organisation)

    def filters(self) -> Any:
        return self.filter_class(
            self.request.GET,
            queryset=self.records(),
            organisation=self.organisation,
            now=self.now,
        )

    def in_order(self, records: QuerySet[Any]) -> Any:
        """The narrowed records in the order asked for: a queryset, or a sequence like one."""
        return in_steady_order(records)

    def prepare(self, rows: list[Any]) -> list[Any]:
        return rows

    def context(self, page: Page[Any]) -> dict[str, Any]:
        return {}

    def frame(self, filters: Any, page: Page[Any]) -> dict[str, Any]:
        active = {
            name
            for name, values in self.request.GET.lists()
            if name not in self.not_filters and any(values)
        }
        return {
            "title": self.noun.many,
            "filters": filters,
            "filter_fields": filter_fields(filters.form),
            "table_templates": self.templates("_table"),
            "columns": self.columns,
            "row_edit": self.row_edit,
            "bulk_url": self.url(self.noun.url_name("bulk")) if self.bulk else "",
            "headings": headings(self.columns, self.request.GET.get("sort", "")),
            "rows": page.object_list,
            "pages": page,
            "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=2),
            "active_filters": len(active),
            "is_narrowed": bool(active or self.request.GET.get("q")),
        }


def filter_fields(form: Any) -> list[BoundField]:
    """The fields behind "Filters", where several choices are boxes to tick."""
    fields = []
    for bound in form.visible_fields():
        if bound.name in _CONTROLS:
            continue
        if isinstance(bound.field, MultipleChoiceField):
            bound.field.widget = CheckboxSelectMultiple()
            bound.field.widget.choices = bound.field.choices
        else:
            say_what_empty_means(bound.field, gettext("any"))
        fields.append(bound)
    return fields


def headings(columns: Iterable[Column], sort: str) -> list[Heading]:
    """A click sorts by a column, a second click turns it round."""
    result = []
    for column in columns:
        direction = ""
        if column.sort and sort.lstrip("-") == column.sort:
            direction = "descending" if sort.startswith("-") else "ascending"
        turned = f"-{column.sort}" if direction == "ascending" else column.sort
        result.append(Heading(column, turned, direction))
    return result


class RowsByKey:
    """Records in an order that only Python knows: a page of keys at a time is read."""

    def __init__(self, records: QuerySet[Any], keys: list[str]) -> None:
        self._records = records
        self._keys = keys

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Any]:
        return iter(self[0 : len(self)])

    def __getitem__(self, part: slice) -> list[Any]:
        keys = self._keys[part]
        found = {record.pk: record for record in self._records.filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]


def in_steady_order(records: QuerySet[Any]) -> QuerySet[Any]:
    """Ties broken by key: without that a row may be on two pages and another on none."""
    order = records.query.order_by or tuple(records.model._meta.ordering or ())
    return records.order_by(*order, "pk")


def export(
    columns: Iterable[Column], rows: Iterable[Any], file_format: Format, file_name: str
) -> HttpResponse:
    """A file of all `rows`, under the headings that an import understands."""
    shown = list(columns)
    content = exporting.spreadsheet(
        [column.key for column in shown],
        ([column.cell(row) for column in shown] for row in rows),
        file_format,
    )
    response = HttpResponse(content, content_type=exporting.CONTENT_TYPES[file_format])
    name = content_disposition_header(True, f"{file_name}.{file_format}")
    response["Content-Disposition"] = name or "attachment"
    return response
