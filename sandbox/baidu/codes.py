"""The platform's own result codes, as far as the simulation answers with them.

The named ones are the cloud's common errors with their HTTP status. A table of what sendSms itself
answers besides 1000 is not published; the B: codes are those that its reports use for the same
mistakes, and come with HTTP 200 as a non-1000 code does in the vendor's SDK.
"""

OK = "1000"

ACCESS_DENIED = "AccessDenied"
BAD_JSON = "MalformedJSON"
BAD_FIELDS = "InappropriateJSON"
BAD_BODY = "InvalidHTTPRequest"
BAD_AUTHORIZATION = "InvalidHTTPAuthHeader"
KEY_UNKNOWN = "InvalidAccessKeyId"
SIGNATURE_WRONG = "SignatureDoesNotMatch"
EXPIRED = "RequestExpired"
TOKEN_MISMATCH = "IdempotentParameterMismatch"  # noqa: S105  # nosec B105  # the name of an error
NOT_FOUND = "NoSuchKey"

NOT_STRINGS = "B:00001"
PARAMETER = "B:00005"
TEMPLATE = "B:00007"
SIGNATURE = "B:00008"
NUMBER = "B:00010"
VARIABLE_MISSING = "B:00014"
TOO_MANY = "B:00015"
NO_BALANCE = "B:00018"

# What is told of one number among others; the rest of the request goes out.
OF_A_NUMBER = {
    PARAMETER: "参数异常",
    NUMBER: "非法手机号",
    "B:00012": "黑名单管控",
    "B:00019": "业务限流",
    "B:00027": "流量控制错",
    "B:00033": "命中全局黑名单",
    "B:00034": "命中签名黑名单",
    "B:00035": "命中账号黑名单",
}

STATUS = {
    ACCESS_DENIED: 403,
    BAD_JSON: 400,
    BAD_FIELDS: 400,
    BAD_BODY: 400,
    BAD_AUTHORIZATION: 400,
    KEY_UNKNOWN: 403,
    SIGNATURE_WRONG: 400,
    EXPIRED: 400,
    TOKEN_MISMATCH: 403,
    NOT_FOUND: 404,
    "OptInRequired": 403,
    "InternalError": 500,
    "ServiceUnavailable": 503,
}

MESSAGES = {
    OK: "成功",
    ACCESS_DENIED: "Access denied.",
    BAD_JSON: "The JSON you provided was not well-formed.",
    BAD_FIELDS: "The JSON you provided was well-formed and valid, but not appropriate for this"
    " operation.",
    BAD_BODY: "There was an error in the body of your HTTP request.",
    BAD_AUTHORIZATION: "The HTTP authorization header is invalid.",
    KEY_UNKNOWN: "The Access Key ID you provided does not exist in our records.",
    SIGNATURE_WRONG: "The request signature we calculated does not match the signature you"
    " provided.",
    EXPIRED: "Request has expired.",
    TOKEN_MISMATCH: "The request uses the same client token as a previous, but non-identical"
    " request.",
    NOT_FOUND: "The resource you requested does not exist.",
    NOT_STRINGS: "JSON参数不合法，只接受字符串值",
    TEMPLATE: "短信模版不合法",
    SIGNATURE: "短信签名不合法",
    VARIABLE_MISSING: "模版缺少变量",
    TOO_MANY: "手机号码数量超过限制",
    NO_BALANCE: "业务停机",
    **OF_A_NUMBER,
}


class PlatformError(Exception):
    """The platform refuses with this code; `detail` adds what was wrong to the usual words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = f"{MESSAGES[code]} {detail}" if detail else MESSAGES[code]
