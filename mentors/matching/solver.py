"""The heaviest way to seat people beside coaches: exact, in whole numbers, and with the price of a seat.

People come one after another (Hungarian method, successive shortest paths; Kuhn 1955, Tomizawa 1971). For
each the cheapest chain of moves is found: to a free seat, to somebody who gives theirs up, or to waiting.
What it costs when one of a coach's people moves on to another coach does not depend on prices, so it is kept
until these people change.
"""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from mentors.matching.pairs import Row

NOBODY = -1
FAR = 1 << 200  # more than any weight


def solve(rows: Sequence[Row], seats: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """For each row its offer, or NOBODY; for each offer its price: what one more comfortable seat would gain.

    Where answers are equally good, whoever stands earlier keeps what they have.
    """
    room = _Room(rows, seats)
    for person in range(len(rows)):
        room.come(person)
    return room.at, room.lowest_prices()


def prices_of(rows: Sequence[Row], seats: Sequence[Sequence[int]], at: Sequence[int]) -> list[int]:
    """The prices that prove a best answer, whoever found it."""
    room = _Room(rows, seats)
    for person, offer in enumerate(at):
        if offer != NOBODY:
            room.sit(person, offer)
    return room.lowest_prices()


class _Room:
    """Who sits where while people come in. Prices never fall, and a free seat's is never above its cost."""

    def __init__(self, rows: Sequence[Row], seats: Sequence[Sequence[int]]) -> None:
        self.rows, self.seats = rows, seats
        self.at = [NOBODY] * len(rows)
        self.weight = [0] * len(rows)  # of the pair in which somebody is
        self.people: list[list[int]] = [[] for _ in seats]
        self.price = [0] * len(seats)
        self._moves: list[dict[int, int] | None] = [None] * len(seats)

    def come(self, person: int) -> None:
        """Seat one more person, by the best chain of moves there is."""
        offers, weights = self.rows[person]
        price = self.price
        nearest = [(price[offer] - weight, offer) for offer, weight in zip(offers, weights, strict=True)]
        best, offer = min(nearest, default=(0, NOBODY))
        if best >= 0:
            return
        load = len(self.people[offer])
        if load < len(self.seats[offer]) and self.seats[offer][load] == price[offer]:
            self.sit(person, offer)
            return
        self._search(person, nearest)

    def _search(self, person: int, nearest: list[tuple[int, int]]) -> None:
        """Dijkstra from one person over the offers. Lengths are what is lost; waiting costs nothing."""
        price, people, seats = self.price, self.people, self.seats
        length = [FAR] * len(seats)  # without prices
        before = [NOBODY] * len(seats)
        queue = [near for near in nearest if near[0] < 0]
        for key, offer in queue:
            length[offer] = key - price[offer]
        heapify(queue)
        shortest, last, gives_up = 0, NOBODY, False
        done = []
        while queue:
            key, offer = heappop(queue)
            if key >= shortest:
                break
            so_far = length[offer]
            if key > so_far + price[offer]:
                continue  # a shorter way was found since
            done.append(offer)
            load = len(people[offer])
            if load < len(seats[offer]) and so_far + seats[offer][load] < shortest:
                shortest, last, gives_up = so_far + seats[offer][load], offer, False
            if load and (lost := so_far + min(map(self.weight.__getitem__, people[offer]))) < shortest:
                shortest, last, gives_up = lost, offer, True
            for other, lost in self._moves_from(offer).items():
                way = so_far + lost
                if way < length[other] and way + price[other] < shortest:
                    length[other] = way
                    before[other] = offer
                    heappush(queue, (way + price[other], other))
        for offer in done:
            price[offer] = shortest - length[offer]
        if last != NOBODY:
            self._move_along(person, last, before, gives_up)

    def _move_along(self, person: int, last: int, before: list[int], gives_up: bool) -> None:
        if gives_up:
            self._stand_up(min(self.people[last], key=lambda one: (self.weight[one], -one)))
        while before[last] != NOBODY:
            offer = before[last]
            lost = self._moves_from(offer)[last]
            mover = max(
                one for one in self.people[offer] if self.weight[one] - self._weigh(one, last) == lost
            )
            self._stand_up(mover)
            self.sit(mover, last)
            self._moves[offer] = self._moves[last] = None
            last = offer
        self.sit(person, last)

    def sit(self, person: int, offer: int) -> None:
        """Give somebody a seat."""
        self.at[person] = offer
        self.weight[person] = self._weigh(person, offer)
        self.people[offer].append(person)
        self._moves[offer] = None

    def _stand_up(self, person: int) -> None:
        self.people[self.at[person]].remove(person)
        self._moves[self.at[person]] = None
        self.at[person] = NOBODY

    def _weigh(self, person: int, offer: int) -> int:
        offers, weights = self.rows[person]
        return weights[offers.index(offer)] if offer in offers else -FAR

    def _moves_from(self, offer: int) -> dict[int, int]:
        """What is lost at least when one of these people moves on, for each offer they may go to."""
        moves = self._moves[offer]
        if moves is None:
            moves = {}
            for person in self.people[offer]:
                weight = self.weight[person]
                for other, there in zip(*self.rows[person], strict=True):
                    lost = weight - there
                    if lost < moves.get(other, FAR):
                        moves[other] = lost
            self._moves[offer] = moves
        return moves

    def lowest_prices(self) -> list[int]:
        """The lowest prices that still prove the answer.

        A price is no less than what its last seat costs, or what anybody who waits would give for it; and
        nobody gains by moving on to another coach. The highest price is settled first.
        """
        price = [
            costs[len(there) - 1] if there else 0
            for costs, there in zip(self.seats, self.people, strict=True)
        ]
        for person, offer in enumerate(self.at):
            if offer == NOBODY:
                for other, weight in zip(*self.rows[person], strict=True):
                    price[other] = max(price[other], weight)
        queue = [(-much, offer) for offer, much in enumerate(price)]
        heapify(queue)
        while queue:
            much, offer = heappop(queue)
            if -much < price[offer]:
                continue
            for other, lost in self._moves_from(offer).items():
                more = -much - lost
                if more > price[other]:
                    price[other] = more
                    heappush(queue, (-more, other))
        return price
