"""The Academy's database as it is found: spreadsheets exported as `;` text and loaded as they came.

Its habits, which the mapping has to know:
- everything is text; hours and grades have a decimal comma (`120,00`), dates read `4-mar-24`;
- a cell that held a `;` kept the quotes of its export (`"DERECHO; NIVEL II"`);
- `fila` is the line of the export and alone tells the order; `ANULADO = 'X'` is a cancelled row;
- a magistrate's code is the one that the Judiciary and the prosecutors use. Grades are never published.
"""

from sqlalchemy import Column, Index, Integer, MetaData, String, Table

metadata = MetaData()

magistrates = Table(
    "MAGISTRADOS",
    metadata,
    Column("COD_MAG", String(10), primary_key=True),
    Column("APELLIDOS_NOMBRES", String(160), nullable=False),
    Column("CARGO", String(160), nullable=False),
    Column("INSTITUCION", String(4), nullable=False),  # PJ or MP
    Column("ANULADO", String(1), nullable=False),
)

courses = Table(
    "CURSOS",
    metadata,
    Column("COD_CURSO", String(12), primary_key=True),
    Column("NOMBRE", String(160), nullable=False),
    Column("PROGRAMA", String(8), nullable=False),  # PROFA, PCA, PAP
    Column("HORAS", String(8), nullable=False),
    Column("INICIO", String(10), nullable=False),
    Column("FIN", String(10), nullable=False),
)

enrolments = Table(
    "MATRICULAS",
    metadata,
    Column("fila", Integer, primary_key=True, autoincrement=False),
    Column("COD_MAG", String(10), nullable=False),
    Column("COD_CURSO", String(12), nullable=False),
    Column("FECHA", String(10), nullable=False),
    Column("SITUACION", String(1), nullable=False),  # A aprobado, D desaprobado, R retirado, C cursando
    Column("NOTA", String(6), nullable=False),
    Column("ANULADO", String(1), nullable=False),
    Index("IX_MATRICULA_MAG", "COD_MAG", "fila"),
)

certificates = Table(
    "CERTIFICADOS",
    metadata,
    Column("NRO_CERT", String(16), primary_key=True),
    Column("COD_MAG", String(10), nullable=False),
    Column("COD_CURSO", String(12), nullable=False),
    Column("FECHA", String(10), nullable=False),
    Column("ANULADO", String(1), nullable=False),
    Index("IX_CERTIFICADO_MAG", "COD_MAG", "COD_CURSO"),
)
