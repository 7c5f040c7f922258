"""What `quipu case` says, in Spanish and English."""

from __future__ import annotations

_WORDS = {
    "filed": ("Ingresa el expediente", "Case filed"),
    "incident_filed": ("Se forma el cuaderno", "Incident opened"),
    "ORDER": ("Auto", "Order"),
    "DECREE": ("Decreto", "Decree"),
    "JUDGMENT": ("Sentencia", "Judgment"),
    "hearing": ("Audiencia", "Hearing"),
    "reported": ("Ingresa la carpeta fiscal", "Prosecution file opened"),
    "disposition": ("Disposición fiscal", "Prosecutor's disposition"),
    "opinion": ("Dictamen fiscal", "Prosecutor's opinion"),
    "received": ("Ingresa al Tribunal Constitucional", "Received by the Constitutional Court"),
    "decided": ("Resuelve el Tribunal Constitucional", "Decided by the Constitutional Court"),
    "UPHELD": ("fundada", "upheld"),
    "UPHELD_IN_PART": ("fundada en parte", "upheld in part"),
    "REJECTED": ("infundada", "rejected"),
    "INADMISSIBLE": ("improcedente", "inadmissible"),
    "ANNULLED": ("nula", "annulled"),
    "date": ("Fecha", "Date"),
    "institution": ("Entidad", "Institution"),
    "what": ("Actuación", "What"),
    "detail": ("Detalle", "Detail"),
    "case": ("Expediente", "Case"),
    "court": ("Órgano jurisdiccional", "Court"),
    "judge": ("Juez", "Judge"),
    "trainings": ("capacitaciones en la AMAG", "trainings at the AMAG"),
    "parties": ("Partes", "Parties"),
    "links": ("Vínculos", "Links"),
    "missing": ("No disponible", "Not available"),
    "more": ("más sin mostrar", "more not shown"),
    "fictitious": ("DATOS FICTICIOS", "DATOS FICTICIOS (invented data)"),
    "minor": ("menor de edad", "minor"),
    "EXACT": ("cita exacta", "cited exactly"),
    "NORMALISED": ("cita normalizada", "cited in another spelling"),
    "AMBIGUOUS": ("cita ambigua", "cited ambiguously"),
    "BROKEN": ("cita que no lleva a ningún expediente", "cites nothing that exists"),
    "reciprocal": ("recíproca", "cited back"),
    "one_way": ("no recíproca", "not cited back"),
}
LANGUAGES = ("es", "en")


def say(language: str, word: str) -> str:
    """The word in that language; a code that has no wording is shown as it is."""
    if word not in _WORDS:
        return word
    return _WORDS[word][LANGUAGES.index(language)]
