"""Who is logged in at the desk: sessions in memory alone, so that a restart logs everybody out."""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

COOKIE = "diaodu"
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)


@dataclass
class Session:
    """One log-in. `csrf` stands in every form of its pages; `messages` are shown once, on the next page."""

    account: str
    began_at: datetime
    seen_at: datetime
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    messages: list[tuple[str, str]] = field(default_factory=list)

    def is_over(self, now: datetime) -> bool:
        """Whether it was idle or open for too long."""
        return now - self.seen_at > IDLE or now - self.began_at > LONGEST

    def say(self, text: str, tone: str = "done") -> None:
        """Show a sentence on the next page: `done`, or `fault` in red."""
        self.messages.append((tone, text))

    def take_messages(self) -> list[tuple[str, str]]:
        """The messages, which are then gone."""
        taken, self.messages = self.messages, []
        return taken


class Sessions:
    """All sessions by the random text in their cookie."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def begin(self, account: str, now: datetime) -> str:
        """A new session; returns what goes into the cookie."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions = {key: one for key, one in self._sessions.items() if not one.is_over(now)}
            self._sessions[token] = Session(account, now, now)
        return token

    def of(self, token: str | None, now: datetime) -> Session | None:
        """The session of a cookie; None for an unknown one, and for one that is over."""
        with self._lock:
            session = self._sessions.get(token or "")
            if session is None or session.is_over(now):
                return None
            session.seen_at = now
            return session

    def end(self, token: str | None) -> None:
        """Log out."""
        with self._lock:
            self._sessions.pop(token or "", None)
