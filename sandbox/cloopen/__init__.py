"""容联云 (cloopen): template SMS over REST, version 2013-12-26.

Where the vendor's documents leave something open, the simulation takes the strict side.
"""

from sandbox.cloopen.platform import Cloopen

__all__ = ["Cloopen"]
