"""The type hints as a project reads them that checks itself with `mypy --strict`."""

import re

from tests.outside.project import Project

_CONFIGURATION = """
[mypy]
strict = True
plugins = mypy_django_plugin.main

[mypy.plugins.django-stubs]
django_settings_module = "own_settings"

[mypy-rest_framework.*,shop.api]
ignore_missing_imports = True
ignore_errors = True
"""
_WRONG = """
from verifications.exceptions import RateLimited
from verifications.pytest_plugin import Outbox
from verifications.services import notify, send_code, verify_code


def wrong(sms_outbox: Outbox) -> None:
    send_code(13800138000, "login")  # arg-type
    send_code("13800138000")  # call-arg
    send_code("13800138000", "login", adress="203.0.113.7")  # call-arg
    send_code("13800138000", "login").expires  # attr-defined
    verify_code("13800138000", "login", 123456)  # arg-type
    number: int = verify_code("13800138000", "login", "123456")  # assignment
    notify("13800138000", "shipped", {"order": 1})  # dict-item
    sms_outbox[0].kode  # attr-defined
    sms_outbox.fail_with("down")  # arg-type
    raise RateLimited("ip")  # call-arg
"""


def test_what_the_docs_show_is_right_and_mistakes_are_found(project: Project) -> None:
    project.write("mypy.ini", _CONFIGURATION)
    project.write("wrong.py", _WRONG)
    done = project.run("mypy", "--cache-dir=.cache", "shop", "mall", "wrong.py")
    found = re.findall(r"^(.+):(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.MULTILINE)
    meant = [
        ("wrong.py", str(number), line.partition("  # ")[2])
        for number, line in enumerate(_WRONG.splitlines(), 1)
        if "  # " in line
    ]
    assert found == meant, done.stdout + done.stderr
