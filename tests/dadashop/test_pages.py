"""Pages for people: the reader's language, a strict policy, and a word on every error."""

import json
import re
from html import unescape

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from verifications import examples, problems
from verifications.exceptions import VerificationError

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGES = ("/", "/v1/docs", "/v1/docs/problems", "/v1/docs/example")


@pytest.mark.parametrize(
    ("accepted", "language", "title"),
    [
        (None, "zh-hans", "登录或注册 · 达达商城"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans", "登录或注册 · 达达商城"),
        ("zh-TW", "zh-hans", "登录或注册 · 达达商城"),
        ("fr-FR,fr", "zh-hans", "登录或注册 · 达达商城"),
        ("x" * 5000, "zh-hans", "登录或注册 · 达达商城"),
        ("en-US,en;q=0.9", "en", "Log in or register · Dada Mall"),
        ("fr,en;q=0.5", "en", "Log in or register · Dada Mall"),
    ],
)
def test_the_first_page_speaks_the_readers_language(
    accepted: str | None, language: str, title: str, client: Client
) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    page = client.get("/", headers=headers).content.decode()
    assert f'<html lang="{language}">' in page
    assert f"<title>{title}</title>" in page


@pytest.mark.parametrize("path", ["/", "/v1/docs/problems", "/v1/docs/example"])
def test_an_english_page_has_no_chinese_left(path: str, client: Client) -> None:
    """But where it shows what Chinese shoppers read."""
    page = client.get(path, headers={"Accept-Language": "en"}).content.decode()
    page = re.sub(r'<(\w+)[^>]* lang="zh[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
    assert not re.findall(r"[\u4e00-\u9fff]+", page)


def test_one_readers_language_is_not_the_next_ones(client: Client) -> None:
    client.get("/", headers={"Accept-Language": "en"})
    assert '<html lang="zh-hans">' in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/", "/v1/docs/problems", "/v1/docs/example"])
def test_the_policy_lets_in_our_own_files_alone(path: str, client: Client) -> None:
    assert client.get(path)["Content-Security-Policy"] == STRICT


def test_the_viewer_of_the_api_may_set_styles_and_draw(client: Client) -> None:
    policy = client.get("/v1/docs")["Content-Security-Policy"]
    changed = set(policy.split("; ")) - set(STRICT.split("; "))
    assert changed == {"style-src 'self' 'unsafe-inline'", "img-src 'self' data:"}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_to_its_policy(path: str, client: Client) -> None:
    """No script, style or handler of an event stands in the page, and no file is of another's."""
    page = client.get(path).content.decode()
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", page) == []
    sources = re.findall(r'(?:src|<link[^>]* href)="([^"]*)"', page)
    assert all(source.startswith("/static/") for source in sources)


def test_every_file_that_a_page_names_is_there(client: Client) -> None:
    for path in PAGES:
        page = client.get(path).content.decode()
        for name in re.findall(r'(?:src|href)="(/[^"]*)"', page):
            answer = client.get(name)
            assert answer.status_code == 200, name
            b"".join(answer)


@pytest.mark.parametrize("code", [row.code for row in VerificationError.__subclasses__()])
def test_the_type_of_a_problem_leads_to_its_words(code: str, client: Client) -> None:
    page = client.get("/v1/docs/problems").content.decode()
    assert page.count(f'id="{code}"') == 1
    assert "%(" not in page


@pytest.mark.parametrize("kind", problems.KINDS, ids=lambda kind: kind.code)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_problem_is_explained(kind: problems.Kind, language: str, client: Client) -> None:
    """What it means and what to do, what the shopper reads in both languages, and an answer."""
    page = client.get("/v1/docs/problems", headers={"Accept-Language": language}).content.decode()
    section = page.partition(f'<section id="{kind.code}">')[2].partition("</section>")[0]
    with translation.override(language):
        assert escape(str(kind.meaning)) in section
        assert escape(str(kind.remedy)) in section
    for spoken in ("zh-hans", "en"):
        with translation.override(spoken):
            assert escape(examples.refusal(kind.code)["detail"]) in section
    shown = unescape(re.findall(r"<code>(.*?)</code>", section, re.DOTALL)[0])
    assert json.loads(shown)["code"] == kind.code
    assert json.loads(shown)["status"] == kind.status


@pytest.mark.parametrize("code", problems.PLAIN.values())
def test_so_does_that_of_a_refusal_of_http(code: str, client: Client) -> None:
    assert client.get("/v1/docs/problems").content.decode().count(f'id="{code}"') == 1


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_only_read(path: str, client: Client) -> None:
    assert client.head(path).status_code == 200
    for method in ("post", "put", "delete"):
        answer = getattr(client, method)(path)
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/nothing", "/v1", "/v1/docs/", "/index.html", "/../etc/passwd"])
def test_there_is_nothing_else(path: str, client: Client) -> None:
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "There is nothing here. Please check the address."
    assert "passwd" not in answer.content.decode()


def test_the_sandbox_is_shown_to_developers_alone(client: Client, settings: LazySettings) -> None:
    settings.SANDBOX_URL = "http://127.0.0.1:1234"
    assert "127.0.0.1:1234" not in client.get("/").content.decode()
    settings.DEBUG = True
    assert 'href="http://127.0.0.1:1234/sandbox/"' in client.get("/").content.decode()


def test_a_mistake_of_ours_is_said_in_a_problem(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("13800138000")

    client.raise_request_exception = False
    monkeypatch.setattr("dadashop.pages.render", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "13800138000" not in answer.content.decode()


def test_a_page_answers_for_its_own_hosts_only(client: Client) -> None:
    assert client.get("/", headers={"Host": "127.0.0.1"}).status_code == 200
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
