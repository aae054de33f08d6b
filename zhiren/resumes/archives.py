"""ZIP files from strangers: looked at before they are opened, and counted while they are."""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.sniff import Kind, sniff

MEGABYTE = 1024 * 1024
_CHUNK = 256 * 1024
_CENTRAL_HEADER = b"PK\x01\x02"
_LITTER = re.compile(r"^(?:\._.*|\.ds_store|thumbs\.db|desktop\.ini|~\$.*)$", re.IGNORECASE)
_UNSAFE_PATH = re.compile(r"^(?:[/\\]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)|\x00")
_RATIO_COUNTS_FROM = MEGABYTE  # a small XML of blanks shrinks a thousandfold and harms nobody


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may cost: number of members, bytes really inflated, and how far a member may grow."""

    members: int = 2_000
    member_bytes: int = 50 * MEGABYTE
    total_bytes: int = 500 * MEGABYTE
    ratio: int = 100


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive. `name` is for display only: no folder, no control or direction marks."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """One file of an archive that was not taken out, and why."""

    name: str
    reason: Reason
    detail: str


def unpack(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Member | Refused]:
    """Yield every real file of a ZIP, one at a time, as a `Member` or as a `Refused`; none is passed over in silence.

    Folders and the litter of operating systems (`__MACOSX`, `.DS_Store`, `Thumbs.db` ...) are no real files.

    Raises:
        Unreadable: not a ZIP, damaged beyond its list of members, or with more members than allowed.
    """
    if not data:
        raise Unreadable(Reason.EMPTY)
    with open_archive(data, limits=limits) as archive:
        left = limits.total_bytes
        for info in archive.infolist():
            path = _decoded_name(info)
            if is_folder(info) or _is_litter(path):
                continue
            name = safe_name(path)
            if _UNSAFE_PATH.search(path):
                yield Refused(name, Reason.LYING, "path")
                continue
            try:
                content = inflate(archive, info, limits=limits, left=left)
            except Unreadable as error:
                yield Refused(name, error.reason, error.detail)
                continue
            left -= len(content)
            if not content:
                yield Refused(name, Reason.EMPTY, "member")
            elif sniff(content) is Kind.ARCHIVE:
                yield Refused(name, Reason.UNSUPPORTED, "archive_in_archive")
            else:
                yield Member(name, content)


def open_archive(data: bytes, *, limits: Limits) -> zipfile.ZipFile:
    """Return the opened archive after a look at how many members it claims.

    Raises:
        Unreadable: `damaged`, `bomb` (too many members).
    """
    if data.count(_CENTRAL_HEADER) > limits.members * 2:
        raise Unreadable(Reason.BOMB, "members")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, struct.error, ValueError, OverflowError, NotImplementedError) as error:
        raise Unreadable(Reason.DAMAGED, "zip") from error
    if len(archive.infolist()) > limits.members:
        archive.close()
        raise Unreadable(Reason.BOMB, "members")
    return archive


def inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, limits: Limits, left: int) -> bytes:
    """Return one member's bytes, counted as they come out; `left` is what the archive may still cost.

    Raises:
        Unreadable: `encrypted`, `unsupported`, `lying` (a link, a false size), `damaged`, `too_large` or `bomb`.
    """
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        raise Unreadable(Reason.LYING, "link")
    if info.flag_bits & 0x1:
        raise Unreadable(Reason.ENCRYPTED, "zip")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Unreadable(Reason.UNSUPPORTED, "compression")
    _check_growth(info.file_size, info.compress_size, limits=limits, left=left)
    parts: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                _check_growth(size, info.compress_size, limits=limits, left=left)
                parts.append(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, ValueError, OSError) as error:
        raise Unreadable(Reason.DAMAGED, "member") from error
    if size != info.file_size:
        raise Unreadable(Reason.LYING, "size")
    return b"".join(parts)


def is_folder(info: zipfile.ZipInfo) -> bool:
    """Return whether a member is a folder; unlike the library's own question it bears a member without a name."""
    return info.filename.endswith("/")


def safe_name(path: str) -> str:
    """Return the last part of a path, fit to be shown: no control or direction marks, at most 120 characters."""
    base = re.split(r"[/\\]", path.rstrip("/\\"))[-1]
    shown = "".join(char for char in base if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}).strip()
    if len(shown) > 120:
        stem, dot, ending = shown.rpartition(".")
        shown = f"{stem[:110]}…{dot}{ending[:8]}" if dot else shown[:119] + "…"
    return shown if shown.strip(".") else "?"


def _check_growth(size: int, packed: int, *, limits: Limits, left: int) -> None:
    if size > _RATIO_COUNTS_FROM and size > max(packed, 1) * limits.ratio:
        raise Unreadable(Reason.BOMB, "ratio")
    if size > limits.member_bytes:
        raise Unreadable(Reason.TOO_LARGE, "member")
    if size > left:
        raise Unreadable(Reason.TOO_LARGE, "total")


def _is_litter(path: str) -> bool:
    parts = re.split(r"[/\\]", path)
    return "__MACOSX" in parts[:-1] or _LITTER.match(parts[-1]) is not None


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """Return the name as its maker meant it: Chinese Windows writes GB18030 without saying so, macOS bare UTF-8."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.orig_filename
    told = _unicode_path(info.extra, raw)
    if told is not None:
        return told
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _unicode_path(extra: bytes, raw_name: bytes) -> str | None:
    """Return the name of the Info-ZIP Unicode Path field (0x7075), if it belongs to this very name."""
    while len(extra) >= 4:
        field, size = struct.unpack("<HH", extra[:4])
        body = extra[4 : 4 + size]
        extra = extra[4 + size :]
        if field == 0x7075 and len(body) > 5 and struct.unpack("<I", body[1:5])[0] == zlib.crc32(raw_name):
            try:
                return body[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None
