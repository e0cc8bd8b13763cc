"""A plugin of pytest for runs that are over with the first failure.

What Hypothesis found need not be shrunk, and is the same in each run. And no test profits from what
an earlier one has left in a cache: mutmut would not see that it calls the function.
"""

import sys
from typing import Any

from hypothesis import Phase, settings

settings.register_profile(
    "hasty", phases=[Phase.explicit, Phase.generate], derandomize=True, database=None
)
settings.load_profile("hasty")


def pytest_runtest_setup() -> None:
    modules = [one for name, one in sys.modules.items() if name.startswith("verifications")]
    values: list[Any] = [value for module in modules for value in vars(module).values()]
    for value in values:
        if hasattr(type(value), "cache_clear"):
            value.cache_clear()
