"""What can be asked of the platform besides sending: its templates, its reports."""

from sandbox.accounts import Template
from sandbox.tencent import codes
from sandbox.tencent.accounts import Account
from sandbox.tencent.codes import PlatformError
from sandbox.tencent.fields import Fields, string, whole, wholes
from sandbox.world import World

TEMPLATES_REQUIRED = {"International": whole}
TEMPLATES_OPTIONAL = {"TemplateIdSet": wholes, "Limit": whole, "Offset": whole}
REPORTS_REQUIRED = {"Limit": whole, "SmsSdkAppId": string}
MOST = 100

_CREATED = 1767225600  # 2026-01-01 in Shanghai at 08:00
_STATUS = {"pending": 1, "approved": 0, "rejected": -1}


def templates(fields: Fields, account: Account) -> dict[str, object]:
    """DescribeSmsTemplateList: those asked for, or a page of all; raises PlatformError."""
    if fields["International"] not in {0, 1}:
        raise PlatformError(codes.INTERNATIONAL)
    limit, offset = _number(fields, "Limit", 20), _number(fields, "Offset", 0)
    if not 0 < limit <= MOST:
        raise PlatformError(codes.LIMIT)
    if offset < 0:
        raise PlatformError(codes.OFFSET)
    wanted = fields.get("TemplateIdSet")
    ids = {str(item) for item in wanted} if isinstance(wanted, list) else set()
    mainland = account.templates if fields["International"] == 0 else ()
    found = [item for item in mainland if not ids or item.id in ids]
    if ids and not found:
        raise PlatformError(codes.TEMPLATES_MISSING)
    shown = found if ids else found[offset : offset + limit]
    return {"DescribeTemplateStatusSet": [_template(item) for item in shown]}


def _number(fields: Fields, name: str, default: int) -> int:
    value = fields.get(name, default)
    return value if isinstance(value, int) else default


def _template(template: Template) -> dict[str, object]:
    return {
        "TemplateId": int(template.id),
        "International": 0,
        "StatusCode": _STATUS[template.status],
        "ReviewReply": "",
        "TemplateName": template.title,
        "CreateTime": _CREATED,
        "TemplateContent": template.text,
    }


def reports(fields: Fields, world: World) -> dict[str, object]:
    """PullSmsSendStatus: at most Limit reports, oldest first, then gone; raises PlatformError."""
    limit = _number(fields, "Limit", 0)
    if not 0 < limit <= MOST:
        raise PlatformError(codes.LIMIT)
    pulled = world.receipts.pull("tencent", str(fields["SmsSdkAppId"]), limit)
    rows = [row | {"UserReceiveTime": int(row["UserReceiveTime"])} for row in pulled]
    return {"PullSmsSendStatusSet": rows}
