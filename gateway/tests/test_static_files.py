"""The built files: small, compressed, kept for ever under names that change with their content."""

import re
from collections.abc import Iterator
from typing import Any

from gateway.tests.conftest import Site

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
FIRST_VISIT_MAX = 100_000  # bytes on the wire; the project allows itself 200 KB


def addresses(text: str) -> Iterator[str]:
    return (found[0] for found in re.finditer(r"/static/[\w.-]+", text))


def size(answer: Any) -> int:
    headers = sum(len(name) + len(value) + 4 for name, value in answer.headers)
    return len(answer.data) + headers


def test_a_first_visit_is_light(site: Site) -> None:
    for days in range(1, 10):
        site.publish(days, description="Una descrizione lunga come quelle vere. " * 10)
    page = site.client.get("/sessioni", headers=BROWSER)
    found = set(addresses(site.client.get("/sessioni").text))
    styles = [site.client.get(path).text for path in found if path.endswith(".css")]
    found |= {path for style in styles for path in addresses(style)}
    assert {path.rsplit(".", 1)[1] for path in found} >= {"css", "js", "woff2", "svg"}
    assert size(page) + sum(size(site.client.get(path, headers=BROWSER)) for path in found) < FIRST_VISIT_MAX


def style(site: Any) -> str:
    return next(path for path in addresses(site.get("/privacy").text) if path.endswith(".css"))


def test_a_browser_gets_the_smallest_form_that_it_reads(silent: Any) -> None:
    answer = silent.get(style(silent), headers=BROWSER)
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.content_type.startswith("text/css")


def test_an_older_one_gets_gzip(silent: Any) -> None:
    assert silent.get(style(silent), headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"


def test_who_reads_neither_gets_it_plain(silent: Any) -> None:
    answer = silent.get(style(silent))
    assert "Content-Encoding" not in answer.headers
    assert b"--coat" in answer.data


def test_who_refuses_compression_is_heard(silent: Any) -> None:
    answer = silent.get(style(silent), headers={"Accept-Encoding": "br;q=0, gzip;q=0"})
    assert "Content-Encoding" not in answer.headers


def test_files_are_kept_for_ever(silent: Any) -> None:
    assert "immutable" in silent.get(style(silent)).headers["Cache-Control"]


def test_caches_keep_the_forms_apart(silent: Any) -> None:
    assert "Accept-Encoding" in silent.get(style(silent)).headers["Vary"]


def test_only_built_files_are_served(silent: Any) -> None:
    paths = ["/static/manifest.json", "/static/../app.py", "/static/%2e%2e/app.py", f"{style(silent)}.br"]
    assert {silent.get(path).status_code for path in paths} == {404}


def test_a_page_goes_out_compressed(silent: Any) -> None:
    plain, answer = silent.get("/privacy"), silent.get("/privacy", headers=BROWSER)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < len(plain.data) / 2
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_a_page_goes_out_plain_to_who_cannot_unpack_it(silent: Any) -> None:
    assert "Content-Encoding" not in silent.get("/privacy").headers
