"""Addresses of this machine alone."""

from __future__ import annotations

from ipaddress import ip_address


def is_loopback_address(host: str) -> bool:
    """Whether it is an address, not a name, that is reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether the address or name is reached from this machine alone."""
    return host == "localhost" or is_loopback_address(host)
