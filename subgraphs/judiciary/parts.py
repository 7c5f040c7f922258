"""What happens in a case as the schema shows it: acts, hearings, appeals, notices, cassations."""

from datetime import date, datetime
from typing import Self

import strawberry

from subgraphs.judiciary.codes import ActKind, AppealKind, CaseOutcome, HearingKind, HearingStatus, known
from subgraphs.judiciary.masking import SeenCase
from subgraphs.judiciary.part_records import ActRecord, AppealRecord, CassationRecord, HearingRecord, NoticeRecord
from subgraphs.judiciary.people import Magistrate, Party, magistrate
from subgraphs.judiciary.requests import Info


@strawberry.type(description="Órgano jurisdiccional.")
class CourtOffice:
    code: str = strawberry.field(description="Código: distrito judicial, órgano, especialidad y número.")
    name: str = strawberry.field(description="Nombre del juzgado o sala.")
    district: str = strawberry.field(description="Código del distrito judicial.")
    organ: str = strawberry.field(description="Código del órgano jurisdiccional.")
    specialty: str = strawberry.field(description="Código de la especialidad.")

    @classmethod
    def of(cls, code: str, name: str) -> Self:
        district, organ, specialty, _ = code.split("-")
        return cls(code=code, name=name, district=district, organ=organ, specialty=specialty)


@strawberry.type(description="Resolución judicial; el contenido no se publica aquí.")
class Act:
    kind: ActKind | None = strawberry.field(description="Clase de resolución: auto, decreto o sentencia.")
    made_on: date | None = strawberry.field(name="date", description="Fecha de la resolución.")
    summary: str | None = strawberry.field(description="Sumilla.")
    outcome: CaseOutcome | None = strawberry.field(description="Sentido de la resolución.")
    judge: Magistrate | None = strawberry.field(description="Juez que la firma.")
    pages: int = strawberry.field(description="Folios.")
    digest: str = strawberry.field(description="Resumen criptográfico (SHA-256) del documento.")

    @classmethod
    def of(cls, record: ActRecord) -> Self:
        return cls(
            kind=known(ActKind, record.kind),
            made_on=record.made_on,
            summary=record.summary,
            outcome=known(CaseOutcome, record.outcome),
            judge=magistrate(record.judge_code),
            pages=record.pages,
            digest=record.digest,
        )


@strawberry.type(description="Audiencia.")
class Hearing:
    kind: HearingKind | None = strawberry.field(description="Clase de audiencia.")
    held_at: datetime | None = strawberry.field(description="Fecha y hora de la audiencia.")
    state: HearingStatus | None = strawberry.field(description="Estado: programada, realizada o frustrada.")
    room: str | None = strawberry.field(description="Sala de audiencia; reservada si el expediente lo está.")

    @classmethod
    def of(cls, record: HearingRecord) -> Self:
        kind, state = known(HearingKind, record.kind), known(HearingStatus, record.state)
        return cls(kind=kind, held_at=record.held_at, state=state, room=record.room)


@strawberry.type(description="Recurso impugnatorio contra una resolución.")
class Appeal:
    case: strawberry.Private[SeenCase]
    act_line: strawberry.Private[int | None]
    kind: AppealKind | None = strawberry.field(description="Clase: apelación, agravio constitucional o queja.")
    filed_on: date | None = strawberry.field(description="Fecha de interposición.")
    chamber: CourtOffice | None = strawberry.field(description="Sala que lo resuelve.")
    outcome: CaseOutcome | None = strawberry.field(description="Sentido en que se resolvió; nulo si está pendiente.")
    resolved_on: date | None = strawberry.field(description="Fecha en que se resolvió.")

    @strawberry.field(description="Resolución impugnada.")
    async def against(self, info: Info) -> Act | None:
        return await _act_of(info, self.case, self.act_line)

    @classmethod
    def of(cls, case: SeenCase, record: AppealRecord) -> Self:
        return cls(
            case=case,
            act_line=record.act,
            kind=known(AppealKind, record.kind),
            filed_on=record.filed_on,
            chamber=None if record.chamber is None else CourtOffice.of(record.chamber, record.chamber_name),
            outcome=known(CaseOutcome, record.outcome),
            resolved_on=record.resolved_on,
        )


@strawberry.type(description="Notificación electrónica de una resolución.")
class Notice:
    case: strawberry.Private[SeenCase]
    act_line: strawberry.Private[int]
    party_line: strawberry.Private[int | None]
    casilla: str | None = strawberry.field(description="Casilla electrónica; solo para el juez.")
    sent_at: datetime | None = strawberry.field(description="Fecha y hora de envío.")
    read_at: datetime | None = strawberry.field(description="Fecha y hora de lectura; nulas si no ha sido leída.")

    @strawberry.field(description="Resolución notificada.")
    async def act(self, info: Info) -> Act | None:
        return await _act_of(info, self.case, self.act_line)

    @strawberry.field(description="Parte notificada; solo para el juez.")
    async def party(self, info: Info) -> Party | None:
        if self.party_line is None:
            return None
        found = await info.context.reader.parties(self.case)
        return next((Party(seen=seen) for seen in found if seen.line == self.party_line), None)

    @classmethod
    def of(cls, case: SeenCase, record: NoticeRecord) -> Self:
        return cls(
            case=case,
            act_line=record.act,
            party_line=record.party,
            casilla=record.casilla,
            sent_at=record.sent_at,
            read_at=record.read_at,
        )


@strawberry.type(description="Casación ante la Corte Suprema.")
class Cassation:
    number: str = strawberry.field(description="Número de casación, por ejemplo 11546-2022-TACNA.")
    chamber: str = strawberry.field(description="Sala de la Corte Suprema.")
    filed_on: date | None = strawberry.field(description="Fecha de ingreso.")
    resolved_on: date | None = strawberry.field(description="Fecha en que se resolvió.")
    outcome: CaseOutcome | None = strawberry.field(description="Sentido en que se resolvió; nulo si está pendiente.")

    @classmethod
    def of(cls, record: CassationRecord) -> Self:
        return cls(
            number=record.number,
            chamber=record.chamber,
            filed_on=record.filed_on,
            resolved_on=record.resolved_on,
            outcome=known(CaseOutcome, record.outcome),
        )


async def _act_of(info: Info, case: SeenCase, line: int | None) -> Act | None:
    found = await info.context.reader.acts(case) if line is not None else []
    return next((Act.of(act) for act in found if act.line == line), None)
