"""`quipu compose` as a user runs it: files, running subgraphs, and all that may be wrong with either."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from command_kit import COMMAND, once_up, run
from composition_kit import LIBRARY, composed_library

from gateway.federation.supergraph.read import read_supergraph
from gateway.upstream.signing import load_signer

FILES = [f"{path.stem}={path}" for path in sorted(LIBRARY.glob("*.graphql"))]


@contextmanager
def answering(body: bytes, media: str = "application/json") -> Iterator[str]:
    """A server that answers every POST so."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/graphql"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_files_compose_and_carry_the_addresses_given(tmp_path: Path) -> None:
    out = tmp_path / "supergraph.graphql"
    done = run("compose", *FILES, "--url", "stock=http://stock.example/graphql", "--out", out)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"Composed 3 subgraphs into {out}: no hints.\n"
    graph = read_supergraph(out.read_text())
    assert {name: known.url for name, known in graph.subgraphs.items()} == {
        "catalogue": "",
        "loans": "",
        "stock": "http://stock.example/graphql",
    }
    planned = run("plan", "--supergraph", out, _query(tmp_path))
    assert (planned.returncode, "stock" in planned.stdout) == (0, True)


def _query(folder: Path) -> Path:
    file = folder / "query.graphql"
    file.write_text("{ books { postage } }")
    return file


def test_the_supergraph_goes_to_stdout_without_out() -> None:
    done = run("compose", *reversed(FILES))
    assert (done.returncode, done.stdout, done.stderr) == (0, composed_library(), "Composed 3 subgraphs: no hints.\n")


def test_a_running_subgraph_is_asked_and_its_address_is_kept() -> None:
    sdl = (LIBRARY / "stock.graphql").read_text()
    body = json.dumps({"data": {"_service": {"sdl": sdl}}}).encode()
    with answering(body) as url:
        done = run("compose", *[file for file in FILES if "stock" not in file], f"stock={url}")
    assert done.returncode == 0, done.stderr
    assert read_supergraph(done.stdout).subgraphs["stock"].url == url


def test_mistakes_are_all_told_and_nothing_is_written(tmp_path: Path) -> None:
    out = tmp_path / "supergraph.graphql"
    out.write_text("what was there before")
    link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3")'
    for name, kind in (("a", "Int"), ("b", "String")):
        (tmp_path / f"{name}.graphql").write_text(f"{link}\ntype Query {{ x: {kind} }}\n")
    done = run("compose", f"a={tmp_path / 'a.graphql'}", f"b={tmp_path / 'b.graphql'}", "--out", out)
    assert (done.returncode, done.stdout, out.read_text()) == (1, "", "what was there before")
    assert [line for line in done.stderr.splitlines() if line.startswith("  ")] == [
        f"  a ({tmp_path / 'a.graphql'}):2",
        "      2 | type Query { x: Int }",
        "        |              ^",
        f"  b ({tmp_path / 'b.graphql'}):2",
        "      2 | type Query { x: String }",
        "        |              ^",
    ] * 2
    for code in ("error FIELD_TYPE_MISMATCH at Query.x: ", "error INVALID_FIELD_SHARING at Query.x: "):
        assert code in done.stderr
    assert done.stderr.splitlines()[-1] == "Not composed: 2 errors."
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.graphql", "b.graphql", "supergraph.graphql"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "nothing to compose"),
        (["a"], "write NAME=FILE_OR_URL"),
        ([FILES[0], FILES[0]], "catalogue is given twice"),
        (["a=nowhere.graphql"], "nowhere.graphql cannot be read"),
        ([FILES[0], "--url", "b=http://b"], "--url names b"),
        ([*FILES, "--out", "/nowhere/at/all"], "cannot be written"),
        (["a=http://127.0.0.1:1/graphql"], "http://127.0.0.1:1/graphql: a cannot be reached"),
        (["a=http://:1/graphql"], "http://:1/graphql is no address"),
        ([*FILES, "--deadline", "0"], "--deadline is in seconds"),
    ],
)
def test_what_a_user_can_mend_is_said(arguments: list[str], expected: str) -> None:
    done = run("compose", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("body", "media", "expected"),
    [
        (b"<html>login</html>", "text/html", "a did not answer with JSON"),
        (b'{"errors": [{"message": "Who asks?"}]}', "application/json", "a did not give its schema: Who asks?"),
        (b'{"data": {"_service": null}}', "application/json", "a did not give its schema"),
        (b'{"data": {"_service": {"sdl": "type Query {"}}}', "application/json", "INVALID_GRAPHQL"),
    ],
)
def test_an_answer_that_is_no_schema_is_said(body: bytes, media: str, expected: str) -> None:
    with answering(body, media) as url:
        done = run("compose", f"a={url}")
    assert (done.returncode, done.stdout, expected in done.stderr) == (1, "", True), done.stderr


def test_a_subgraph_that_only_the_gateway_may_ask_is_asked_with_its_keys(tmp_path: Path) -> None:
    signer = load_signer(tmp_path / "keys")
    (tmp_path / "jwks.json").write_text(json.dumps(signer.jwks()))
    data = tmp_path / "data"
    assert run("sample", "--data", data, "--cases", "0").returncode == 0
    served = [
        "subgraph",
        "academy",
        f"--data={data}",
        "--port=0",
        "--no-agreements",
        f"--gateway-keys={tmp_path / 'jwks.json'}",
    ]
    process = subprocess.Popen([*COMMAND, *served], stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        url = process.stderr.readline().strip()
        once_up(lambda: httpx.get(url.replace("/graphql", "/health/live")))
        refused = run("compose", f"academy={url}")
        done = run("compose", f"academy={url}", "--keys", tmp_path / "keys")
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert (refused.returncode, "Pass --keys" in refused.stderr) == (1, True), refused.stderr
    assert done.returncode == 0, done.stderr
    assert read_supergraph(done.stdout).subgraphs["academy"].url == url
