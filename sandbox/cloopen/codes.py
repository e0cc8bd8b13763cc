"""The platform's own result codes, as far as the simulation answers with them."""

OK = "000000"

URL_ACCOUNT_EMPTY = "111128"
URL_ACCOUNT_CHARACTERS = "111129"
URL_ACCOUNT_LENGTH = "111130"
API_VERSION = "111110"
AUTH_MISSING = "111101"
AUTH_BASE64 = "111102"
AUTH_FORMAT = "111103"
AUTH_ACCOUNT_EMPTY = "111104"
AUTH_TIMESTAMP_EMPTY = "111105"
AUTH_ACCOUNT_DIFFERS = "111107"
TIMESTAMP_EXPIRED = "111106"
TIMESTAMP_FORMAT = "111113"
SIG_MISSING = "111108"
SIG_WRONG = "111109"
ACCOUNT_SUSPENDED = "111139"
ACCOUNT_UNKNOWN = "111141"
NO_BALANCE = "111142"

APP_EMPTY = "111169"
APP_CHARACTERS = "111170"
APP_LENGTH = "111171"
APP_UNKNOWN = "111181"
APP_OF_ANOTHER = "111182"

# The vendor's table gives 112601-112616 as one row of causes without telling which is which; the
# numbers here follow the order of that row. All of them mean 'the request is malformed'.
BODY_EMPTY = "112604"
ACCEPT = "112607"
CONTENT_TYPE = "112608"

TO_EMPTY = "112306"
TO_HAS_EMPTY = "160044"
TO_TOO_MANY = "160048"
TO_BAD = "160042"
TO_SEVERAL_BAD = "112316"
TO_REPEATED = "160045"

TEMPLATE_EMPTY = "112307"
TEMPLATE_LONG = "112315"
TEMPLATE_NOT_DIGITS = "160057"
TEMPLATE_UNKNOWN = "112311"
TEMPLATE_UNAPPROVED = "112323"
TEMPLATE_OF_ANOTHER = "160043"
TEMPLATE_NONE_FOUND = "112313"

DATAS_EMPTY = "112308"
DATAS_FEW = "160052"
EXTENSION = "160065"
REQ_ID_LONG = "160055"
REQ_ID_USED = "160054"
PARSE = "160031"

REPORTS_PARSE = "160047"
REPORTS_COUNT = "112329"
REPORTS_COUNT_HIGH = "112330"

MESSAGES = {
    URL_ACCOUNT_EMPTY: "主账号ID为空",
    URL_ACCOUNT_CHARACTERS: "主账号ID含非法字符",
    URL_ACCOUNT_LENGTH: "主账号ID长度不对",
    API_VERSION: "接口版本参数不对",
    AUTH_MISSING: "缺少Authorization头",
    AUTH_BASE64: "Authorization无法Base64解码",
    AUTH_FORMAT: "Authorization解码后格式不对",
    AUTH_ACCOUNT_EMPTY: "Authorization内账号为空",
    AUTH_TIMESTAMP_EMPTY: "Authorization内时间戳为空",
    AUTH_ACCOUNT_DIFFERS: "Authorization与URL账号不一致",
    TIMESTAMP_EXPIRED: "时间戳过期",
    TIMESTAMP_FORMAT: "时间戳格式不是yyyyMMddHHmmss",
    SIG_MISSING: "缺少sig",
    SIG_WRONG: "sig校验失败",
    ACCOUNT_SUSPENDED: "主账号被暂停",
    ACCOUNT_UNKNOWN: "主账号不存在",
    NO_BALANCE: "主账号余额不足",
    APP_EMPTY: "应用ID为空",
    APP_CHARACTERS: "应用ID含非法字符",
    APP_LENGTH: "应用ID长度不对",
    APP_UNKNOWN: "应用不存在",
    APP_OF_ANOTHER: "应用不属于该主账号",
    BODY_EMPTY: "请求包体为空",
    ACCEPT: "Accept不是application/json或application/xml",
    CONTENT_TYPE: "Content-Type不是application/json或application/xml",
    TO_EMPTY: "模板短信接收号码为空",
    TO_HAS_EMPTY: "号码为空",
    TO_TOO_MANY: "号码数超过200个",
    TO_BAD: "号码格式有误",
    TO_SEVERAL_BAD: "多个号码格式有误",
    TO_REPEATED: "群发号码重复",
    TEMPLATE_EMPTY: "模板ID为空",
    TEMPLATE_LONG: "模板ID过长",
    TEMPLATE_NOT_DIGITS: "模板ID须为数字",
    TEMPLATE_UNKNOWN: "模板不存在",
    TEMPLATE_UNAPPROVED: "模板不存在或未审核通过",
    TEMPLATE_OF_ANOTHER: "应用与模板不匹配",
    TEMPLATE_NONE_FOUND: "查不到符合条件的模板",
    DATAS_EMPTY: "模板data为空",
    DATAS_FEW: "模板变量格式有误",
    EXTENSION: "子扩展码不合要求",
    REQ_ID_LONG: "reqId过长",
    REQ_ID_USED: "请求重复",
    PARSE: "参数解析失败",
    REPORTS_PARSE: "包体解析失败",
    REPORTS_COUNT: "count不正确",
    REPORTS_COUNT_HIGH: "count超过上限",
}


class PlatformError(Exception):
    """The platform refuses with this code; `message` adds what was wrong to the usual words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = f"{MESSAGES[code]}：{detail}" if detail else MESSAGES[code]
