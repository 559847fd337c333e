"""Messages as the mail programs of counties write them."""

from base64 import encodebytes
from collections.abc import Sequence
from urllib.parse import quote

KAILU, OFFICE = "jiuyeban@kailu.example", "bangongshi@rsj.example"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def encoded_word(text: str, charset: str = "utf-8") -> str:
    """The text as one encoded word (RFC 2047)."""
    return f"=?{charset}?B?{encodebytes(text.encode(charset)).decode().replace(chr(10), '')}?="


def attachment(name: str, content: bytes, heads: str = "") -> bytes:
    """One attachment; `heads` replace those that a good mail program writes."""
    usual = f"Content-Type: {_XLSX}\r\nContent-Disposition: attachment; filename*=UTF-8''{quote(name)}"
    return f"{heads or usual}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + encodebytes(content)


def mail(
    files: Sequence[tuple[str, bytes]] = (),
    *,
    sender: str = KAILU,
    subject: str = "报表",
    message_id: str = "<m1@kailu.example>",
    more: str = "",
    parts: Sequence[bytes] = (),
    text: str = "请查收。",
) -> bytes:
    """A message of a clerk with these files; `more` are further headers, `parts` further parts as they are."""
    every = [
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode(),
        *(attachment(name, content) for name, content in files),
        *parts,
    ]
    head = (
        f"From: {encoded_word('就业办')} <{sender}>\r\nTo: {OFFICE}\r\nSubject: {encoded_word(subject)}\r\n"
        f"Message-ID: {message_id}\r\nMIME-Version: 1.0\r\n{more}"
        'Content-Type: multipart/mixed; boundary="=x"\r\n\r\n'
    )
    return head.encode() + b"".join(b"--=x\r\n" + part + b"\r\n" for part in every) + b"--=x--\r\n"


def bounce(
    letter_id: str, recipient: str = KAILU, status: str = "5.1.1", why: str = "550 5.1.1 no such user"
) -> bytes:
    """The report of a mail server that a letter was not delivered (RFC 3464)."""
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: {OFFICE}\r\nSubject: Undelivered Mail Returned\r\n"
        f"Message-ID: <b-{letter_id[1:9]}@mx.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/plain\r\n\r\nyour message could not be delivered\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {why}\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"From: {OFFICE}\r\nMessage-ID: {letter_id}\r\nSubject: x\r\nContent-Type: application/octet-stream; "
        'name="a.xlsx"\r\nContent-Disposition: attachment; filename="a.xlsx"\r\n\r\nPK\x03\x04\r\n--b--\r\n'
    ).encode()
