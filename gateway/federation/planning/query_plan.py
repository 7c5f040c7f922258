"""The query plan, as a value.

A plan is a set of fetch steps in topological order, each with the steps it waits for, and a projection: how the
client's response is cut out of the data that the steps merged.

**Storage keys.** Fetched data is merged into one tree of dicts whose keys are *storage keys*, chosen by the planner
and the same for every step: the field's name, or an internal alias where two uses of a name differ in arguments or
type. Client aliases exist only in the projection, so two aliases of one field are fetched once and an alias can
never shadow a key. `__typename` is stored under `__typename`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from gateway.federation.operation.selection import ALWAYS, Conditions
from gateway.federation.policy import Condition, Refusal

OperationKind = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class PathStep:
    """One move down the merged data: to a storage key, of objects whose runtime type is among `types`.

    `types` is None where every object qualifies. Lists met on the way are walked, at any depth, without a step of
    their own; nulls are skipped.
    """

    key: str
    types: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class RepresentationField:
    """One field of a representation sent to `_entities`.

    `name` is the key sent, `storage_key` the key under which the value lies in the merged data. `is_key` marks what
    identifies the entity: if it is absent, or null although `non_null`, there is no representation. What is not a key
    (an input of `@requires`) is sent as null when it is null, and left out when absent.
    """

    name: str
    storage_key: str
    is_key: bool
    non_null: bool
    selection: RepresentationShape | None = None


@dataclass(frozen=True, slots=True)
class RepresentationShape:
    """What is picked of one object, by its runtime type.

    `fields` is for every type; `by_type` adds the fields of one runtime type. Where both name a field, `by_type` wins.
    """

    fields: tuple[RepresentationField, ...] = ()
    by_type: Mapping[str, tuple[RepresentationField, ...]] = field(default_factory=dict)
    typename: bool = False
    """Send the object's `__typename` along (nested abstract values)."""


@dataclass(frozen=True, slots=True)
class Representation:
    """The representation for objects of some runtime types.

    `typename` is the `__typename` to send, or None to send the object's own (it differs when the target subgraph
    knows the interface as an object: `@interfaceObject`).
    """

    types: frozenset[str] | None
    """Runtime types it is for; None: any object found at the path."""
    typename: str | None
    shape: RepresentationShape


@dataclass(frozen=True, slots=True)
class ContextValue:
    """A variable that is filled from an ancestor of each entity (`@fromContext`).

    The ancestor lies `above` steps down the place's path. `shape` picks one leaf of it, by its runtime type; where it
    has nothing for the type, the variable is left out. An entity is not asked for where the leaf is absent, or null
    although `type` is non-null.
    """

    variable: str
    type: str
    above: int
    shape: RepresentationShape


