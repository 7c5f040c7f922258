"""uvicorn's HTTP, with a bound on what has no body to show for it.

Its parser keeps headers and trailers in memory for as long as they come, before anyone is asked who they are. So bytes
are counted that bring neither the end of a head nor a part of a body.
"""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD = 64 * 1024
"""Bytes of a request's line and headers, or of its trailers; beyond them at most one read of the socket is taken."""


class BoundedHttp(HttpToolsProtocol):
    """Refuses a head without end with 400, and closes the connection."""

    _fruitless = 0

    def data_received(self, data: bytes) -> None:
        """Counts before parsing, since parsing says what the bytes were good for."""
        self._fruitless += len(data)
        super().data_received(data)
        if self._fruitless > MAX_HEAD and not self.transport.is_closing():
            self.send_400_response("The headers are too long.")

    def on_headers_complete(self) -> None:
        """The head came to its end."""
        self._fruitless = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body came."""
        self._fruitless = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request came to its end."""
        self._fruitless = 0
        super().on_message_complete()
