"""Which tests are about a module of `verifications`: those that its mutants are tried with."""

_V = "tests/verifications"
_P = f"{_V}/providers"
_H = f"{_V}/http"
_FOUR = [
    f"{_P}/test_{one}.py"
    for one in ("as_configured", "odd_answers", "doctor_words", "reports_read")
]

MODULES: dict[str, list[str]] = {
    "codes": [
        f"{_V}/test_kept_by_versions.py",
        f"{_V}/test_codes.py",
        f"{_V}/test_seals.py",
        f"{_V}/test_veils.py",
        f"{_V}/test_proofs.py",
        f"{_V}/test_key_rotation.py",
    ],
    "limits": [f"{_V}/test_plan.py", f"{_V}/test_networks.py"],
    "ledger": [f"{_V}/test_ledger.py"],
    "accounts": [
        f"{_V}/test_kept_by_versions.py",
        f"{_V}/test_accounts.py",
        f"{_V}/test_tokens.py",
        f"{_H}/test_me.py",
    ],
    "guard": [
        f"{_V}/test_admission.py",
        f"{_V}/guard/test_told.py",
        f"{_H}/test_captcha_of_another.py",
        f"{_V}/test_blocked.py",
    ],
    "phones": [f"{_V}/test_phones.py"],
    "receipts": [
        f"{_H}/test_receipts_told.py",
        f"{_H}/test_receipts_refused.py",
        f"{_H}/test_receipts.py",
    ],
    "arrivals": [
        f"{_V}/test_arrivals_told.py",
        f"{_V}/test_arrivals_apart.py",
        f"{_V}/test_arrivals.py",
        f"{_V}/test_early_reports.py",
    ],
    "fates": [f"{_V}/test_fates.py", f"{_V}/test_fates_carried.py"],
    "providers/base": [f"{_P}/test_least.py"],
    "providers/wire": [
        f"{_P}/test_bounded.py",
        f"{_P}/test_bounds.py",
        f"{_P}/test_tls.py",
        f"{_P}/test_odd_answers.py",
    ],
    "providers/transport": [
        *_FOUR,
        f"{_P}/test_bounds.py",
        f"{_P}/test_tls.py",
    ],
    "providers/cloopen": [
        *_FOUR,
        f"{_P}/test_cloopen_signature.py",
        f"{_P}/test_cloopen_asked.py",
        f"{_P}/test_cloopen.py",
    ],
    "providers/aliyun": [*_FOUR, f"{_P}/test_aliyun.py"],
    "providers/tencent": [*_FOUR, f"{_P}/test_tencent.py"],
    "providers/baidu": [*_FOUR, f"{_P}/test_baidu.py"],
    "providers/cloopen_wire": [*_FOUR, f"{_P}/test_cloopen.py"],
    "providers/cloopen_receipts": [*_FOUR, f"{_P}/test_cloopen.py"],
    "providers/errors": [f"{_P}/test_error_tables.py", *_FOUR, f"{_P}/test_aliyun.py"],
    "providers/pushes": [*_FOUR, f"{_P}/test_tencent.py"],
    "store": [
        f"{_V}/test_phone_states.py",
        f"{_V}/test_verify_code.py",
        f"{_V}/test_giving_back.py",
        f"{_V}/test_key_rotation.py",
        f"{_H}/test_code_status.py",
    ],
    "delivery": [f"{_V}/test_delivery.py", f"{_V}/test_dead_workers.py", f"{_V}/test_workers.py"],
    "claims": [f"{_V}/test_claims.py", f"{_V}/test_dead_workers.py", f"{_V}/test_sweep.py"],
    "planning": [f"{_V}/test_planning.py", f"{_V}/test_delivery.py"],
    "tries": [f"{_V}/test_delivery.py", f"{_V}/test_messages.py", f"{_V}/test_dead_workers.py"],
    "budgets": [f"{_V}/budgets", f"{_V}/budgets_kept"],
}
