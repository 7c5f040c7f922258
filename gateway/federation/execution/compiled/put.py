"""Putting: the functions that write an answer's entities into the objects that they were asked for.

`put(hits, lone, entities)` sets the attributes of the fields that the step fetched. What an entity that is null would
have said is null, where that is all it means; where a null must rise further, or something is cut from the field later,
the interpreter decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.federation.execution.compiled.collect import Input, Target
from gateway.federation.execution.compiled.places import Stored
from gateway.federation.execution.compiled.source import Function, Source
from gateway.federation.execution.compiled.structs import Class, Structs, nullable


def put_function(
    structs: Structs, target: Target, fields: Sequence[Stored], part: Class, inputs: set[Input]
) -> Function:
    """`part` is what the entities are read into, with the fields as f0, f1, …"""
    source = Source()
    names = [structs.attribute(target.place, target.type, each.key) for each in fields]
    may_be_null = all(nullable(each) and (target.place, target.type, each.key) not in inputs for each in fields)
    nothing = [f"o.{name} = None" for name in names] if may_be_null else ["raise Unusual"]
    known = source.constant(part)
    with source.block("def put(hits, lone, entities):"):
        with source.block("for o in lone:"):
            source.add(*(nothing or ["pass"]))
        with source.block("for o, at in hits:"):
            source.add("e = entities[at]")
            with source.block(f"if type(e) is {known}:"):
                source.add(*([f"o.{name} = e.f{index}" for index, name in enumerate(names)] or ["pass"]))
            with source.block("elif e is None:"):
                source.add(*(nothing or ["pass"]))
            with source.block("else:"):
                source.add("raise Unusual")
    return source.compiled("put")
