"""docs/providers.md has each platform's options, with their defaults."""

import re
from inspect import signature

import pytest
from django.utils.module_loading import import_string

from dadashop.platforms import PLATFORMS
from tests.docs.pages import quoted, read, rows


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_option_and_its_default(name: str) -> None:
    platform = import_string(PLATFORMS[name].backend)
    sections = re.split(r"^## ", read("docs/providers.md"), flags=re.MULTILINE)
    (section,) = (part for part in sections if f"({name})\n" in part)
    table = rows(section, "option")
    documented = {option: default for cell, default, _ in table for option in quoted(cell)}
    options = signature(platform).parameters
    assert set(documented) == set(options) - {"clock"}
    for option, default in documented.items():
        if quoted(default):
            assert quoted(default)[0] == str(options[option].default)
