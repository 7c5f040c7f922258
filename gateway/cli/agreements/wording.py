"""What `quipu agreements` says, in Spanish and English: for lawyers, beside the paper."""

from __future__ import annotations

from gateway.access.agreements.document import Condition, Grant
from gateway.access.agreements.review import Finding
from gateway.cli.wording import LANGUAGES

_WORDS = {
    "IN_FORCE": ("vigente", "in force"),
    "NOT_YET": ("aún no vigente", "not yet in force"),
    "EXPIRED": ("vencido", "expired"),
    "SUSPENDED": ("suspendido", "suspended"),
    "number": ("Número", "Number"),
    "version": ("Versión", "Version"),
    "parties": ("Consumidor → proveedor", "Consumer → provider"),
    "state": ("Estado", "State"),
    "until": ("Vigente hasta", "Until"),
    "purposes": ("Motivos", "Purposes"),
    "digest": ("Huella", "Digest"),
    "given": ("SE OTORGA", "GIVEN"),
    "refused": ("SE DENIEGA", "REFUSED"),
    "under": ("según {0}", "under {0}"),
    "if": ("si {0}", "if {0}"),
    "assigned": (
        "solo a quien está asignado a la causa, o con motivo excepcional",
        "to those assigned to the case only, or with an exceptional reason",
    ),
    "equals": ("{0} es {1}", "{0} is {1}"),
    "one_of": ("{0} es uno de {1}", "{0} is one of {1}"),
    "none_of": ("{0} no es ninguno de {1}", "{0} is none of {1}"),
    "claim": ("{0} coincide con el atributo «{1}» del usuario", "{0} equals the user's claim “{1}”"),
    "and": (" y ", " and "),
    "basis": ("Base legal: {0}.", "Legal basis: {0}."),
    "dates": ("Firmado el {0}; vigente del {1} al {2} ({3}).", "Signed on {0}; in force from {1} to {2} ({3})."),
    "for": ("Motivos de consulta: {0}.", "Purposes: {0}."),
    "internal": (
        "Directiva interna: no hace falta declarar un motivo.",
        "Internal directive: no purpose needs to be stated.",
    ),
    "clause": ("Cláusula {0}. A {1}{2}: {3}.", "Clause {0}. To {1}{2}: {3}."),
    "for_purposes": (" con motivo {0}", " for {0}"),
    "only_if": ("Solo si {0}.", "Only if {0}."),
    "only_assigned": (
        "Solo a quien está asignado a la causa; a los demás, con motivo excepcional, que queda registrado.",
        "To those assigned to the case only; to others with an exceptional reason, which is recorded.",
    ),
    "masked": ("Los números de documento se entregan enmascarados.", "Document numbers are masked."),
    "pages": ("Como máximo {0} filas por página.", "At most {0} rows a page."),
    "retention": ("Conservación: {0}", "Retention: {0}"),
    "suspended": ("Suspendido desde el {0}: {1}", "Suspended since {0}: {1}"),
}
_FINDINGS = {
    "NOT_TAKEN": ("no se puede tomar: {0}", "cannot be taken: {0}"),
    "EXPIRED": ("venció el {0}: renuévelo o retírelo", "expired on {0}: renew or remove it"),
    "EXPIRES_SOON": ("vence el {0}: inicie su renovación", "ends on {0}: begin to renew it"),
    "SUSPENDED": ("está suspendido: no otorga nada", "is suspended: it gives nothing"),
    "UNKNOWN_FIELD": (
        "{0} no existe en el subgrafo del proveedor; lo más parecido: {1}",
        "{0} is no field of the provider's subgraph; the nearest is {1}",
    ),
    "UNENFORCEABLE": ("no se puede hacer cumplir: {0}", "cannot be enforced: {0}"),
    "UNKNOWN_VALUE": ("{0} no es un valor de {1}: {2}", "{0} is no value of {1}: {2}"),
    "OVERLAP": (
        "{0} también lo otorga {1} en otras condiciones: prevalece la más amplia",
        "{0} is given by {1} too, under other conditions: the laxer one prevails",
    ),
    "IDLE_CLAUSE": (
        "no añade nada: la cláusula {0} ya lo otorga sin condiciones",
        "adds nothing: clause {0} gives all of it without conditions",
    ),
}


def words(language: str, word: str, *about: object) -> str:
    """The words in that language."""
    return _WORDS[word][LANGUAGES.index(language)].format(*about)


def finding(language: str, found: Finding) -> str:
    """A finding in a sentence."""
    place = found.agreement + (f", {found.clause}" if found.clause else "")
    return f"{found.level} {found.code} {place}: " + _FINDINGS[found.code][LANGUAGES.index(language)].format(
        *found.about
    )


def condition(language: str, one: Condition) -> str:
    """What a condition asks, in words."""
    if one.one_of is not None or one.none_of is not None:
        values = ", ".join(map(str, one.one_of or one.none_of or ()))
        return words(language, "one_of" if one.one_of is not None else "none_of", one.field, values)
    if one.equals_claim is not None:
        return words(language, "claim", one.field, one.equals_claim)
    return words(language, "equals", one.field, _value(language, one.equals))


def conditions(language: str, grant: Grant) -> str:
    """All that a clause asks of the data; empty if nothing."""
    return words(language, "and").join(condition(language, one) for one in grant.conditions)


def _value(language: str, value: object) -> str:
    if isinstance(value, bool):
        return (("no", "sí"), ("false", "true"))[LANGUAGES.index(language)][value]
    return str(value)
