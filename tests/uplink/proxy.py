"""A line of TCP between two servers that a test cuts, before or after what is asked has passed."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Wire:
    """A port whose connections go on to another.

    Attributes:
        answers: whether answers come back; without them a connection ends when one should.
        passed: bytes that went on to the target.
    """

    port: int
    target: int
    answers: bool = True
    passed: int = 0

    def carry(self, near: socket.socket) -> None:
        """Let one connection through, both ways."""
        try:
            far = socket.create_connection(("127.0.0.1", self.target), timeout=10)
        except OSError:
            near.close()
            return
        threading.Thread(target=self._pass_on, args=(near, far), daemon=True).start()
        self._pass_on(far, near, back=True)

    def _pass_on(self, source: socket.socket, sink: socket.socket, *, back: bool = False) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if back and not self.answers:
                    break
                sink.sendall(data)
                self.passed += 0 if back else len(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def wire(target: int) -> Iterator[Wire]:
    """Open a line to a port of this machine."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        found = Wire(int(listening.getsockname()[1]), target)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    near, _ = listening.accept()
                    threading.Thread(target=found.carry, args=(near,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield found
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
