"""The product as it is delivered, but for a resend interval of seconds, so that the five texts of
an hour and what follows them fit into a short run."""

from dadashop.settings import *  # noqa: F403
from dadashop.settings import VERIFICATIONS

RESEND_INTERVAL = 3
VERIFICATIONS = {**VERIFICATIONS, "RESEND_INTERVAL": RESEND_INTERVAL}
