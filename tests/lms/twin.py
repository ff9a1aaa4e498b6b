"""What record.mjs does with lines, without a disk, a screen or a network: whoever runs it plays the network.

`Log.flush` is a generator. It yields a request, and goes on with an answer, or with `Lost` when none came.
"""

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

MOST = 50
LONGEST_WAIT = timedelta(minutes=15)
NEWS_EVERY = timedelta(hours=1)
ENDS = {400: "broken", 401: "sign-in", 403: "revoked", 410: "forgotten", 415: "broken", 426: "update"}
WITHDRAWN = "consent_withdrawn"


class Lost(Exception):
    """No answer came, or none of ours."""


@dataclass(frozen=True)
class Asked:
    """One request: which batch, and whose phone it says it is."""

    token: str
    batch: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """Whatever came back."""

    status: int
    body: bytes
    kind: str = "application/json"
    after: str | None = None

    @property
    def is_ours(self) -> bool:
        """Only JSON is: the page of a hotel's network may have any status."""
        return self.kind.startswith("application/json")

    def reply(self) -> Any:
        """What it says, if it is whole."""
        if not self.is_ours:
            raise Lost
        try:
            return json.loads(self.body)
        except ValueError:
            raise Lost from None


Exchange = Generator[Asked, Answer, str]


@dataclass
class Store:
    """The phone's disk: `lines` are unsent, `sent` are answered, the rest is remembered between pages."""

    lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    seq: int = 0
    token: str = ""
    epoch: str = ""
    wait: datetime | None = None
    asked: datetime | None = None
    cursor: str = ""

    def add(self, line: dict[str, Any]) -> None:
        self.seq += 1
        self.lines[line["id"]] = {**line, "seq": self.seq}

    def next(self, most: int) -> list[dict[str, Any]]:
        return [self.lines[uid] for uid in sorted(self.lines)[:most]]

    def settle(self, answers: list[dict[str, str]], *, told: str) -> None:
        """What was answered is no longer unsent. After a no to being remembered, nothing of it stays."""
        for answer in answers:
            line = self.lines.pop(answer["id"], None)
            if line and answer.get("c") != WITHDRAWN:
                self.sent[line["id"]] = {"line": line, "s": answer["s"], "told": told}

    def offer_again(self) -> None:
        """The server has forgotten some of what it had acknowledged, and nobody knows what."""
        again = [uid for uid, row in self.sent.items() if row["s"] != "refused"]
        self.lines |= {uid: self.sent.pop(uid)["line"] for uid in again}

    def let_go(self, kept_until: str) -> None:
        """What was acknowledged before the last good backup began is safe without this phone."""
        safe = [uid for uid, row in self.sent.items() if row["s"] != "refused" and row["told"] < kept_until]
        for uid in safe:
            del self.sent[uid]

    def clear(self) -> None:
        self.__init__()


class Log:
    """The lines of one person on one phone, on their way to the server."""

    def __init__(self, store: Store, *, now: Callable[[], datetime], name: Callable[[], UUID]) -> None:
        self.store, self.now, self.name, self.size = store, now, name, MOST

    def record(self, **line: Any) -> str:
        """Write down one line; its id."""
        uid = str(self.name())
        self.store.add({"id": uid, "at": self.now().isoformat(), **line})
        return uid

    def batch(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """What is sent with these lines."""
        return {
            "v": 1,
            "epoch": self.store.epoch,
            "sent_at": self.now().isoformat(),
            "app": "1.0",
            "nonce": str(self.name()),
            "records": rows,
        }

    def flush(self) -> Exchange:
        """Tell the server what it does not know yet, and say how it ended."""
        try:
            return (yield from self._send())
        except Lost:
            return "later"

    def _send(self) -> Exchange:
        if self.store.wait and timedelta(0) < self.store.wait - self.now() < LONGEST_WAIT:
            return "later"
        while True:
            rows, news = self.store.next(self.size), self._wants_news()
            if not rows and not news:
                return "sent"
            if end := (yield from self._send_some(rows, news)):
                return end

    def _send_some(self, rows: list[dict[str, Any]], news: bool) -> Generator[Asked, Answer, str | None]:
        batch = self.batch(rows) | ({"cursor": self.store.cursor} if news else {})
        size, self.size = self.size, -(-len(rows) // 2) or 1
        answer = yield Asked(self.store.token, batch)
        reply = answer.reply()
        if answer.status == 413 and len(rows) > 1:
            return None
        if answer.status == 413:
            too_big = [{"id": row["id"], "s": "refused", "c": "too_big"} for row in rows]
            self.store.settle(too_big, told="")
            return None
        self.size = min(size * 2, MOST)
        if answer.status == 200:
            self._took(batch, reply)
            return None
        if answer.status == 410:
            self.store.clear()
        return ENDS.get(answer.status) or self._rest(answer)

    def _took(self, batch: dict[str, Any], reply: dict[str, Any]) -> None:
        ours = {row["id"] for row in batch["records"]}
        answers = [answer for answer in reply["results"] if answer["id"] in ours]
        if reply["v"] != 1 or reply["nonce"] != batch["nonce"] or (ours and not answers):
            raise Lost
        if self.store.epoch and reply["epoch"] != self.store.epoch:
            self.store.offer_again()
        self.store.settle(answers, told=reply["server_time"])
        self.store.let_go(reply["kept_until"])
        self.store.epoch = reply["epoch"]
        if "cursor" in batch:
            self.store.cursor, self.store.asked = reply["cursor"], self.now()

    def _rest(self, answer: Answer) -> str:
        self.store.wait = self.now() + timedelta(seconds=int(answer.after or 30))
        return "later"

    def _wants_news(self) -> bool:
        asked = self.store.asked
        return asked is None or not timedelta(0) <= self.now() - asked <= NEWS_EVERY
