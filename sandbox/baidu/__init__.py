"""百度云 (baidu): SMS version 3, signed with bce-auth-v1.

Where the vendor's documents leave something open, the simulation takes the strict side.
"""

from sandbox.baidu.platform import Baidu

__all__ = ["Baidu"]
