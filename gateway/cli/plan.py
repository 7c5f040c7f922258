"""`quipu plan`: how an operation would be answered, and why so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.arguments import supergraph_of
from gateway.cli.errors import CommandError, read_text


def plan(
    query_file: Annotated[Path, typer.Argument(help="A file with one GraphQL operation, or several with --operation.")],
    supergraph: Annotated[Path, typer.Option(help="The supergraph SDL.")],
    operation: Annotated[str | None, typer.Option(help="Which operation of the file.")] = None,
    label: Annotated[
        list[str] | None, typer.Option(help="A label of progressive overrides that holds, percent(…) included.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Print the query plan of an operation: what it costs, its conditions, and the reason for each hop."""
    import orjson

    from gateway.federation.errors import RequestError
    from gateway.federation.operation.parse import parse_operation
    from gateway.federation.planning.plan import plan as make_plan
    from gateway.federation.planning.plan_json import plan_as_json
    from gateway.federation.planning.printer import print_plan
    from gateway.federation.planning.space import Space
    from gateway.federation.policy import allow_everything

    try:
        graph = supergraph_of(supergraph, read_text(supergraph))
        if unknown := sorted(set(label or ()) - graph.override_labels):
            raise CommandError(f"{supergraph}: no field is overridden under the label {', '.join(unknown)}.")
        parsed = parse_operation(read_text(query_file), operation, graph.api_schema)
        made = make_plan(parsed, Space(graph, allow_everything, frozenset(label or ())))
    except RequestError as error:
        raise CommandError("\n".join(f"{query_file}: {e.message} [{e.code}]" for e in error.errors)) from error
    text = orjson.dumps(plan_as_json(made), option=orjson.OPT_INDENT_2).decode() if json else print_plan(made, True)
    typer.echo(text)
