"""The outside world, simulated: the SMS platforms and the phones.

Nothing here is imported by the code it stands in for, and it imports none of that code: a signing
mistake made on one side cannot be forgiven by the other. Standard library only.

    with Sandbox(port=0) as box:
        box.url                     # 'http://127.0.0.1:41873'
        box.world.phones.messages() # what the phones received, newest first

`python -m sandbox --port 8883` runs it as a process of its own.
"""

from sandbox.box import Sandbox

__all__ = ["Sandbox"]
