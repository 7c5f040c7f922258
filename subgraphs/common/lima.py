"""Lima's time, which has no summer: agreements, secrecies and minors come of age by its days."""

from datetime import date, datetime, timedelta, timezone

LIMA = timezone(timedelta(hours=-5))


def lima_today() -> date:
    """The day in Lima."""
    return datetime.now(LIMA).date()
