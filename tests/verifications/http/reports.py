"""One status report as each platform pushes it, on the text that it knows as `their-id`."""

import hashlib
import json
from collections.abc import Callable

Push = tuple[bytes, dict[str, str]]  # body, headers

JSON_TYPE = "application/json;charset=utf-8"
BAIDU_TOKEN = "sandboxbaiduaccount0000000000000"
_JSON = {"Content-Type": JSON_TYPE}
_XML_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'
_XML_SUCCESS = _XML_DECLARATION + b"<Response><statusCode>000000</statusCode></Response>"


def cloopen(phone: str, lost: str = "") -> Push:
    report = {
        "action": "SMSArrived",
        "smsType": "1",
        "apiVersion": "2013-12-26",
        "content": "their-id",
        "fromNum": phone,
        "dateSent": "20261122120000",
        "deliverCode": lost or "DELIVRD",
        "recvTime": "20261122120003",
        "status": "1" if lost else "0",
        "reqId": "",
        "smsCount": "1",
        "spCode": "10690876",
    }
    return json.dumps({"Request": report}).encode(), _JSON


def cloopen_xml(phone: str, lost: str = "") -> Push:
    """It has no deliverCode: `status` is all that it tells."""
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
<Request>
  <action>SMSArrived</action>
  <smsType>1</smsType>
  <recvTime>20261122120003</recvTime>
  <apiVersion>2013-12-26</apiVersion>
  <fromNum>{phone}</fromNum>
  <content>their-id</content>
  <status>{lost or 0}</status>
  <dateSent>20261122120000</dateSent>
  <appendCode></appendCode>
</Request>"""
    return body.encode(), {"Content-Type": "application/xml;charset=utf-8"}


def aliyun(phone: str, lost: str = "") -> Push:
    report = {
        "phone_number": phone,
        "send_time": "2026-11-22 12:00:00",
        "report_time": "2026-11-22 12:00:03",
        "success": not lost,
        "err_code": lost or "DELIVERED",
        "err_msg": "用户接收失败" if lost else "用户接收成功",
        "sms_size": "1",
        "biz_id": "their-id",
        "out_id": "",
    }
    return json.dumps([report]).encode(), _JSON


def tencent(phone: str, lost: str = "") -> Push:
    report = {
        "user_receive_time": "2026-11-22 12:00:03",
        "nationcode": "86",
        "mobile": phone,
        "report_status": "FAIL" if lost else "SUCCESS",
        "errmsg": lost or "DELIVRD",
        "description": "用户短信送达失败" if lost else "用户短信送达成功",
        "sid": "their-id",
        "ext": "",
    }
    return json.dumps([report]).encode(), _JSON


def baidu(phone: str, lost: str = "", token: str = BAIDU_TOKEN) -> Push:
    report = {
        "code": "2" if lost else "0",
        "requestId": "5a0d9c1e-0000-4000-8000-000000000000",
        "messageId": "their-id",
        "mobile": phone,
        "carrierCode": lost or "DELIVRD",
        "custom": "",
        "deliverTime": "2026-11-22T12:00:03Z",
        "requestTime": "2026-11-22T12:00:00Z",
        "attemptCount": 1,
        "segmentCount": 1,
    }
    body, stamp = json.dumps(report).encode(), "1795348803000"
    signature = hashlib.md5(f"{token}{stamp}".encode() + body).hexdigest()
    return body, {**_JSON, "timestamp": stamp, "signature": signature}


# The format's name -> (the platform, how it is written, what the platform wants to read)
FORMATS: dict[str, tuple[str, Callable[..., Push], tuple[str, bytes]]] = {
    "cloopen": ("cloopen", cloopen, (JSON_TYPE, b'{"statusCode":"000000"}')),
    "cloopen_xml": ("cloopen", cloopen_xml, ("application/xml;charset=utf-8", _XML_SUCCESS)),
    "aliyun": ("aliyun", aliyun, (JSON_TYPE, '{"code":0,"msg":"接收成功"}'.encode())),
    "tencent": ("tencent", tencent, (JSON_TYPE, b'{"result":0,"errmsg":"OK"}')),
    "baidu": ("baidu", baidu, (JSON_TYPE, b"{}")),
}
