"""docs/providers.md has each platform's options, with their defaults."""

import re
from inspect import signature

import pytest

from tests.docs.pages import quoted, read, rows
from verifications.providers.aliyun import Aliyun
from verifications.providers.baidu import Baidu
from verifications.providers.cloopen import Cloopen
from verifications.providers.tencent import Tencent
from verifications.providers.transport import HttpProvider


@pytest.mark.parametrize("platform", [Aliyun, Baidu, Cloopen, Tencent])
def test_every_option_and_its_default(platform: type[HttpProvider]) -> None:
    sections = re.split(r"^## ", read("docs/providers.md"), flags=re.MULTILINE)
    (section,) = (part for part in sections if f"({platform.name})\n" in part)
    table = rows(section, "option")
    documented = {name: default for cell, default, _ in table for name in quoted(cell)}
    options = signature(platform).parameters
    assert set(documented) == set(options) - {"clock"}
    for name, default in documented.items():
        if quoted(default):
            assert quoted(default)[0] == str(options[name].default)
