"""The product with workers, by day and in a hurry: what was lost is put into the queue soon."""

from dadashop.settings import *  # noqa: F403
from dadashop.settings import VERIFICATIONS

VERIFICATIONS = {**VERIFICATIONS, "QUIET_HOURS": None, "REQUEUE_AFTER": 5, "CLAIM_TTL": 5}
