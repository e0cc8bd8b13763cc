"""What can be asked of the platform besides sending: a template, and what became of texts."""

import re

from sandbox.aliyun import codes
from sandbox.aliyun.accounts import Account
from sandbox.aliyun.codes import PlatformError
from sandbox.aliyun.reports import Details
from sandbox.phones import e164

TEMPLATE_REQUIRED = {"TemplateCode"}
DETAILS_REQUIRED = {"PhoneNumber", "SendDate", "PageSize", "CurrentPage"}
DETAILS_OPTIONAL = {"BizId"}
MOST_ON_A_PAGE = 50

_CREATED = "2026-01-01 00:00:00"
_STATUS = {"pending": 0, "approved": 1, "rejected": 2}
_KIND = {"code": 0, "notice": 1}


def template(fields: dict[str, str], account: Account) -> dict[str, object]:
    """QuerySmsTemplate; raises PlatformError."""
    found = account.template(fields["TemplateCode"])
    if found is None:
        raise PlatformError(codes.TEMPLATE)
    return {
        "TemplateCode": found.id,
        "TemplateName": found.title,
        "TemplateContent": found.text,
        "TemplateStatus": _STATUS[found.status],
        "TemplateType": _KIND[found.kind],
        "CreateDate": _CREATED,
        "Reason": "无审批备注",
    }


def details(fields: dict[str, str], account: Account, kept: Details) -> dict[str, object]:
    """QuerySendDetails: a page of the texts to a number on a day in Shanghai; raises
    PlatformError."""
    size, page = _whole(fields, "PageSize"), _whole(fields, "CurrentPage")
    if size > MOST_ON_A_PAGE:
        raise PlatformError(codes.PARAMETERS, "PageSize")
    if not re.fullmatch("[0-9]{8}", fields["SendDate"]):
        raise PlatformError(codes.PARAMETERS, "SendDate")
    phone, biz_id = e164(fields["PhoneNumber"]), fields.get("BizId", "")
    found = kept.find(account.access_key_id, phone, fields["SendDate"], biz_id)
    shown = found[(page - 1) * size : page * size]
    rows = [detail.listing() for detail in shown]
    return {"TotalCount": len(found), "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}


def _whole(fields: dict[str, str], name: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,8}", fields[name]):
        raise PlatformError(codes.PARAMETERS, name)
    return int(fields[name])
