import pytest

# They are inherited by the tests of each platform, and their names are not those of tests.
for _part in ("contract", "contract_failures", "contract_receipts"):
    pytest.register_assert_rewrite(f"{__name__}.{_part}")
