"""The platform's own result codes, as far as the simulation answers with them.

A request as a whole is refused in Response.Error. What concerns the app, the signature, the
template, the money or a phone is told of each number in SendStatusSet. HTTP is 200 either way.
"""

OK = "Ok"

AUTHORIZATION = "AuthFailure.InvalidAuthorization"
SECRET_ID = "AuthFailure.SecretIdNotFound"  # noqa: S105  # nosec B105  # the name of an error
EXPIRED = "AuthFailure.SignatureExpire"
SIGNATURE = "AuthFailure.SignatureFailure"
ACTION = "InvalidAction"
VERSION = "NoSuchVersion"
REGION = "UnsupportedRegion"
PROTOCOL = "UnsupportedProtocol"
PARAMETER_MISSING = "MissingParameter"
PARAMETER_UNKNOWN = "UnknownParameter"
PARAMETER = "InvalidParameter"

NO_NUMBERS = "MissingParameter.EmptyPhoneNumberSet"
TOO_MANY = "LimitExceeded.PhoneNumberCountLimit"
PARAMETERS = "InvalidParameter.InvalidParameters"
LIMIT = "InvalidParameterValue.LimitVerifyFail"
OFFSET = "InvalidParameterValue.OffsetVerifyFail"
INTERNATIONAL = "InvalidParameterValue.InvalidInternational"
TEMPLATES_MISSING = "FailedOperation.MissingTemplateList"

NUMBER = "InvalidParameterValue.IncorrectPhoneNumber"
APP_UNKNOWN = "InvalidParameterValue.SdkAppIdNotExist"
APP_OF_ANOTHER = "UnauthorizedOperation.SmsSdkAppIdVerifyFail"
APP_DISABLED = "UnauthorizedOperation.SdkAppIdIsDisabled"
SIGN_NAME = "FailedOperation.SignatureIncorrectOrUnapproved"
TEMPLATE = "FailedOperation.TemplateUnapprovedOrNotExist"
TEMPLATE_PARAMETERS = "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
CODE_PARAMETER = "InvalidParameterValue.TemplateParameterFormatError"
NO_PACKAGE = "FailedOperation.InsufficientBalanceInSmsPackage"

MESSAGES = {
    OK: "send success",
    AUTHORIZATION: "The Authorization header does not conform to the standard.",
    SECRET_ID: "The SecretId is not found, please ensure that your SecretId is correct.",
    EXPIRED: "Signature expired: the time of the request differs by more than five minutes.",
    SIGNATURE: "The provided credentials could not be validated. Please check your signature.",
    ACTION: "The requested action does not exist.",
    VERSION: "The requested version does not exist.",
    REGION: "The requested region is not supported.",
    PROTOCOL: "Only POST with application/json is supported.",
    PARAMETER_MISSING: "The request is missing a required parameter.",
    PARAMETER_UNKNOWN: "A parameter of the request is not recognized.",
    PARAMETER: "The value of a parameter is not valid.",
    NO_NUMBERS: "the phone number set is empty",
    TOO_MANY: "the number of phone numbers exceeds the limit",
    PARAMETERS: "invalid parameters",
    LIMIT: "the parameter Limit is invalid",
    OFFSET: "the parameter Offset is invalid",
    INTERNATIONAL: "the parameter International is invalid",
    TEMPLATES_MISSING: "no such template",
    NUMBER: "incorrect phone number",
    APP_UNKNOWN: "the SdkAppId does not exist",
    APP_OF_ANOTHER: "verification failed for SmsSdkAppId",
    APP_DISABLED: "the SdkAppId is disabled",
    SIGN_NAME: "signature is incorrect or unapproved",
    TEMPLATE: "template is unapproved or does not exist",
    TEMPLATE_PARAMETERS: "the parameters do not match the approved template",
    CODE_PARAMETER: "a parameter of a verification template must be at most 6 digits",
    NO_PACKAGE: "insufficient balance in SMS package",
}

# All that SendStatusSet can say of a number: the codes in the vendor's table that a send can meet.
OF_A_NUMBER = frozenset({
    NUMBER, APP_UNKNOWN, APP_OF_ANOTHER, APP_DISABLED, SIGN_NAME, TEMPLATE, TEMPLATE_PARAMETERS,
    CODE_PARAMETER, NO_PACKAGE,
    "FailedOperation.ContainSensitiveWord",
    "FailedOperation.MarketingSendTimeConstraint",
    "FailedOperation.PhoneNumberInBlacklist",
    "FailedOperation.PhoneNumberParseFail",
    "FailedOperation.TemplateIncorrectOrUnapproved",
    "InvalidParameter.DirtyWordFound",
    "InvalidParameterValue.ContentLengthLimit",
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
    "InvalidParameterValue.TemplateParameterLengthLimit",
    "LimitExceeded.AppCountryOrRegionDailyLimit",
    "LimitExceeded.AppDailyLimit",
    "LimitExceeded.AppGlobalDailyLimit",
    "LimitExceeded.AppMainlandChinaDailyLimit",
    "LimitExceeded.DailyLimit",
    "LimitExceeded.DeliveryFrequencyLimit",
    "LimitExceeded.GlobalSmsSendingRateLimit",
    "LimitExceeded.PhoneNumberDailyLimit",
    "LimitExceeded.PhoneNumberOneHourLimit",
    "LimitExceeded.PhoneNumberSameContentDailyLimit",
    "LimitExceeded.PhoneNumberThirtySecondLimit",
    "UnauthorizedOperation.IndividualUserMarketingSmsPermissionDeny",
    "UnauthorizedOperation.ServiceSuspendDueToArrears",
    "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone",
    "UnsupportedOperation.UnsupportedRegion",
})  # fmt: skip


class PlatformError(Exception):
    """The platform refuses the request with this code; `detail` adds what was wrong."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = f"{MESSAGES[code]} ({detail})" if detail else MESSAGES[code]
