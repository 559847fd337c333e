"""A cache of laid-out pages in a folder, shared by the processes of one test run."""

from pathlib import Path

from flows.files import write_whole


class LayoutCache(dict[bytes, bytes]):
    """PDFs by the hash of their input, in a folder that several processes share."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, bytes) and self._file(key).exists()

    def __getitem__(self, key: bytes) -> bytes:
        return self._file(key).read_bytes()

    def __setitem__(self, key: bytes, pdf: bytes) -> None:
        write_whole(self._file(key), pdf)

    def _file(self, key: bytes) -> Path:
        return self.folder / f"{key.hex()}.pdf"
