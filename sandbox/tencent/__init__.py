"""腾讯云 (tencent): SMS 2021-01-11, signed with TC3-HMAC-SHA256.

Where the vendor's documents leave something open, the simulation takes the strict side.
"""

from sandbox.tencent.platform import Tencent

__all__ = ["Tencent"]
