"""The short lists of each institution: districts, courts, subjects, offices, states, courses."""

from typing import NamedTuple

# code, name, share of the caseload, courts of each kind
DISTRICTS = (
    ("1801", "LIMA", 0.40, 8),
    ("0401", "AREQUIPA", 0.12, 3),
    ("1601", "LA LIBERTAD", 0.11, 3),
    ("1001", "CUSCO", 0.09, 3),
    ("2001", "PIURA", 0.08, 3),
    ("1501", "JUNÍN", 0.07, 2),
    ("0701", "CALLAO", 0.06, 2),
    ("2101", "PUNO", 0.04, 2),
    ("2301", "TACNA", 0.03, 2),
)
ORGANS = (
    ("JP", "JUZGADO DE PAZ LETRADO"),
    ("JR", "JUZGADO ESPECIALIZADO"),
    ("SP", "SALA SUPERIOR"),
)
SPECIALTIES = (
    ("CI", "CIVIL"),
    ("FC", "FAMILIA CIVIL"),
    ("FT", "FAMILIA TUTELAR"),
    ("LA", "LABORAL"),
    ("CO", "COMERCIAL"),
    ("CA", "CONTENCIOSO ADMINISTRATIVO"),
    ("DC", "DERECHO CONSTITUCIONAL"),
    ("PE", "PENAL"),
)


class Subject(NamedTuple):
    """A *materia*: where it is filed, how often, and who is likely to sue whom."""

    code: int
    specialty: str
    organ: str
    name: str
    share: float
    parties: str  # people, worker, bank, state, minor, violence, accused
    proceeding_type: str = ""


SUBJECTS = (
    Subject(101, "FC", "JP", "ALIMENTOS", 0.11, "minor"),
    Subject(102, "FC", "JR", "RÉGIMEN DE VISITAS", 0.05, "minor"),
    Subject(103, "FC", "JR", "TENENCIA", 0.04, "minor"),
    Subject(104, "FC", "JR", "DIVORCIO POR CAUSAL", 0.06, "people"),
    Subject(105, "FT", "JR", "VIOLENCIA FAMILIAR: MEDIDAS DE PROTECCIÓN", 0.07, "violence"),
    Subject(201, "CI", "JR", "OBLIGACIÓN DE DAR SUMA DE DINERO", 0.09, "people"),
    Subject(202, "CI", "JR", "DESALOJO", 0.05, "people"),
    Subject(203, "CI", "JR", "INDEMNIZACIÓN POR DAÑOS Y PERJUICIOS", 0.05, "people"),
    Subject(204, "CI", "JR", "PRESCRIPCIÓN ADQUISITIVA DE DOMINIO", 0.04, "people"),
    Subject(205, "CI", "JP", "COBRO DE ARRENDAMIENTO", 0.04, "people"),
    Subject(301, "LA", "JR", "PAGO DE BENEFICIOS SOCIALES", 0.09, "worker"),
    Subject(302, "LA", "JR", "REPOSICIÓN POR DESPIDO INCAUSADO", 0.06, "worker"),
    Subject(401, "CO", "JR", "EJECUCIÓN DE GARANTÍAS", 0.06, "bank"),
    Subject(501, "CA", "JR", "NULIDAD DE RESOLUCIÓN ADMINISTRATIVA", 0.06, "state"),
    Subject(502, "CA", "JR", "PENSIÓN DE JUBILACIÓN", 0.04, "state"),
    Subject(601, "DC", "JR", "PROCESO DE AMPARO", 0.08, "state", "PA"),
    Subject(602, "DC", "JR", "PROCESO DE HÁBEAS DATA", 0.02, "state", "PHD"),
    Subject(603, "DC", "JR", "PROCESO DE CUMPLIMIENTO", 0.02, "state", "PC"),
    Subject(604, "DC", "JR", "PROCESO DE HÁBEAS CORPUS", 0.02, "state", "PHC"),
    Subject(701, "PE", "JR", "LESIONES POR VIOLENCIA FAMILIAR", 0.01, "accused"),
    Subject(702, "PE", "JR", "PECULADO", 0.01, "accused"),
)
STATE_ENTITIES = (
    "OFICINA DE PENSIONES INVENTADA",
    "MUNICIPALIDAD DISTRITAL DE VILLA FICTICIA",
    "UNIDAD DE GESTIÓN EDUCATIVA INVENTADA",
    "REGISTRO NACIONAL FICTICIO",
)

