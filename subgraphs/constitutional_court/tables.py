"""The Constitutional Court's database as it is found: one wide table and little else, described and never altered.

Its habits, which the mapping has to know:
- the number is the text as printed, its type in the older code or the new (`…-AA/TC`, `…-PA/TC`);
- timestamps are ISO with the Lima offset; text is Latin-1 bytes; states are single letters;
- the Judiciary's number of origin stands as the clerk typed it (`exp_origen`);
- `eliminado = 1` is a deleted row.
"""

from sqlalchemy import CHAR, Column, Index, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()

TEXT_ENCODING = "latin-1"

reporting_judges = Table(
    "ponentes",
    metadata,
    Column("cod_ponente", String(6), primary_key=True),
    Column("nombre", LargeBinary, nullable=False),
)

rulings = Table(
    "sentidos",
    metadata,
    Column("cod_sentido", CHAR(2), primary_key=True),
    Column("descripcion", LargeBinary, nullable=False),
)

proceedings = Table(
    "expedientes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("nro_expediente", String(30), nullable=False),
    Column("tipo", String(3), nullable=False),
    Column("fecha_ingreso", String(25), nullable=False),
    Column("estado", CHAR(1), nullable=False),  # C en calificación, V al voto, A vista señalada, R resuelto, D devuelto
    Column("sala", CHAR(1)),  # P pleno, 1, 2
    Column("cod_ponente", String(6)),
    Column("fecha_vista", String(25)),
    Column("cod_sentido", CHAR(2)),
    Column("nro_sentencia", String(12)),
    Column("fecha_sentencia", String(25)),
    Column("votos_favor", Integer),
    Column("votos_contra", Integer),
    Column("voto_singular", LargeBinary),
    Column("distrito_origen", LargeBinary),
    Column("exp_origen", String(60)),
    Column("materia", LargeBinary),
    Column("resumen", LargeBinary),
    Column("demandante", LargeBinary),
    Column("tipo_doc_demandante", String(3)),
    Column("doc_demandante", String(15)),
    Column("demandado", LargeBinary),
    Column("beneficiario", LargeBinary),
    Column("nacimiento_beneficiario", String(10)),
    Column("exp_queja", String(30)),  # the number of the queja that opened this proceeding
    Column("reservado", CHAR(1), nullable=False),  # S or N
    Column("hash_sentencia", CHAR(64)),
    Column("eliminado", Integer, nullable=False),
    Index("ix_exp_numero", "nro_expediente"),
    Index("ix_exp_origen", "exp_origen"),
    Index("ix_exp_queja", "exp_queja"),
    Index("ix_exp_ingreso", "fecha_ingreso"),
    Index("ix_exp_estado", "estado", "fecha_ingreso"),
    Index("ix_exp_tipo", "tipo", "fecha_ingreso"),
    Index("ix_exp_doc", "doc_demandante"),
)

# Who works on a proceeding, or came with it.
assigned = Table(
    "asignados",
    metadata,
    Column("id_expediente", Integer, primary_key=True, autoincrement=False),
    Column("tipo", CHAR(1), primary_key=True),  # A asesor, J juez de origen, F fiscal
    Column("codigo", String(10), primary_key=True),
    Column("eliminado", Integer, nullable=False),
    sqlite_with_rowid=False,
)
