"""The institutions' own subgraphs make one supergraph, of which each answers its part."""

from __future__ import annotations

import pytest

from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.operation.parse import parse_operation
from gateway.federation.planning.plan import plan
from gateway.federation.planning.space import Space
from gateway.federation.policy import allow_everything
from gateway.federation.supergraph.model import Supergraph
from gateway.federation.supergraph.read import read_supergraph
from subgraphs.common.server import INSTITUTIONS, schema_sdl


@pytest.fixture(scope="module")
def justice() -> Supergraph:
    return read_supergraph(compose(Source(name, schema_sdl(name)) for name in INSTITUTIONS).sdl)


def test_a_case_is_read_along_the_institutions(justice: Supergraph) -> None:
    query = """{
      case(number: "01234-2023-0-1801-JR-CI-05") {
        prosecutionFiles { number }
        constitutionalProceedings { status originCase { number } }
      }
    }"""
    made = plan(parse_operation(query, None, justice.api_schema), Space(justice, allow_everything, frozenset()))
    assert {step.subgraph for step in made.steps} == {"judiciary", "prosecution", "constitutional_court"}


def test_descriptions_reach_the_clients_schema(justice: Supergraph) -> None:
    description = justice.api_schema.type_map["Case"].description
    assert description is not None
    assert "xpediente" in description


def test_the_justice_supergraph_has_no_mutation(justice: Supergraph) -> None:
    assert set(justice.roots) == {"query"}
