"""Nothing that somebody typed can make the machine open a file or an address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bcp.documents.layout import DataOnly, lay_out

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
    "hgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def visits() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and who has asked for what there."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


@pytest.mark.parametrize("scheme", ["http", "https", "file", "ftp", "HTTP", "jar"])
def test_every_address_but_data_is_refused(scheme: str) -> None:
    with pytest.raises(ValueError, match="disallowed"):
        DataOnly().fetch(f"{scheme}://127.0.0.1/etc/passwd")


def test_data_is_read() -> None:
    assert DataOnly().fetch(PIXEL).read().startswith(b"\x89PNG")


def test_a_page_full_of_addresses_asks_nobody(
    visits: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = visits
    secret = tmp_path / "secret.css"
    secret.write_text("body::before { content: 'leaked' }")
    html = f"""<html lang="en"><head><title>x</title>
    <link rel="stylesheet" href="{address}/style"><link rel="attachment" href="{address}/attach">
    <link rel="stylesheet" href="{secret.as_uri()}">
    <style>@import url({address}/import); @font-face {{ font-family: f; src: url({address}/f) }}
    body {{ background: url({address}/background); font-family: f }}</style></head>
    <body><p>text</p><img alt="" src="{address}/img"><object data="{address}/object"></object>
    <svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="{address}/svg"/></svg>
    <embed src="{address}/embed"></body></html>"""
    assert lay_out(html, paper="A4").pages == 1
    assert asked == []


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="A4"):
        lay_out("<p>x", paper="size: A0")
