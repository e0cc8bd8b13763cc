"""Django's PostgreSQL, but that looking whether a kept connection still is one asks nobody."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Django sends SELECT 1 with each request, a third of all that a text's rows ask of the
        server. A server that has gone tells a socket so: until then there is nothing to read."""
        if self.connection is None or self.connection.closed:
            return False
        socket = select.poll()
        socket.register(self.connection, select.POLLIN)
        return super().is_usable() if socket.poll(0) else True
