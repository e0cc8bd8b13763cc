"""The platform's own result codes, as far as the simulation answers with them.

Two doors refuse: the gateway with HTTP 4xx or 5xx, and the SMS service behind it with HTTP 200.
"""

import re

OK = "OK"

INCOMPLETE_SIGNATURE = "IncompleteSignature"
KEY_UNKNOWN = "InvalidAccessKeyId.NotFound"
SIGNATURE = "SignatureDoesNotMatch"
NONCE_USED = "SignatureNonceUsed"
TIME_FORMAT = "InvalidTimeStamp.Format"
TIME_EXPIRED = "InvalidTimeStamp.Expired"
VERSION = "InvalidVersion"
ACTION = "InvalidAction.NotFound"

ACCOUNT_ABNORMAL = "isv.ACCOUNT_ABNORMAL"
NO_BALANCE = "isv.AMOUNT_NOT_ENOUGH"
PARAMETERS = "isv.INVALID_PARAMETERS"
JSON_PARAM = "isv.INVALID_JSON_PARAM"
NUMBER = "isv.MOBILE_NUMBER_ILLEGAL"
TOO_MANY = "isv.MOBILE_COUNT_OVER_LIMIT"
SIGN_NAME = "isv.SMS_SIGNATURE_ILLEGAL"
TEMPLATE = "isv.SMS_TEMPLATE_ILLEGAL"
TEMPLATE_PARAMETERS = "isv.TEMPLATE_MISSING_PARAMETERS"
EXTEND_CODE = "isv.EXTEND_CODE_ERROR"

MESSAGES = {
    INCOMPLETE_SIGNATURE: "The request signature does not conform to Aliyun standards.",
    KEY_UNKNOWN: "Specified access key is not found.",
    SIGNATURE: "Specified signature is not matched with our calculation.",
    NONCE_USED: "Specified signature nonce was used already.",
    TIME_FORMAT: "Specified time stamp or date value is not well formatted.",
    TIME_EXPIRED: "Specified time stamp or date value is expired.",
    VERSION: "Specified parameter Version is not valid.",
    ACTION: "Specified api is not found, please check your url and method.",
    ACCOUNT_ABNORMAL: "账户异常",
    NO_BALANCE: "账户余额不足",
    PARAMETERS: "参数异常",
    JSON_PARAM: "JSON参数不合法，只接受字符串值",
    NUMBER: "非法手机号",
    TOO_MANY: "手机号码数量超过限制",
    SIGN_NAME: "短信签名不合法",
    TEMPLATE: "短信模版不合法",
    TEMPLATE_PARAMETERS: "模版缺少变量",
    EXTEND_CODE: "扩展码错误",
}

# The service's: isv.…, isp.… and the receipts' upper-case words; the rest are the gateway's.
_OF_THE_SERVICE = re.compile(r"is[vp]\..*|[A-Z_]+")
_STATUSES = {
    r"InternalError.*": 500,
    r"ServiceUnavailable.*": 503,
    r"Forbidden.*|NoPermission.*": 403,
    r".*\.NotFound": 404,
}


def status(code: str) -> int:
    """The HTTP status that comes with a code."""
    if _OF_THE_SERVICE.fullmatch(code):
        return 200
    return next((number for form, number in _STATUSES.items() if re.fullmatch(form, code)), 400)


class PlatformError(Exception):
    """The platform refuses with this code; `detail` adds what was wrong to the usual words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        words = MESSAGES.get(code, "")
        self.message = f"{words}：{detail}" if words and detail else words or detail


def missing(name: str) -> PlatformError:
    """The gateway's word for a parameter that is not there."""
    return PlatformError(f"Missing{name}", f"{name} is mandatory for this action.")
