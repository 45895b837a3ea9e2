"""The printed plan: what stands on its pages, and that machines can read it too."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import page as validator
import pikepdf
import pypdf
import pytest

from bcp.documents import snapshot as snapshots
from bcp.documents.anchors import anchor
from bcp.documents.chapters import plan_drafts
from bcp.documents.furniture import TABS
from bcp.documents.render import render
from bcp.engine.analysis import analyse
from bcp.engine.estate import Dependency, System
from tests.documents.conftest import Book, printed_book, sheet_text
from tests.documents.plan_estate import SYSTEMS, analysed, plan, printed
from tests.documents.plan_surroundings import PEOPLE, TODAY, surroundings

BLANK = "This page is left blank"


def flat(text: str) -> str:
    return " ".join(text.split())


def test_every_page_says_which_plan_it_is_and_until_when_it_holds(book: Book) -> None:
    """Rule P3."""
    count = len(book.texts)
    for number, text in enumerate(map(flat, book.texts), start=1):
        for item in (
            "Acme Foods",
            "Continuity plan: Everything is lost",
            f"Issue 7 · page {number} of {count}",
            "Effective 2 January 2026",
            "review by 2 July 2026",
            "Uncontrolled copy",
            "Do not trust this print after 2 July 2026.",
            snapshots.short_code(snapshots.fingerprint(book.snapshot)),
        ):
            assert item in text, f"page {number} lacks {item!r}"


def test_a_numbered_copy_says_its_number_instead() -> None:
    frozen = snapshots.build(
        analysed(), surroundings(), printed(copy=12), system_key="key000000008"
    )
    texts = printed_book(frozen).texts
    assert all("Copy 12" in text and "Uncontrolled" not in text for text in texts)


def test_the_cover_is_what_two_in_the_morning_needs(book: Book) -> None:
    cover = book.flow(1)
    assert "When to declare" in cover
    assert "Who may declare: Boris Lind, Head of IT; then Ada Kern" in cover
    assert "+49 40 555 01" in cover
    assert "+49 151 777 0002" in cover
    assert "Nord, tape: 1 system (ERP database); locked; not all restored in a test" in cover
    assert "Recover first: wave 1" in cover
    assert "Power" in cover


def test_the_cover_stays_one_page_when_there_is_much_to_say() -> None:
    """Five calls, four places of backups, more first systems than it names."""
    steps = [
        {"contact": name, "channel": "Phone", "channel_system": None, "wait_minutes": 15}
        for name in (*PEOPLE, "Ada Kern", "Boris Lind")
    ]
    frozen = snapshots.build(
        analysed(),
        surroundings(
            copies=[
                {
                    **surroundings().copies[0],
                    "system": SYSTEMS[number % len(SYSTEMS)][0],
                    "site": f"The data centre of the supplier, room {number % 6}",
                }
                for number in range(24)
            ]
        ),
        printed(title="Continuity plan: The supplier “Payment provider” is gone"),
    )
    frozen["activation"]["paths"][0]["steps"] = steps
    frozen["systems"] = [
        {**frozen["systems"][0], "key": f"k{number}", "name": f"ts-long-name-service-{number}"}
        for number in range(30)
    ]
    reader = pypdf.PdfReader(io.BytesIO(render(frozen).pdf))
    assert "Recover first: wave 1" in reader.pages[0].extract_text()
    assert "This print" in reader.pages[1].extract_text()


def test_the_numbers_to_call_first_are_large(book: Book) -> None:
    line = [one for one in book.characters[0] if one["size"] >= 16]
    assert "+491517770002" in "".join(one["text"] for one in line).replace(" ", "")


def test_every_system_has_a_sheet_that_starts_a_sheet_of_paper(book: Book) -> None:
    for system in book.snapshot["systems"]:
        number = book.page_of(anchor(system))
        text = flat(book.texts[number - 1])
        assert number % 2 == 1, f"{system['name']} starts on the back of another sheet"
        assert system["name"] in text
        assert f"Sheet {system['sheet']}" in text


def test_a_sheet_says_what_its_rescuers_need(book: Book) -> None:
    text = sheet_text(book, "ERP")
    assert "Misses its target by" in text
    assert "Must be up first" in text
    assert re.search(r"ERP database sheet \d+ to rebuild, T\+", text)
    assert "Only for full service" in text
    assert "Intranet" in text
    assert "Needed by Payroll" in text
    assert "Why not sooner" in text
    assert "Carla Meier" in text
    assert "The licence is in safe 2." in text
    assert "What is around it" in text


def test_a_copy_that_was_never_restored_is_called_a_rumour(book: Book) -> None:
    text = sheet_text(book, "ERP database")
    assert "27 h" in text  # 24 h interval + 2 h run + 1 h lag, rule B1
    assert "untested: a rumour" in text


def test_a_way_to_start_without_it_is_printed_as_a_step(book: Book) -> None:
    payroll = next(one for one in book.snapshot["systems"] if one["name"] == "Payroll")
    text = book.flow(book.page_of(anchor(payroll)))
    assert "Payment provider: Send the file by courier; see safe 2." in text


def test_the_contents_name_the_right_pages(book: Book) -> None:
    contents = next(text for text in book.texts if text.splitlines()[1:2] == ["Contents"])
    for draft in plan_drafts(book.snapshot):
        if draft.heading:
            page = re.search(rf"^{re.escape(draft.heading)} (\d+)$", contents, re.MULTILINE)
            assert page, draft.heading
            assert int(page[1]) == book.page_of(draft.anchor)
            assert draft.heading in flat(book.texts[int(page[1]) - 1])
    for system in book.snapshot["systems"]:
        listed = f"{system['sheet']} · p. {book.page_of(anchor(system))}"
        assert re.search(rf"{re.escape(system['name'])}\s+{re.escape(listed)}", contents), listed


def test_chapters_start_on_right_hand_pages_and_the_phones_are_the_back_cover(book: Book) -> None:
    for draft in plan_drafts(book.snapshot):
        if draft.heading and draft.anchor != "phones":
            assert book.page_of(draft.anchor) % 2 == 1, draft.heading
    assert book.page_of("phones") == len(book.texts)
    assert len(book.texts) % 2 == 0
    assert "+49 40 555 01" in book.texts[-1]


def test_the_wave_table_has_the_order_of_the_analysis(book: Book) -> None:
    start, end = book.page_of("order"), book.page_of("sheets")
    text = flat(" ".join(book.texts[start - 1 : end - 1]))
    answer = analysed()
    names = [answer.estate.systems[index].name for index in answer.order]
    waves = [answer.systems[index].wave or 0 for index in answer.order]
    by_wave = sorted(zip(waves, names, strict=True), key=lambda pair: pair[0])
    expected = [name for _wave, name in by_wave]
    longest_first = "|".join(map(re.escape, sorted(expected, key=len, reverse=True)))
    assert re.findall(rf"\b\d+ ({longest_first})\b", text) == expected


def test_a_loop_makes_the_order_provisional_and_says_what_opens_it(book: Book) -> None:
    text = flat(" ".join(book.texts))
    assert "Order provisional" in text
    assert "2 systems wait for each other" in text
    assert "The fewest dependencies to open" in text


def test_no_page_is_empty_and_no_text_too_small_to_read(book: Book) -> None:
    for number, (text, characters) in enumerate(
        zip(book.texts, book.characters, strict=True), start=1
    ):
        running = (f"page {number} of", "Uncontrolled copy", "Do not trust this print")
        said = [line for line in text.splitlines() if not any(one in line for one in running)]
        assert said, f"page {number} says nothing but what is on every page"
        # A letter that stands sideways, on a map's edge, is as tall as its box is wide.
        smallest = min(
            max(one["size"], 0 if one["upright"] else one["x1"] - one["x0"]) for one in characters
        )
        assert smallest >= 6.5, f"page {number}"


def test_nothing_but_the_thumb_tabs_stands_in_the_margins(book: Book) -> None:
    """170 mm of text with 20 mm on either side, for holes and for thumbs."""
    left, right = 20 / 25.4 * 72, 190 / 25.4 * 72
    for number, characters in enumerate(book.characters, start=1):
        outside = [one for one in characters if one["x0"] < left - 1 or one["x1"] > right + 1]
        assert "".join(one["text"] for one in outside) in {"", *TABS}, f"page {number}"


def test_the_bookmarks_lead_to_chapters_and_sheets(book: Book) -> None:
    outline = book.reader.outline
    titles: dict[str, int] = {}

    def walk(items: list) -> None:
        for item in items:
            if isinstance(item, list):
                walk(item)
            else:
                titles[item.title] = book.reader.get_destination_page_number(item) + 1

    walk(outline)
    for draft in plan_drafts(book.snapshot):
        if draft.heading:
            assert titles[draft.heading] == book.page_of(draft.anchor)
    for system in book.snapshot["systems"]:
        assert titles[system["name"]] == book.page_of(anchor(system))


def test_every_link_leads_to_a_place_in_the_plan(book: Book) -> None:
    names = set(book.reader.named_destinations)
    links = 0
    for page in book.reader.pages:
        for annotation in page.get("/Annots", []):
            item = annotation.get_object()
            assert "/A" not in item, "a link leads out of the document"
            assert str(item["/Dest"]) in names
            links += 1
    assert links >= 2 * len(book.snapshot["systems"])


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_it_is_accessible_and_fit_for_archives(book: Book, profile: str) -> None:
    report = validator.validate_pdf_bytes(book.pdf, profile=profile)
    assert [(one.rule_id, one.message) for one in report.failures] == []


def test_it_carries_its_own_data(book: Book) -> None:
    """Rule P4: from the attachment alone the plan can be printed again."""
    with pikepdf.open(io.BytesIO(book.pdf)) as opened:
        attached = opened.attachments["plan.json"].get_file().read_bytes()
    assert attached == snapshots.canonical(book.snapshot)
    assert json.loads(attached) == book.snapshot


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    """Rule P1, on a print short enough to be made twice."""
    frozen = snapshots.build(analysed(), surroundings(), printed(), system_key="key000000005")
    assert render(frozen).pdf == render(json.loads(snapshots.canonical(frozen))).pdf


def test_all_fonts_are_embedded(book: Book) -> None:
    with pikepdf.open(io.BytesIO(book.pdf)) as opened:
        descriptors = [
            item
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        assert descriptors
        assert all("/FontFile2" in one or "/FontFile3" in one for one in descriptors)


def test_an_american_organisation_prints_on_letter() -> None:
    frozen = snapshots.build(
        analysed(), surroundings(paper="Letter"), printed(), system_key="key000000008"
    )
    reader = pypdf.PdfReader(io.BytesIO(render(frozen).pdf))
    assert [float(edge) for edge in reader.pages[0].mediabox[2:]] == [612, 792]


def test_a_tall_map_stands_on_one_page_of_letter_with_its_heading() -> None:
    estate = analysed().estate
    first = len(estate.systems)
    layers = range(first + 1, first + 19)
    estate = replace(
        estate,
        systems=(
            *estate.systems,
            System("hub000000000", "Hub"),
            *(System(f"layer{one:07d}", f"Layer{one}") for one in layers),
        ),
        dependencies=(
            *(Dependency(first, one) for one in layers),
            *(Dependency(one, one + 1) for one in layers[:-1]),
        ),
    )
    frozen = snapshots.build(
        analyse(estate, today=TODAY),
        surroundings(paper="Letter"),
        printed(),
        system_key="hub000000000",
    )
    with_map = [text for text in printed_book(frozen).texts if "What is around it" in text]
    assert len(with_map) == 1
    assert [one for one in layers if f"Layer{one}" not in with_map[0]] == []


def test_an_empty_organisation_gets_a_plan_that_says_what_is_missing() -> None:
    answer = analysed(scenario="site:Nord")
    frozen = snapshots.build(answer, surroundings(contacts=[], teams=[], copies=[]), printed())
    frozen = {
        **frozen,
        "systems": [],
        "dependencies": [],
        "sites": [],
        "activation": {**frozen["activation"], "paths": []},
        "problems": {"gaps": [], "conflicts": [], "loops": []},
    }
    text = flat(" ".join(printed_book(frozen).texts))
    assert "nobody is recorded" in text
    assert "No backup copy is recorded." in text
    assert "No escalation path is recorded" in text


def test_a_snapshot_of_another_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="bcp-plan/3"):
        render({**plan(), "schema": "bcp-plan/9"})
