"""`quipu schema`: the schema that clients see, what changes in it, and its text for code generators."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.arguments import Format
from gateway.cli.errors import CommandError, read_text

if TYPE_CHECKING:
    from graphql import GraphQLSchema

schema = typer.Typer(name="schema", help="The schema that clients see.", no_args_is_help=True)


class Breaking(StrEnum):
    """Which breaking changes fail a check."""

    ANY = "any"
    USED = "used"


class SchemaFormat(StrEnum):
    """Of a schema."""

    SDL = "sdl"
    INTROSPECTION = "introspection"


@schema.command()
def check(
    old: Annotated[Path, typer.Argument(help="What clients have: the SDL of a supergraph, or of its API schema.")],
    new: Annotated[Path, typer.Argument(help="What they would have: either, too.")],
    operations: Annotated[
        list[Path] | None,
        typer.Option(help="The clients' operations: a folder or a file of them; repeatable."),
    ] = None,
    failing: Annotated[
        Breaking,
        typer.Option("--breaking", help="Which breaking changes fail: any, or those that touch a given operation."),
    ] = Breaking.ANY,
    format_: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,
) -> None:
    """Tell every change from OLD to NEW: breaking, dangerous or safe, and which operations it touches.

    The exit code is 0 if nothing breaks, and 1 if something does. An operation that NEW does not accept fails the check
    in any case; one that OLD does not accept is told, and does not count.

    In a folder, operations are read from .graphql and .gql files, which may share fragments, and from manifests of
    persisted queries: .json of Apollo's form, {"operations": [{"id", "name", "body"}]}, or of Relay's, {"id": "body"}.

    \b
    What --format json prints, every key always:
      breaking, dangerous, safe  changes: code, coordinate, message, and
                  operations: name, file and line of those it touches
      operations  those given: name, file, line; status (broken, affected,
                  unaffected, or invalid in OLD); changes: code,
                  coordinate, severity; errors: message, file, line
    """
    from rich.console import Console

    from gateway.cli.operation_files import read_operation_files
    from gateway.cli.schema_report import show
    from gateway.federation.schema_changes.check import check as compare
    from gateway.federation.schema_changes.report_json import report_as_json

    if failing is Breaking.USED and not operations:
        raise CommandError("--breaking used asks which operations are touched: pass --operations.")
    report = compare(_read(old), _read(new), read_operation_files(operations or []))
    if format_ is Format.JSON:
        typer.echo(_json(report_as_json(report)))
    else:
        show(Console(), report)
    if report.breaks if failing is Breaking.ANY else report.breaks_given:
        raise typer.Exit(1)


@schema.command("print")
def print_(
    supergraph: Annotated[Path, typer.Option(help="The SDL of the supergraph.")],
    format_: Annotated[
        SchemaFormat, typer.Option("--format", help="sdl, or introspection: the JSON of the introspection query.")
    ] = SchemaFormat.SDL,
    out: Annotated[Path | None, typer.Option(help="The file for it; stdout if not given.")] = None,
) -> None:
    """Print the schema that clients see, for code generators: nothing of federation, nothing inaccessible.

    Equal schemas are printed alike: directives and types by name, what each has in the order of the supergraph.
    """
    from gateway.cli.files import write_whole
    from gateway.federation.supergraph.api_print import api_introspection, api_sdl

    seen = _read(supergraph)
    text = api_sdl(seen) if format_ is SchemaFormat.SDL else _json(api_introspection(seen)) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_whole(out, text)


def _read(file: Path) -> GraphQLSchema:
    from gateway.federation.schema_changes.read import SchemaError, read_schema

    try:
        return read_schema(read_text(file), str(file))
    except SchemaError as error:
        raise CommandError(f"the schema cannot be used.\n{error}") from error


def _json(value: object) -> str:
    import orjson

    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
