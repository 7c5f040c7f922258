"""One gateway for all tests of a module that only ask: starting one costs more than most of them take."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from faults_kit import IMPATIENT, PATIENT, Gateway, gateway


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def patient() -> AsyncIterator[Gateway]:
    async with gateway(PATIENT) as serving:
        yield serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def impatient() -> AsyncIterator[Gateway]:
    async with gateway(IMPATIENT) as serving:
        yield serving
