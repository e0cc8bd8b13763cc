"""The product for shoppers in a hurry: the next code may be asked for after a second."""

from dadashop.settings import *  # noqa: F403
from dadashop.settings import VERIFICATIONS

VERIFICATIONS = {**VERIFICATIONS, "RESEND_INTERVAL": 1}