@dataclass(frozen=True, slots=True)
class EntityPlace:
    """A place whose objects a step asks for: those at `path`, as `representations` cut them, if all `conditions`
    hold. `computed` names, by the storage key of each field that requires some, the inputs of it."""

    path: tuple[PathStep, ...]
    representations: tuple[Representation, ...]
    conditions: Conditions = ALWAYS
    computed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    contexts: tuple[ContextValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Entities:
    """One `_entities` field of a step's operation: it stands under `key` in the answer and takes the representations
    of all its places in `variable`, equal ones once."""

    key: str
    variable: str
    places: tuple[EntityPlace, ...]


@dataclass(frozen=True, slots=True)
class FetchStep:
    """One request to one subgraph, and where its answer goes.

    A root step (`path == ()`, no entities) merges the answer's data at the root. An entity step (`entities` not empty)
    merges `_entities[i]` into the objects that representation i was made from; where it has several `_entities`
    fields, each has a key and a variable of its own. A root re-entry step (`path` not empty, no entities) merges the
    answer's data into each object at the path.

    The operation of a step `with_contexts` is for entities whose ancestors hand in equal values.
    """

    id: int
    subgraph: str
    kind: OperationKind
    operation: str
    """The GraphQL text that is sent, ready."""
    operation_name: str | None
    variables: tuple[str, ...]
    """The client's variables that the operation uses, in order; sent only when the client gave them or they have a
    default."""
    path: tuple[PathStep, ...] = ()
    entities: tuple[Entities, ...] = ()
    with_contexts: bool = False
    """Some of its places have contexts."""
    apart: bool = False
    """Each object gets an answer of its own, though it was asked for once: what lies below may differ by ancestors."""
    depends_on: tuple[int, ...] = ()
    conditions: Conditions = ALWAYS
    """The step runs only if all hold; an entity step's stand with its places."""
    reason: str = ""
    """Why there is a hop here, in words, for `quipu plan`."""


class Leaf(Enum):
    """How a leaf's value is completed (GraphQL specification, section 6.4.3)."""

    INT = "Int"
    FLOAT = "Float"
    STRING = "String"
    BOOLEAN = "Boolean"
    ID = "ID"
    CUSTOM = "custom"
    """A custom scalar: any JSON, passed through."""


@dataclass(frozen=True, slots=True)
class NonNull:
    of: OutputShape


@dataclass(frozen=True, slots=True)
class ListOf:
    of: OutputShape


@dataclass(frozen=True, slots=True)
class EnumLeaf:
    name: str
    values: frozenset[str]
    """The values of the API schema; any other is answered as null."""


@dataclass(frozen=True, slots=True)
class Composite:
    """An object, interface or union; what is shown of it depends on the object's runtime type."""

    name: str
    is_abstract: bool
    selection: ProjectedSelection


OutputShape = NonNull | ListOf | Leaf | EnumLeaf | Composite


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition of the policy on an object, and how its values are picked of the object's data."""

    condition: Condition
    shape: RepresentationShape


@dataclass(frozen=True, slots=True)
class ProjectedField:
    """One response key of the client's selection."""

    response_key: str
    storage_key: str
    coordinate: str
    """`Type.field` of the API schema, for error messages."""
    shape: OutputShape
    when: tuple[Conditions, ...] = ()
    """The field is shown if any of these holds; empty: always."""
    refusal: Refusal | None = None
    """Set where the policy refused the field: it is null, with this error."""
    guards: tuple[Guard, ...] = ()
    """What must hold of the object; where one does not, the field is null with that condition's refusal."""
    static_typename: str | None = None
    """Set for `__typename` on an object type: the answer, known without a fetch."""


@dataclass(frozen=True, slots=True)
class ProjectedSelection:
    """The client's fields on one value, in the order of the GraphQL specification's CollectFields. A response key whose
    place hangs on variables is there several times, under conditions of which one holds at most.

    `by_type` has an entry for every runtime type of the API schema that the value may have; a runtime type that is not
    there is unknown to the client's schema (inaccessible), and the value is null without naming it. `fallback` serves
    objects whose runtime type was not fetched, because nothing shown depends on it.
    """

    by_type: Mapping[str, tuple[ProjectedField, ...]]
    fallback: tuple[ProjectedField, ...] | None
    keys: Mapping[str, tuple[RepresentationShape, ...]] = field(default_factory=dict)
    """By runtime type, the keys that an object is recorded by: the first of them that it has. Empty where nobody
    records what is read."""


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """Everything needed to answer one operation for one authorization profile.

    `root_typename` names the API schema's root type. `introspection` is the operation reduced to `__schema` and
    `__type` fields, to be answered from the API schema, or None.
    """

    kind: OperationKind
    root_typename: str
    steps: tuple[FetchStep, ...]
    projection: ProjectedSelection
    introspection: str | None = None
    order: tuple[str, ...] = ()
    """The root's response keys, in the order of the answer."""
    condition_variables: tuple[str, ...] = ()
    """The variables that decide what is fetched and shown (`@skip`, `@include`)."""
    given: tuple[str, ...] = ()
    """The coordinates that are asked for and given, sorted; type names and introspection apart."""
    refused: tuple[tuple[str, str], ...] = ()
    """Those that are asked for and refused, sorted, each with the code of its refusal."""
    grounds: tuple[str, ...] = ()
    """By what right the given ones are, sorted (`Allow.grounds`)."""
