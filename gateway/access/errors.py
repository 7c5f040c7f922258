"""Why a request names nobody that we know."""

from __future__ import annotations


class AuthenticationError(Exception):
    """The request names nobody that we know. `code` and the message reach the client; `reason` is for the log."""

    def __init__(self, code: str, message: str, reason: str = "", status: int = 401) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.status = status


def token_invalid(reason: str) -> AuthenticationError:
    """The refusal of a token, which tells whoever sent it nothing of why."""
    return AuthenticationError("TOKEN_INVALID", "The token is not valid here. Get one from your institution.", reason)


def unavailable(reason: str) -> AuthenticationError:
    """That nobody can be known at the moment."""
    message = "Tokens cannot be checked at the moment. Try again soon."
    return AuthenticationError("IDENTITY_UNAVAILABLE", message, reason, 503)
