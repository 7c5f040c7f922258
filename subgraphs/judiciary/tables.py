"""The Judiciary's database as it is found: a case system of the nineties, described and never altered.

Its habits, which the mapping has to know:
- a case is `N_UNICO` with `N_INCIDENTE` (0 the main file, 1… the *cuadernos*); its printed number is split over
  seven columns, and the incident is zero-padded there (`000`);
- CHAR columns come padded with blanks on the right (documents, judge codes, descriptions);
- dates are CHAR(8) `YYYYMMDD` (`00000000` none, `19000101` unknown), but notices carry `YYYY-MM-DD HH:MM:SS`;
- names and free text are Windows-1252 bytes; flags are `S`/`N`; `L_ACTIVO = 'N'` is a deleted row;
- other institutions' numbers stand as the clerk typed them (`X_CARPETA`, `X_EXP_TC`).
"""

from sqlalchemy import CHAR, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, String, Table

metadata = MetaData()

ABSENT_DATE = "00000000"
UNKNOWN_DATE = "19000101"
TEXT_ENCODING = "cp1252"

# -- code tables ------------------------------------------------------------------------------------------

districts = Table(
    "TM_DISTRITO",
    metadata,
    Column("C_DISTRITO", CHAR(4), primary_key=True),
    Column("X_DESC", LargeBinary, nullable=False),
)

organs = Table(
    "TM_ORGANO",
    metadata,
    Column("C_ORGANO", CHAR(2), primary_key=True),
    Column("X_DESC", LargeBinary, nullable=False),
)

specialties = Table(
    "TM_ESPECIALIDAD",
    metadata,
    Column("C_ESPEC", CHAR(2), primary_key=True),
    Column("X_DESC", LargeBinary, nullable=False),
)

courts = Table(
    "TM_DEPENDENCIA",
    metadata,
    Column("C_DISTRITO", CHAR(4), primary_key=True),
    Column("C_ORGANO", CHAR(2), primary_key=True),
    Column("C_ESPEC", CHAR(2), primary_key=True),
    Column("C_NUMERO", CHAR(2), primary_key=True),
    Column("X_NOMBRE", LargeBinary, nullable=False),
)

subjects = Table(
    "TM_MATERIA",
    metadata,
    Column("N_MATERIA", Integer, primary_key=True, autoincrement=False),
    Column("C_ESPEC", CHAR(2), nullable=False),
    Column("X_DESC", LargeBinary, nullable=False),
)

# One table for every short list, told apart by C_TABLA: EST case state, ACT kind of act, AUD kind of hearing,
# EAU state of a hearing, INC kind of incident, PAR role of a party, REC kind of appeal, RES outcome, REL relation.
codes = Table(
    "TM_CODIGO",
    metadata,
    Column("C_TABLA", CHAR(3), primary_key=True),
    Column("C_CODIGO", CHAR(3), primary_key=True),
    Column("X_DESC", LargeBinary, nullable=False),
)

judges = Table(
    "TM_JUEZ",
    metadata,
    Column("C_JUEZ", CHAR(10), primary_key=True),
    Column("X_APE_PAT", LargeBinary, nullable=False),
    Column("X_APE_MAT", LargeBinary, nullable=False),
    Column("X_NOMBRES", LargeBinary, nullable=False),
    Column("C_CONDICION", CHAR(1), nullable=False),
    Column("L_ACTIVO", CHAR(1), nullable=False),
)

# -- the case and its parts -------------------------------------------------------------------------------

