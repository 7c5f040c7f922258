"""Where the ledger cannot be written, requests are refused and nothing leaves; once it can be, they are served."""

from __future__ import annotations

import resource
import sqlite3
from contextlib import closing
from pathlib import Path

from faults_kit import until
from kill_kit import CLIENTS, Storm, storm

SOME = 10 * CLIENTS


async def refuses_all(gateway: Storm) -> None:
    """Returns once what was recorded before has left, and everything since was refused."""
    begun = gateway.refused
    await until(lambda: gateway.refused >= begun + SOME)
    answers, refused = gateway.answers, gateway.refused
    await until(lambda: gateway.refused >= refused + SOME)
    assert gateway.answers == answers


async def serves_again(gateway: Storm) -> None:
    answers = gateway.answers
    await until(lambda: gateway.answers >= answers + SOME)


async def test_a_full_disk_refuses_requests_until_there_is_room(tmp_path: Path) -> None:
    """The kernel refuses the gateway's process any write to a file, as it does where no room is left."""
    _, ceiling = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with storm(tmp_path, seed=1) as gateway:
        async with gateway.loaded(answers=True) as process:
            resource.prlimit(process, resource.RLIMIT_FSIZE, (0, ceiling))
            await refuses_all(gateway)
            resource.prlimit(process, resource.RLIMIT_FSIZE, (ceiling, ceiling))
            await serves_again(gateway)
        await gateway.look()
        await gateway.verify()


async def test_a_ledger_that_cannot_keep_up_refuses_what_its_queue_does_not_hold(tmp_path: Path) -> None:
    """Commits do not end while another process holds the file; fewer records may wait than there are clients."""
    patience = {"QUIPU_LEDGER__DEADLINE": "0.3", "QUIPU_LEDGER__QUEUE_RECORDS": str(CLIENTS // 2)}
    async with storm(tmp_path, seed=2, **patience) as gateway:
        async with gateway.loaded(answers=True):
            with closing(sqlite3.connect(gateway.ledger, isolation_level=None, timeout=5)) as other:
                other.execute("BEGIN IMMEDIATE")
                await refuses_all(gateway)
                other.execute("ROLLBACK")
            await serves_again(gateway)
        await gateway.look()
        await gateway.verify()