# TM_CODIGO: list, code, description
JUDICIARY_CODES = (
    ("EST", "I", "INGRESADO"),
    ("EST", "A", "ADMITIDO"),
    ("EST", "T", "EN TRÁMITE"),
    ("EST", "S", "SENTENCIADO"),
    ("EST", "P", "EN APELACIÓN"),
    ("EST", "E", "EN EJECUCIÓN"),
    ("EST", "R", "ARCHIVADO"),
    ("ACT", "AUT", "AUTO"),
    ("ACT", "DEC", "DECRETO"),
    ("ACT", "SEN", "SENTENCIA"),
    ("AUD", "UNI", "AUDIENCIA ÚNICA"),
    ("AUD", "CON", "AUDIENCIA DE CONCILIACIÓN"),
    ("AUD", "JUZ", "AUDIENCIA DE JUZGAMIENTO"),
    ("AUD", "VIS", "VISTA DE LA CAUSA"),
    ("AUD", "PPR", "AUDIENCIA DE PRISIÓN PREVENTIVA"),
    ("EAU", "P", "PROGRAMADA"),
    ("EAU", "R", "REALIZADA"),
    ("EAU", "F", "FRUSTRADA"),
    ("INC", "APE", "CUADERNO DE APELACIÓN"),
    ("INC", "CAU", "CUADERNO CAUTELAR"),
    ("INC", "EJE", "CUADERNO DE EJECUCIÓN"),
    ("INC", "PPR", "CUADERNO DE PRISIÓN PREVENTIVA"),
    ("PAR", "DTE", "DEMANDANTE"),
    ("PAR", "DDO", "DEMANDADO"),
    ("PAR", "IMP", "IMPUTADO"),
    ("PAR", "AGR", "AGRAVIADO"),
    ("PAR", "DEN", "DENUNCIANTE"),
    ("PAR", "BEN", "BENEFICIARIO"),
    ("PAR", "TES", "TESTIGO"),
    ("PAR", "PRO", "PROCURADOR PÚBLICO"),
    ("PAR", "ABO", "ABOGADO"),
    ("PAR", "MEN", "MENOR DE EDAD"),
    ("REC", "APE", "APELACIÓN"),
    ("REC", "RAC", "RECURSO DE AGRAVIO CONSTITUCIONAL"),
    ("REC", "QUE", "QUEJA"),
    ("RES", "ADM", "ADMITE"),
    ("RES", "FUN", "FUNDADA"),
    ("RES", "FPA", "FUNDADA EN PARTE"),
    ("RES", "INF", "INFUNDADA"),
    ("RES", "IMP", "IMPROCEDENTE"),
    ("RES", "CNF", "CONFIRMA"),
    ("RES", "REV", "REVOCA"),
    ("RES", "NUL", "NULA"),
    ("RES", "CCD", "CONCEDE"),
    ("RES", "DNG", "DENIEGA"),
    ("REL", "ACU", "ACUMULADO"),
    ("REL", "CNX", "CONEXO"),
    ("REL", "OBJ", "OBJETO DEL PROCESO CONSTITUCIONAL"),
)

