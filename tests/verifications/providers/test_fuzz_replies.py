"""A platform's reply, broken in every way: an outcome for each phone, a SendError, nothing else."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox import Sandbox
from tests.verifications.providers import test_aliyun, test_baidu, test_cloopen, test_tencent
from tests.verifications.providers.mutations import doctypes, documents
from verifications.providers import Accepted, Check, Receipt, SendError, Uncertain
from verifications.providers.transport import HttpProvider

PHONES = ("+8613800138000", "+8613800138001")
CONTRACTS: Any = [
    *(test_aliyun.TestAliyun, test_baidu.TestBaidu, test_cloopen.TestCloopen),
    *(test_cloopen.TestCloopenInXml, test_tencent.TestTencent),
]
thoroughly = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

Call = Callable[[HttpProvider], Any]


def _calls(contract: Any) -> dict[str, Call]:
    return {
        "send": lambda provider: provider.send(contract.code(*PHONES)),
        "check": lambda provider: provider.check([contract.code_template]),
        "pull": lambda provider: provider.pull_receipts(),
    }


@pytest.fixture(scope="module")
def replies(box: Sandbox) -> dict[tuple[type, str], list[tuple[int, bytes]]]:
    """What the sandbox answers to each call of each platform: (status, body)s."""
    heard: dict[tuple[type, str], list[tuple[int, bytes]]] = {}
    for kind in CONTRACTS:
        for name, call in _calls(kind()).items():
            provider = kind.backend(**kind.account, base_url=box.url)
            answers = heard.setdefault((kind, name), [])
            _listen(provider, answers)
            call(provider)
    return heard


def _listen(provider: HttpProvider, answers: list[tuple[int, bytes]]) -> None:
    usual = provider._exchange

    def exchange(*args: Any, **kwargs: Any) -> tuple[int, bytes]:
        answers.append(usual(*args, **kwargs))
        return answers[-1]

    provider._exchange = exchange  # type: ignore[method-assign]


def _answered(kind: Any, status: int, body: bytes, name: str) -> Any:
    """What the call makes of that reply; None for a SendError."""
    provider = kind.backend(**kind.account, **({"pull": True} if name == "pull" else {}))
    provider._exchange = lambda *_, **__: (status, body)
    try:
        return _calls(kind())[name](provider)
    except SendError:
        return None


@pytest.mark.parametrize("kind", CONTRACTS)
@pytest.mark.parametrize("name", ["send", "check"])
@thoroughly
@given(data=st.data())
def test_a_broken_reply(name: str, kind: Any, replies: Any, data: st.DataObject) -> None:
    status, honest = data.draw(st.sampled_from(replies[kind, name]))
    body = data.draw(documents(honest))
    status = data.draw(st.sampled_from([status, 200, 400, 500]))
    outcome = _answered(kind, status, body, name)
    if name == "check":
        assert all(isinstance(check, Check) for check in outcome or [])
    elif outcome is not None:
        assert {*outcome} == {*PHONES}
        assert all(isinstance(one, Accepted | SendError) for one in outcome.values())


@thoroughly
@given(data=st.data())
def test_a_broken_pull(data: st.DataObject) -> None:
    report = {"smsType": "1", "content": "1", "fromNum": "13800138000", "status": "0"}
    honest = json.dumps({"statusCode": "000000", "count": "1", "reports": [report]}).encode()
    outcome = _answered(test_cloopen.TestCloopen, 200, data.draw(documents(honest)), "pull")
    assert all(isinstance(receipt, Receipt) for receipt in outcome or [])


def test_no_document_type_is_read_and_so_no_entity(replies: Any) -> None:
    ((_, honest),) = replies[test_cloopen.TestCloopenInXml, "send"]
    for body in doctypes(honest):
        provider = test_cloopen.TestCloopenInXml.backend(**test_cloopen.TestCloopenInXml.account)
        provider._exchange = lambda *_, body=body, **__: (200, body)  # type: ignore[method-assign]
        with pytest.raises(Uncertain, match="unreadable reply"):
            provider.send(test_cloopen.TestCloopenInXml().code(*PHONES))
