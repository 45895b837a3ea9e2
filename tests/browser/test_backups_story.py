"""The story that the product is for: which half is missing, why, and that one copy more mends it;
and that a backup job which calls its address is believed at once."""

from __future__ import annotations

import json
import subprocess
from io import StringIO
from typing import Any
from urllib.parse import quote

from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from bcp.models import Organisation
from tests.browser.conftest import Visit, Visitor, member

SHOP = "Shop database"


def count_of(page: Page, readiness: str) -> int:
    """How many systems the overview counts in a class; the page is left on the list behind it."""
    page.goto(page.url.split("/o/")[0] + "/o/brightwater/")
    link = page.locator(f'.counts a[href*="readiness={quote(readiness)}"]')
    told = int(link.locator("strong").inner_text())
    link.click()
    expect(page.locator("tbody tr")).to_have_count(told)
    return told


def cell_under_ransomware(session: Visit) -> Locator:
    page = session.open(f"/o/brightwater/backups/?q={SHOP.replace(' ', '+')}")
    heads = page.locator("thead th").all_inner_texts()
    [column] = [place for place, head in enumerate(heads) if head.startswith("Ransomware")]
    row = page.locator("tbody tr", has=page.get_by_role("link", name=SHOP, exact=True))
    return row.locator("th, td").nth(column)


def answer() -> dict[str, Any]:
    out = StringIO()
    options = {"scenario": "ransomware:14d", "format": "json", "people": "unlimited"}
    call_command("analyse", "brightwater", stdout=out, **options)
    systems = json.loads(out.getvalue())["systems"]
    return next(one for one in systems if one["name"] == SHOP)


def test_a_locked_copy_more_changes_class_and_matrix_on_the_next_page(
    demo: Organisation, visit: Visitor
) -> None:
    session = visit(member(demo, "it director"))
    page = session.open("/o/brightwater/")
    halves = count_of(page, "only a recovery plan")
    page.get_by_role("link", name=SHOP, exact=True).click()
    expect(page.locator("main")).to_contain_text("come up with data older than accepted")

    cell = cell_under_ransomware(session)
    expect(cell).to_contain_text("15 d 4 h")
    expect(cell).to_contain_text("misses")
    before = answer()
    assert before["loss_minutes"]["ransomware:14d"] == (15 * 24 + 4) * 60
    assert before["readiness"] == "only a recovery plan"
    page.goto(session.address + str(cell.locator("a").get_attribute("href")))
    expect(page.locator("main")).to_contain_text("Nightly to the vault")
    expect(page.locator("main")).to_contain_text("a replica repeats")

    page = session.open("/o/brightwater/copies/new/")
    page.locator("#id_system").fill(SHOP)
    page.locator("#id_name").fill("Logs every quarter of an hour")
    page.locator("#id_site").select_option(label="Leeds plant")
    figures = {"interval": "15 min", "run": "5 min", "lag": "15 min"}
    for name, said in {**figures, "retention": "35d", "locked": "35d"}.items():
        page.locator(f"#id_{name}_minutes").fill(said)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Logs every quarter of an hour")

    cell = cell_under_ransomware(session)
    expect(cell).to_contain_text("14 d 35 min")
    expect(cell).not_to_contain_text("misses")
    after = answer()
    assert after["loss_minutes"]["ransomware:14d"] == 14 * 24 * 60 + 35
    assert after["readiness"] == "both"
    assert count_of(page, "only a recovery plan") == halves - 2  # the shop stands on its data


def test_a_job_that_calls_its_address_is_not_late_any_more(
    demo: Organisation, visit: Visitor
) -> None:
    session = visit(member(demo, "it director"))
    page = session.open("/o/brightwater/copies/?state=late")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("EDI gateway")
    page = session.open(str(page.locator('tbody a[href*="/copies/"]').get_attribute("href")))
    page.get_by_text("Show the reporting address").click()
    address = page.get_by_role("group", name="Reporting address").inner_text().strip()
    said = subprocess.run(
        ["curl", "-fsS", "-m", "10", f"{address}/0?bytes=1200"], capture_output=True, check=True
    )
    assert said.stdout == b"OK\n"
    expect(session.open(page.url.removeprefix(session.address)).locator("main")).to_contain_text(
        "The next success is due by"
    )
    page = session.open("/o/brightwater/copies/?state=late")
    expect(page.locator("main")).not_to_contain_text("EDI gateway")
