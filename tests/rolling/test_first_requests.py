"""A web server that has just started meets its first requests on all of its threads at once: what
it learns then must not be what two threads cannot learn at the same moment."""

import subprocess
import sys

import pytest

from tests.live import ROOT, clean_environment

# What is learnt later would go by the annotations that are changed here.
_SCRIPT = """
import django, msgspec
django.setup()
from verifications import conf, captcha, schemas, views
for shape in (conf.Conf, captcha._Answer, *schemas._Body.__subclasses__()):
    known = {field.name for field in msgspec.structs.fields(shape)}
    assert known
    for name in known:
        shape.__annotations__[name] = "no such type"
    try:
        msgspec.convert({}, shape)
    except msgspec.ValidationError:
        pass
    print(shape.__name__)
"""


def test_msgspec_knows_all_shapes_before(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = str(tmp_path_factory.mktemp("first"))
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=ROOT,
        env=clean_environment(DJANGO_SETTINGS_MODULE="dadashop.settings", DADASHOP_DATA_DIR=place),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert {"Conf", "_Answer", "SendCode", "VerifyCode"} <= {*done.stdout.split()}
