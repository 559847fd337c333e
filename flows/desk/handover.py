"""交出: the sealed copy of an issued document comes back."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import Response

from flows.accounts.accounts import Duty
from flows.desk.desk import Acting
from flows.desk.documents import issued_as
from flows.desk.work import Outcome

router = APIRouter()


@router.post("/issued/seal")
def seal(act: Acting, number: Annotated[str, Form()], file: UploadFile) -> Response:
    """Compare the file that was handed in with what was issued, and enter it; the outcome says what was compared."""
    actor, entry, content = act.actor(Duty.REGISTER), issued_as(act.desk, number), file.file.read()
    page = f"/issued?number={quote(entry.number)}"

    def check() -> Outcome:
        result, letters = act.desk.office.seal(entry.number, content, actor)
        return Outcome(result.lines(len(letters)), page, "看这份文件")

    return act.desk.start(act.session, f"seal {entry.number}", f"核对 {entry.number} 的盖章件", check)
