"""Drawing rows for a split so that those that stay behind share nothing with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

from callwright.curation.groups import joined

LARGEST = 12
"""Rows that are drawn together at most; larger components stay behind, or are broken."""


class Draw:
    """Draws from one pool, again and again; what was drawn or given up is gone."""

    def __init__(
        self,
        pool: Sequence[int],
        ties: Iterable[Sequence[int]],
        stratum: Sequence[Hashable],
        sequence: Sequence[str],
        left: Mapping[str, int],
        rank: Sequence[str],
    ) -> None:
        """Set up.

        Args:
            pool: Rows to draw from.
            ties: Lists of rows of which the drawn and the others may not both have some.
            stratum: Of each row.
            sequence: Of each row.
            left: Sequence -> rows in the pool.
            rank: Of each row; decides between what is equally good.
        """
        inside = set(pool)
        self.ties = [tie for tie in ([r for r in t if r in inside] for t in ties) if len(tie) > 1]
        self.ties_of: defaultdict[int, list[int]] = defaultdict(list)
        for number, tie in enumerate(self.ties):
            for row in tie:
                self.ties_of[row].append(number)
        self.components = joined(pool, self.ties)
        self.components.sort(key=lambda rows: min(rank[row] for row in rows))
        self.stratum, self.sequence, self.rank = stratum, sequence, rank
        self.left = Counter(left)
        self.needed: set[str] = set()
        """Sequences that must stay in the pool, for rows drawn before."""
        self.gone: set[int] = set()

    def take(
        self, wanted: int, of: Sequence[int], spare: int, *, seen: bool = False
    ) -> tuple[list[int], dict[int, int]]:
        """Draw rows, in each stratum in proportion to the rows there.

        Args:
            wanted: Rows.
            of: Rows that may be drawn.
            spare: Rows that may be given up for it.
            seen: The sequence of each drawn row must stay in the pool.

        Returns:
            The rows drawn (fewer than wanted, where no more can be), and the rows given up, each
            with the drawn row that it is tied to.
        """
        eligible = {row for row in of if row not in self.gone and self._may_go([row], seen=seen)}
        sizes = Counter(self.stratum[row] for row in of if row not in self.gone)
        room = Counter(self.stratum[row] for row in eligible)
        quota = shares(wanted, sizes, room)
        taken: list[int] = []
        lost: dict[int, int] = {}
        self._whole(quota, eligible, taken, seen=seen)
        if quota.total():
            self._broken(quota, eligible, taken, lost, spare, seen=seen)
        if quota.total():
            # Better another stratum's rows than too few.
            anywhere: Counter[Hashable] = Counter({None: quota.total()})
            self._whole(anywhere, eligible, taken, seen=seen, stratified=False)
        return taken, lost

    def _whole(
        self,
        quota: Counter[Hashable],
        eligible: set[int],
        taken: list[int],
        *,
        seen: bool,
        stratified: bool = True,
    ) -> None:
        """Draw whole components as long as they fit."""
        for rows in self.components:
            if len(rows) > LARGEST or not eligible.issuperset(rows) or rows[0] in self.gone:
                continue
            strata = Counter(self.stratum[row] if stratified else None for row in rows)
            if strata <= quota and self._may_go(rows, seen=seen):
                quota.subtract(strata)
                self._go(rows, seen=seen)
                taken.extend(rows)

    def _broken(
        self,
        quota: Counter[Hashable],
        eligible: set[int],
        taken: list[int],
        lost: dict[int, int],
        spare: int,
        *,
        seen: bool,
    ) -> None:
        """Draw the least tied rows of the components that are left, and give up their ties."""
        order = sorted(
            (row for row in eligible if row not in self.gone),
            key=lambda row: (self._price(row), self.rank[row]),
        )
        for row in order:
            if quota[self.stratum[row]] <= 0 or row in self.gone:
                continue
            around = sorted(self._around(row), key=self.rank.__getitem__)
            # Some of those around it may come along: tied to nothing but what is going anyway.
            going, budget = {row, *around}, Counter({self.stratum[row]: 1})
            along = [row]
            for other in around:
                stratum = self.stratum[other]
                fits = other in eligible and budget[stratum] < quota[stratum]
                if fits and self._around(other) <= going:
                    budget[stratum] += 1
                    along.append(other)
            given_up = [other for other in around if other not in along]
            if len(lost) + len(given_up) > spare or not self._may_go(along, given_up, seen=seen):
                continue
            quota.subtract(budget)
            self._go(along, given_up, seen=seen)
            taken.extend(along)
            lost.update(dict.fromkeys(given_up, row))

    # ------------------------------------------------------------------ rows

    def _price(self, row: int) -> int:
        return sum(len(self.ties[tie]) - 1 for tie in self.ties_of.get(row, ()))

    def _around(self, row: int) -> set[int]:
        """The rows tied to `row` that are still there."""
        found = {other for tie in self.ties_of.get(row, ()) for other in self.ties[tie]}
        return found - self.gone - {row}

    def _may_go(self, rows: Sequence[int], given_up: Sequence[int] = (), *, seen: bool) -> bool:
        """Whether every sequence that must stay does, if these rows go."""
        going = Counter(self.sequence[row] for row in (*rows, *given_up))
        must = {self.sequence[row] for row in rows} if seen else set()
        return all(
            self.left[name] > number
            for name, number in going.items()
            if name in must or name in self.needed
        )

    def _go(self, rows: Sequence[int], given_up: Sequence[int] = (), *, seen: bool) -> None:
        self.left.subtract(self.sequence[row] for row in (*rows, *given_up))
        self.gone.update(rows, given_up)
        if seen:
            self.needed.update(self.sequence[row] for row in rows)


def shares(
    wanted: int, sizes: Mapping[Hashable, int], room: Mapping[Hashable, int]
) -> Counter[Hashable]:
    """Share `wanted` rows among strata by their sizes, none getting more than it has room for.

    Returns:
        Stratum -> rows; together `wanted`, or all the room where that is less.
    """
    given: Counter[Hashable] = Counter()
    open_ = {name: size for name, size in sizes.items() if room.get(name, 0) > 0}
    while open_ and given.total() < wanted:
        missing, total = wanted - given.total(), sum(open_.values())
        exact = {name: missing * size / total for name, size in open_.items()}
        parts = {name: min(int(part), room[name] - given[name]) for name, part in exact.items()}
        if not any(parts.values()):  # less than one each: the largest remainders get one
            order = sorted(open_, key=lambda name: (-exact[name], str(name)))
            parts = dict.fromkeys(order[:missing], 1)
        given.update(parts)
        open_ = {name: size for name, size in open_.items() if given[name] < room[name]}
    return given
