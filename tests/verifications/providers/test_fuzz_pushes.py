"""Whoever knows a webhook's URL can write what he likes: a parser reads it or says BadPush."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifications.http.reports import BAIDU_TOKEN, FORMATS
from tests.verifications.providers import test_aliyun, test_baidu, test_cloopen, test_tencent
from tests.verifications.providers.mutations import doctypes, documents
from verifications.providers import BadPush, Push, Receipt, cloopen_receipts
from verifications.providers.transport import HttpProvider

PHONE = "13800138000"
CONTRACTS: Any = [
    *(test_aliyun.TestAliyun, test_baidu.TestBaidu, test_cloopen.TestCloopen),
    test_tencent.TestTencent,
]
PROVIDERS: dict[str, HttpProvider] = {
    contract.backend.name: contract.backend(**contract.account) for contract in CONTRACTS
}
thoroughly = settings(max_examples=300, deadline=None)
each_format = pytest.mark.parametrize("form", FORMATS)


def _push(form: str, body: bytes) -> Push:
    """Signed, where the platform signs: else nothing is read."""
    _, headers = FORMATS[form][1](PHONE)
    if "signature" in headers:
        signed = f"{BAIDU_TOKEN}{headers['timestamp']}".encode() + body
        headers = {**headers, "signature": hashlib.md5(signed).hexdigest()}
    return Push(headers, body)


def _read(form: str, body: bytes) -> list[Receipt]:
    return PROVIDERS[FORMATS[form][0]].read_receipts(_push(form, body))


@each_format
def test_an_honest_one_is_read(form: str) -> None:
    body, _ = FORMATS[form][1](PHONE)
    assert [receipt.phone for receipt in _read(form, body)] == [f"+86{PHONE}"]


@each_format
@thoroughly
@given(data=st.data())
def test_a_broken_one_is_read_or_refused(form: str, data: st.DataObject) -> None:
    body = data.draw(documents(FORMATS[form][1](PHONE)[0]))
    try:
        receipts = _read(form, body)
    except BadPush:
        receipts = []
    for receipt in receipts:
        for text in (receipt.message_id, receipt.request_id, receipt.phone, receipt.code):
            assert len(text) <= 200
            assert text.isprintable()
    media, answer = PROVIDERS[FORMATS[form][0]].acknowledge(_push(form, body))
    assert media
    assert answer


def test_no_document_type_is_read_and_so_no_entity() -> None:
    for body in doctypes(FORMATS["cloopen_xml"][1](PHONE)[0]):
        with pytest.raises(BadPush):
            _read("cloopen_xml", body)


@thoroughly
@given(data=st.data())
def test_a_pulled_row_is_read_or_left_out(data: st.DataObject) -> None:
    honest = json.loads(FORMATS["cloopen"][1](PHONE)[0])["Request"]
    broken = data.draw(documents(json.dumps([honest, honest]).encode()))
    try:
        rows = json.loads(broken)
    except (ValueError, RecursionError):
        return
    assert all(isinstance(one, Receipt) for one in cloopen_receipts.readable(rows))
