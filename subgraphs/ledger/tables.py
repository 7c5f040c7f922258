"""The ledger's tables that are read here; the gateways alone write them, and they hold no value of any case.

- `leaf.record` is the canonical JSON of one record, at its position of the tree: from 0, without gaps;
- `mention` says which records speak of what: of an entity (its type, and its key as recorded), an `institution`, a
  `subject` (institution/subject), a `purpose`, an `agreement`, an `outcome`, a `request`, a Lima `day`
  (2026-11-25), or of being `exceptional` (true). Its primary key is the index of every list.
"""

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, String, Table

metadata = MetaData()

leaves = Table(
    "leaf",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("record", LargeBinary, nullable=False),
)

mentions = Table(
    "mention",
    metadata,
    Column("kind", String, primary_key=True),
    Column("value", String, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