# kind of office: last two digits, kind, name
OFFICES = (
    ("01", "P", "FISCALÍA PROVINCIAL PENAL CORPORATIVA"),
    ("02", "F", "FISCALÍA PROVINCIAL DE FAMILIA"),
    ("03", "P", "FISCALÍA ESPECIALIZADA EN CRIMINALIDAD ORGANIZADA"),
    ("04", "C", "FISCALÍA PROVINCIAL CIVIL"),
)
STAGES = (
    ("C", "CALIFICACIÓN"),
    ("P", "DILIGENCIAS PRELIMINARES"),
    ("F", "INVESTIGACIÓN PREPARATORIA FORMALIZADA"),
    ("I", "ETAPA INTERMEDIA"),
    ("J", "JUZGAMIENTO"),
    ("A", "ARCHIVADO"),
    ("E", "ELEVADO"),
)
OFFENCES = (
    ("122B00", "AGRESIONES CONTRA LOS INTEGRANTES DEL GRUPO FAMILIAR", "CP 122-B"),
    ("149000", "OMISIÓN DE ASISTENCIA FAMILIAR", "CP 149"),
    ("387000", "PECULADO", "CP 387"),
    ("317000", "ORGANIZACIÓN CRIMINAL", "CP 317"),
    ("427000", "FALSIFICACIÓN DE DOCUMENTOS", "CP 427"),
)
DISPOSITION_KINDS = (
    ("AP", "APERTURA DE DILIGENCIAS PRELIMINARES"),
    ("FO", "FORMALIZACIÓN DE LA INVESTIGACIÓN PREPARATORIA"),
    ("AR", "ARCHIVO"),
    ("MP", "MEDIDAS A FAVOR DEL MENOR"),
    ("EL", "ELEVACIÓN DE ACTUADOS"),
    ("DI", "DISPOSICIÓN DE DILIGENCIAS"),
)
# the prosecutors' code of a role, its name, the Judiciary's code
PROSECUTION_ROLES = (
    ("01", "IMPUTADO", "IMP"),
    ("02", "AGRAVIADO", "AGR"),
    ("03", "DENUNCIANTE", "DEN"),
    ("04", "TESTIGO", "TES"),
    ("05", "DEMANDANTE", "DTE"),
    ("06", "DEMANDADO", "DDO"),
    ("07", "MENOR DE EDAD", "MEN"),
    ("08", "ABOGADO", "ABO"),
    ("09", "PROCURADOR PÚBLICO", "PRO"),
    ("10", "BENEFICIARIO", "BEN"),
)
REPORTING_JUDGES = (
    ("TC01", "PEÑALUZ WAYRAPOMA, NIEVES"),
    ("TC02", "ÑAUPAKILLA ORTEGÓN, EFRAÍN"),
    ("TC03", "SOTOMANSO CARHUASOL, INÉS"),
    ("TC04", "DÁVALESINO RUMISONQO, ÓSCAR"),
    ("TC05", "GÜEMESANO TITUSUYO, ELENA"),
    ("TC06", "HUIRAQAY FLORILUNA, HÉCTOR"),
    ("TC07", "REÁTEGUINO INKAMAYU, BEATRIZ"),
)
RULINGS = (
    ("F", "FUNDADA"),
    ("FP", "FUNDADA EN PARTE"),
    ("I", "INFUNDADA"),
    ("IM", "IMPROCEDENTE"),
    ("N", "NULA"),
)
# code, name, programme, hours, first day, days
COURSES = (
    ("C-001", "TUTELA JURISDICCIONAL EFECTIVA Y DEBIDO PROCESO", "PAP", 120, "2019-03-11", 60),
    ("C-002", '"DERECHO DE FAMILIA; NIVEL II"', "PCA", 160, "2020-06-08", 75),
    ("C-003", "PROCESO DE AMPARO Y RECURSO DE AGRAVIO CONSTITUCIONAL", "PAP", 90, "2021-04-05", 45),
    ("C-004", "FORMACIÓN DE ASPIRANTES", "PROFA", 480, "2018-02-05", 210),
    ("C-005", "ENFOQUE DE GÉNERO EN LA FUNCIÓN JURISDICCIONAL", "PAP", 60, "2022-05-02", 30),
    ("C-006", "EXPEDIENTE JUDICIAL ELECTRÓNICO", "PAP", 40, "2021-09-06", 20),
    ("C-007", "INTERÉS SUPERIOR DEL NIÑO", "PAP", 80, "2022-08-15", 40),
    ("C-008", '"LITIGACIÓN ORAL; MÓDULO CIVIL"', "PAP", 100, "2023-03-06", 50),
    ("C-009", "CURSO DE ASCENSO: SEGUNDO NIVEL", "PCA", 320, "2022-01-17", 150),
    ("C-010", "PRUEBA INDICIARIA", "PAP", 37.5, "2023-10-02", 25),
)
