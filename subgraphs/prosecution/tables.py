"""The prosecutors' database as it is found: a web system with its own habits, described and never altered.

Its habits, which the mapping has to know:
- a file is `tb_caso.idCaso`; its number stands in one text column, the office in it with 9 or 10 digits;
- dates are `dd/mm/yyyy` text, an unknown one is empty; `fhRegistro` alone is an ISO timestamp, and sorts;
- flags are `'0'`/`'1'`; `flBorrado = '1'` is a deleted row; text is UTF-8;
- the Judiciary's number stands as the clerk typed it (`nuExpediente`);
- the identity behind a protected witness's key is in `tb_clave_reserva`, which no mapping may name.
"""

from sqlalchemy import CHAR, Column, Index, Integer, MetaData, String, Table

metadata = MetaData()

# -- code tables ------------------------------------------------------------------------------------------

offices = Table(
    "tm_fiscalia",
    metadata,
    Column("coFiscalia", String(10), primary_key=True),
    Column("noFiscalia", String(120), nullable=False),
    Column("coDistrito", CHAR(4), nullable=False),
    Column("tiFiscalia", CHAR(1), nullable=False),  # P penal, F familia, C civil
)

prosecutors = Table(
    "tm_fiscal",
    metadata,
    Column("coFiscal", String(10), primary_key=True),
    Column("apPaterno", String(60), nullable=False),
    Column("apMaterno", String(60), nullable=False),
    Column("noFiscal", String(80), nullable=False),
    Column("coFiscalia", String(10), nullable=False),
    Column("flActivo", CHAR(1), nullable=False),
)

stages = Table(
    "tm_etapa",
    metadata,
    Column("coEtapa", CHAR(1), primary_key=True),
    Column("noEtapa", String(60), nullable=False),
)

offences = Table(
    "tm_delito",
    metadata,
    Column("coDelito", CHAR(6), primary_key=True),
    Column("noDelito", String(120), nullable=False),
    Column("nuArticulo", String(20)),
)

disposition_kinds = Table(
    "tm_tipo_disposicion",
    metadata,
    Column("tiDisposicion", CHAR(2), primary_key=True),
    Column("noTipo", String(80), nullable=False),
)

roles = Table(
    "tm_tipo_parte",
    metadata,
    Column("tiParte", CHAR(2), primary_key=True),
    Column("noTipo", String(60), nullable=False),
)

# -- the file and its parts -------------------------------------------------------------------------------

files = Table(
    "tb_caso",
    metadata,
    Column("idCaso", Integer, primary_key=True, autoincrement=False),
    Column("nuCaso", String(40), nullable=False),
    Column("coFiscalia", String(10), nullable=False),
    Column("coFiscal", String(10)),
    Column("tiCaso", CHAR(1), nullable=False),
    Column("coEtapa", CHAR(1), nullable=False),
    Column("feDenuncia", String(10), nullable=False),
    Column("feFormalizacion", String(10), nullable=False),
    Column("feAcusacion", String(10), nullable=False),
    Column("feArchivo", String(10), nullable=False),
    Column("deSumilla", String(400)),
    Column("nuExpediente", String(60)),
    Column("flReserva", CHAR(1), nullable=False),
    Column("flViolencia", CHAR(1), nullable=False),
    Column("fhRegistro", String(19), nullable=False),
    Column("flBorrado", CHAR(1), nullable=False),
    Index("ix_caso_numero", "nuCaso"),
    Index("ix_caso_expediente", "nuExpediente"),
    Index("ix_caso_fiscalia", "coFiscalia", "fhRegistro"),
    Index("ix_caso_fiscal", "coFiscal", "fhRegistro"),
    Index("ix_caso_etapa", "coEtapa", "fhRegistro"),
    Index("ix_caso_registro", "fhRegistro"),
)

file_offences = Table(
    "tb_caso_delito",
    metadata,
    Column("idCaso", Integer, primary_key=True, autoincrement=False),
    Column("nuOrden", Integer, primary_key=True, autoincrement=False),
    Column("coDelito", CHAR(6), nullable=False),
    sqlite_with_rowid=False,
)

parties = Table(
    "tb_caso_parte",
    metadata,
    Column("idCaso", Integer, primary_key=True, autoincrement=False),
    Column("nuParte", Integer, primary_key=True, autoincrement=False),
    Column("tiParte", CHAR(2), nullable=False),
    Column("tiDocumento", String(3), nullable=False),  # DNI, RUC, CE or empty
    Column("nuDocumento", String(15)),
    Column("apPaterno", String(60)),
    Column("apMaterno", String(60)),
    Column("noPersona", String(120)),
    Column("feNacimiento", String(10), nullable=False),
    Column("flVictima", CHAR(1), nullable=False),
    Column("flMenor", CHAR(1), nullable=False),
    Column("coClave", String(10)),  # key of a protected witness, TP-01; then no document and no name
    Column("flBorrado", CHAR(1), nullable=False),
    Index("ix_parte_documento", "nuDocumento"),
    sqlite_with_rowid=False,
)

protected_identities = Table(
    "tb_clave_reserva",
    metadata,
    Column("idCaso", Integer, primary_key=True, autoincrement=False),
    Column("coClave", String(10), primary_key=True),
    Column("nuDocumento", String(15), nullable=False),
    Column("noPersona", String(200), nullable=False),
    info={"withheld": True},
    sqlite_with_rowid=False,
)

dispositions = Table(
    "tb_disposicion",
    metadata,
    Column("idCaso", Integer, primary_key=True, autoincrement=False),
    Column("nuDisposicion", Integer, primary_key=True, autoincrement=False),
    Column("tiDisposicion", CHAR(2), nullable=False),
    Column("feEmision", String(10), nullable=False),
    Column("coFiscal", String(10)),
    Column("deSumilla", String(400)),
    Column("coHash", CHAR(64), nullable=False),
    Column("flBorrado", CHAR(1), nullable=False),
    sqlite_with_rowid=False,
)

# The secrecy of one disposition (CPP 324); without its number, of the whole file.
secrecies = Table(
    "tb_secreto",
    metadata,
    Column("idCaso", Integer, primary_key=True, autoincrement=False),
    Column("nuSecreto", Integer, primary_key=True, autoincrement=False),
    Column("nuDisposicion", Integer),
    Column("feDesde", String(10), nullable=False),
    Column("feHasta", String(10), nullable=False),
    Column("flProrroga", CHAR(1), nullable=False),
    Column("feProrroga", String(10), nullable=False),
    Column("flActivo", CHAR(1), nullable=False),
    sqlite_with_rowid=False,
)

opinions = Table(
    "tb_dictamen",
    metadata,
    Column("idCaso", Integer, primary_key=True, autoincrement=False),
    Column("nuDictamen", Integer, primary_key=True, autoincrement=False),
    Column("feEmision", String(10), nullable=False),
    Column("coFiscal", String(10)),
    Column("deOpinion", String(200)),
    Column("coHash", CHAR(64), nullable=False),
    Column("flBorrado", CHAR(1), nullable=False),
    sqlite_with_rowid=False,
)

# Who may act in a file beside the prosecutor in charge.
accredited = Table(
    "tb_caso_acreditado",
    metadata,
    Column("idCaso", Integer, primary_key=True, autoincrement=False),
    Column("tiAcreditado", CHAR(1), primary_key=True),  # J juez, F fiscal adjunto, A abogado, T asesor del TC
    Column("coPersona", String(10), primary_key=True),
    Column("flActivo", CHAR(1), nullable=False),
    sqlite_with_rowid=False,
)