files = Table(
    "TB_EXPEDIENTE",
    metadata,
    Column("N_UNICO", Integer, primary_key=True, autoincrement=False),
    Column("N_INCIDENTE", SmallInteger, primary_key=True, autoincrement=False),
    Column("EXP_NRO", CHAR(5), nullable=False),
    Column("EXP_ANO", CHAR(4), nullable=False),
    Column("EXP_INC", CHAR(3), nullable=False),
    Column("EXP_DIST", CHAR(4), nullable=False),
    Column("EXP_ORG", CHAR(2), nullable=False),
    Column("EXP_ESP", CHAR(2), nullable=False),
    Column("EXP_JUZ", CHAR(2), nullable=False),
    Column("N_MATERIA", Integer, nullable=False),
    Column("X_SUMILLA", LargeBinary),
    Column("C_JUEZ", CHAR(10)),
    Column("C_ESTADO", CHAR(1), nullable=False),
    Column("F_INGRESO", CHAR(8), nullable=False),
    Column("F_CONCLUSION", CHAR(8), nullable=False),
    Column("C_TIPO_INC", CHAR(3)),
    Column("F_VENCE", CHAR(8), nullable=False),
    Column("X_CARPETA", String(40)),
    Column("X_EXP_TC", String(40)),
    Column("L_RESERVA", CHAR(1), nullable=False),
    Column("L_VIOLFAM", CHAR(1), nullable=False),
    Column("L_ACTIVO", CHAR(1), nullable=False),
    Index("UX_EXP_NUMERO", "EXP_NRO", "EXP_ANO", "EXP_DIST", "EXP_ESP", "EXP_INC", "EXP_ORG", "EXP_JUZ", unique=True),
    Index("IX_EXP_DEPEND", "EXP_DIST", "EXP_ORG", "EXP_ESP", "EXP_JUZ", "F_INGRESO"),
    Index("IX_EXP_ESPEC", "EXP_ESP", "F_INGRESO"),
    Index("IX_EXP_ESTADO", "C_ESTADO", "F_INGRESO"),
    Index("IX_EXP_INGRESO", "F_INGRESO"),
    Index("IX_EXP_JUEZ", "C_JUEZ", "F_INGRESO"),
    Index("IX_EXP_CARPETA", "X_CARPETA"),
    Index("IX_EXP_TC", "X_EXP_TC"),
)

parties = Table(
    "TB_PARTE",
    metadata,
    Column("N_UNICO", Integer, primary_key=True, autoincrement=False),
    Column("N_INCIDENTE", SmallInteger, primary_key=True, autoincrement=False),
    Column("N_PARTE", SmallInteger, primary_key=True, autoincrement=False),
    Column("C_TIPO_PARTE", CHAR(3), nullable=False),
    Column("C_TIPO_DOC", CHAR(1), nullable=False),  # 1 DNI, 4 carné de extranjería, 6 RUC, 0 none
    Column("X_NRO_DOC", CHAR(15)),
    Column("X_APE_PAT", LargeBinary),
    Column("X_APE_MAT", LargeBinary),
    Column("X_NOMBRES", LargeBinary),
    Column("X_RAZON_SOC", LargeBinary),
    Column("F_NACIM", CHAR(8), nullable=False),
    Column("L_VICTIMA", CHAR(1), nullable=False),
    Column("L_RESERVA", CHAR(1), nullable=False),
    Column("L_ACTIVO", CHAR(1), nullable=False),
    Index("IX_PARTE_DOC", "C_TIPO_DOC", "X_NRO_DOC"),
    sqlite_with_rowid=False,
)

acts = Table(
    "TB_ACTO",
    metadata,
    Column("N_UNICO", Integer, primary_key=True, autoincrement=False),
    Column("N_INCIDENTE", SmallInteger, primary_key=True, autoincrement=False),
    Column("N_ACTO", SmallInteger, primary_key=True, autoincrement=False),
    Column("C_TIPO_ACTO", CHAR(3), nullable=False),
    Column("F_ACTO", CHAR(8), nullable=False),
    Column("C_JUEZ", CHAR(10)),
    Column("X_SUMILLA", LargeBinary),
    Column("C_RESULTADO", CHAR(3)),
    Column("N_FOLIOS", SmallInteger, nullable=False),
    Column("X_HASH", CHAR(64), nullable=False),
    Column("L_ACTIVO", CHAR(1), nullable=False),
    sqlite_with_rowid=False,
)

