"""Column by column of the matrix: how many systems lose more than they may (rules B1, B5)."""

from __future__ import annotations

from bcp.engine.backup_answers import BackupAnswers
from bcp.engine.effects import Scenario
from bcp.engine.results_of_backups import Tally
from bcp.engine.standing import Standing


def tallies(answers: BackupAnswers) -> tuple[Tally, ...]:
    """One for each column that some tier is to withstand, that with the most misses first."""
    scenarios: dict[str, Scenario] = {}
    concerned: dict[str, int] = {}
    misses: dict[str, int] = {}
    demanded: set[str] = set()
    for index in range(len(answers.backups.estate.systems)):
        for cell in answers.matrix.row(index):
            if cell.loss is None or cell.standing is None:
                continue
            column = cell.column
            scenarios.setdefault(column, cell.loss.scenario)
            concerned[column] = concerned.get(column, 0) + 1
            misses[column] = misses.get(column, 0) + (cell.standing is Standing.MISSES)
            if cell.demanded:
                demanded.add(column)
    found = [
        Tally(column, scenario, concerned[column], misses[column])
        for column, scenario in scenarios.items()
        if column in demanded
    ]
    return tuple(sorted(found, key=lambda one: (-one.misses, -one.concerned, one.column)))
