"""What is wrong with a plan folder, in one sentence with file, key, expectation and find."""

from pathlib import Path


class PlanError(ValueError):
    """A plan that must not be used: which file, which key, what was expected, what was found."""

    def __init__(self, file: Path | str, key: str, expected: str, found: object) -> None:
        self.file, self.key, self.expected, self.found = Path(file).name, key, expected, found
        super().__init__(f"{self.file} · {key}：应为{expected}，实为 {found}")