hearings = Table(
    "TB_AUDIENCIA",
    metadata,
    Column("N_UNICO", Integer, primary_key=True, autoincrement=False),
    Column("N_INCIDENTE", SmallInteger, primary_key=True, autoincrement=False),
    Column("N_AUDIENCIA", SmallInteger, primary_key=True, autoincrement=False),
    Column("C_TIPO_AUD", CHAR(3), nullable=False),
    Column("F_AUDIENCIA", CHAR(8), nullable=False),
    Column("H_AUDIENCIA", CHAR(4), nullable=False),
    Column("C_ESTADO", CHAR(1), nullable=False),
    Column("X_SALA", String(20)),
    Column("L_ACTIVO", CHAR(1), nullable=False),
    sqlite_with_rowid=False,
)

notices = Table(
    "TB_NOTIFICACION",
    metadata,
    Column("N_UNICO", Integer, primary_key=True, autoincrement=False),
    Column("N_INCIDENTE", SmallInteger, primary_key=True, autoincrement=False),
    Column("N_NOTIF", SmallInteger, primary_key=True, autoincrement=False),
    Column("N_ACTO", SmallInteger, nullable=False),
    Column("N_PARTE", SmallInteger, nullable=False),
    Column("X_CASILLA", CHAR(10)),
    Column("FH_ENVIO", String(19), nullable=False),
    Column("FH_LECTURA", String(19)),
    Column("L_ACTIVO", CHAR(1), nullable=False),
    sqlite_with_rowid=False,
)

appeals = Table(
    "TB_RECURSO",
    metadata,
    Column("N_UNICO", Integer, primary_key=True, autoincrement=False),
    Column("N_INCIDENTE", SmallInteger, primary_key=True, autoincrement=False),
    Column("N_RECURSO", SmallInteger, primary_key=True, autoincrement=False),
    Column("C_TIPO_REC", CHAR(3), nullable=False),  # APE apelación, RAC agravio constitucional, QUE queja
    Column("N_ACTO", SmallInteger),
    Column("F_INTERP", CHAR(8), nullable=False),
    Column("SAL_DIST", CHAR(4)),
    Column("SAL_ORG", CHAR(2)),
    Column("SAL_ESP", CHAR(2)),
    Column("SAL_NUM", CHAR(2)),
    Column("C_RESULTADO", CHAR(3)),
    Column("F_RESUELVE", CHAR(8), nullable=False),
    Column("L_ACTIVO", CHAR(1), nullable=False),
    sqlite_with_rowid=False,
)

relations = Table(
    "TB_RELACION",
    metadata,
    Column("N_UNICO", Integer, primary_key=True, autoincrement=False),
    Column("N_UNICO_REL", Integer, primary_key=True, autoincrement=False),
    Column("C_TIPO_REL", CHAR(3), nullable=False),
    Column("L_ACTIVO", CHAR(1), nullable=False),
    Index("IX_RELACION_INV", "N_UNICO_REL"),
    sqlite_with_rowid=False,
)

# The Supreme Court numbers its cassations by year and district of origin: 11546-2022-TACNA.
cassations = Table(
    "TB_CASACION",
    metadata,
    Column("CAS_NRO", CHAR(5), primary_key=True),
    Column("CAS_ANO", CHAR(4), primary_key=True),
    Column("CAS_DISTRITO", CHAR(20), primary_key=True),
    Column("N_UNICO", Integer, nullable=False),
    Column("X_SALA", LargeBinary, nullable=False),
    Column("F_INGRESO", CHAR(8), nullable=False),
    Column("F_RESUELVE", CHAR(8), nullable=False),
    Column("C_RESULTADO", CHAR(3)),
    Column("L_ACTIVO", CHAR(1), nullable=False),
    Index("IX_CASACION_EXP", "N_UNICO"),
)

# Who may act in a case beside the judge in charge: of every file with the number, its *cuadernos* included.
accredited = Table(
    "TB_ACREDITADO",
    metadata,
    Column("N_UNICO", Integer, primary_key=True, autoincrement=False),
    Column("C_TIPO", CHAR(3), primary_key=True),  # FIS fiscal, ESP especialista legal, ABO abogado, ASE asesor del TC
    Column("C_PERSONA", CHAR(10), primary_key=True),
    Column("L_ACTIVO", CHAR(1), nullable=False),
    sqlite_with_rowid=False,
)
