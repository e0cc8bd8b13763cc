"""What only the mall itself can do, or see, as a process on the product's data:

    redeem PHONE PROOF TIMES    how many of so many tries at once pass (reset_password)
    expired                     a challenge of the captcha whose time is over
    seed ACCOUNTS BLOCKED       two files of phones, one a line: given an account, put on the list

Each prints JSON.
"""

import json
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import django


def _redeem(phone: str, proof: str, times: str) -> int:
    from verifications.exceptions import VerificationError
    from verifications.services import redeem_proof

    def passes(_: int) -> bool:
        try:
            redeem_proof(phone, "reset_password", proof)
        except VerificationError:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        return sum(threads.map(passes, range(int(times))))


def _expired() -> object:
    from verifications import captcha

    moment = captcha._now() - 3600
    with patch.object(captcha, "_now", lambda: moment):
        return captcha.get().challenge()


def _seed(accounts: str, blocked: str) -> None:
    from django.contrib.auth import get_user_model

    from verifications.models import ListEntry, VerifiedPhone

    phones = Path(accounts).read_text().split()
    user_model = get_user_model()
    users = user_model.objects.bulk_create([user_model(username=f"u{phone}") for phone in phones])
    VerifiedPhone.objects.bulk_create(
        VerifiedPhone(user=user, phone=f"+86{phone}")
        for user, phone in zip(users, phones, strict=True)
    )
    ListEntry.objects.bulk_create(
        [ListEntry(list="block", what="phone", value=p) for p in Path(blocked).read_text().split()]
    )


_JOBS: dict[str, Callable[..., object]] = {"redeem": _redeem, "expired": _expired, "seed": _seed}


def main(words: Sequence[str]) -> None:
    django.setup()
    sys.stdout.write(json.dumps(_JOBS[words[0]](*words[1:])))


if __name__ == "__main__":
    main(sys.argv[1:])
