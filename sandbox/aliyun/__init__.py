"""阿里云 (aliyun): Dysmsapi 2017-05-25, signed with ACS3-HMAC-SHA256.

Where the vendor's documents leave something open, the simulation takes the strict side.
"""

from sandbox.aliyun.platform import Aliyun

__all__ = ["Aliyun"]
