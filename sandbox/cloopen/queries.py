"""What can be asked of the platform besides sending: the account, its templates, its reports."""

import re

from sandbox.accounts import Account, Template
from sandbox.cloopen import codes
from sandbox.cloopen.codec import Body, Fields
from sandbox.cloopen.codes import PlatformError
from sandbox.world import World

TEMPLATE_FIELDS = {"appId", "templateId"}
REPORT_FIELDS = {"appId", "smsType", "count"}
MOST_REPORTS = 500

_CREATED = "20260101000000"
_STATUS = {"pending": "0", "approved": "1", "rejected": "2"}
_KIND = {"code": "0", "notice": "1"}


def account_info(account: Account) -> Body:
    """AccountInfo. `type` 1: registered; `status` 1: active; `balance` in yuan."""
    info = {
        "dateCreated": _CREATED,
        "dateUpdated": _CREATED,
        "friendlyName": account.name,
        "type": "1",
        "status": "1",
        "balance": account.balance,
        "subBalance": "0.00",
    }
    return {"statusCode": codes.OK, "Account": info}


def templates(fields: Fields, account: Account) -> Body:
    """QuerySMSTemplate: one template, or all without templateId; raises PlatformError."""
    wanted = fields.get("templateId")
    found = [item for item in account.templates if wanted is None or item.id == wanted]
    if not found:
        raise PlatformError(codes.TEMPLATE_NONE_FOUND)
    rows = [_template(item) for item in found]
    return {"statusCode": codes.OK, "totalCount": str(len(rows)), "TemplateSMS": rows}


def _template(template: Template) -> dict[str, str]:
    return {
        "id": template.id,
        "title": template.title,
        "content": template.text,
        "status": _STATUS[template.status],
        "type": _KIND[template.kind],
        "dateCreated": _CREATED,
        "dateUpdated": _CREATED,
    }


def reports(fields: Fields, account: Account, world: World) -> Body:
    """GetArrived: at most `count` reports, oldest first, then gone; raises PlatformError.

    smsType 0 asks for texts that shoppers sent: there are none here.
    """
    kind = fields.get("smsType", "1")
    if kind not in {"0", "1"}:
        raise PlatformError(codes.REPORTS_PARSE, "smsType")
    count = str(fields.get("count", "100"))
    if not re.fullmatch("0*[1-9][0-9]{0,8}", count):
        raise PlatformError(codes.REPORTS_COUNT)
    if int(count) > MOST_REPORTS:
        raise PlatformError(codes.REPORTS_COUNT_HIGH)
    pulled = world.receipts.pull("cloopen", account.app_id, int(count)) if kind == "1" else []
    return {"statusCode": codes.OK, "reports": pulled}
