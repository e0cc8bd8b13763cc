"""The project's settings, with texts kept in memory and room for the bench's many sends.

Every quota and the guard stay in force, and cost their work: those of everyone and of the segments
are only set out of reach. An address keeps its own as it is, which is why the load comes from many
addresses.
"""

from dadashop.settings import *  # noqa: F403
from dadashop.settings import VERIFICATIONS

VERIFICATIONS = {
    **VERIFICATIONS,
    "PROVIDER_ORDER": ["locmem"],
    "GLOBAL_LIMITS": [[1_000_000_000, 3600], [1_000_000_000, 86_400]],
    "PREFIX_LIMITS": [[1_000_000_000, 3600], [1_000_000_000, 86_400]],
    "CAPTCHA_ABOVE": {},
    "QUIET_HOURS": None,  # a notice is sent at whatever hour this runs
}
