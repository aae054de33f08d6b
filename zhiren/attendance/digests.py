"""What `computing.digest_of` says, for many days at once: BLAKE2b over the text of their numbers, as compiled code.

The hash is RFC 7693's with eight bytes and no key. Without numba it is hashlib's, day after day.
"""

import hashlib
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiren.attendance import bulk

Numbers = NDArray[np.int64]

_BLOCK = 128
# Twenty-three numbers of at most twenty characters, with what stands between them.
_LONGEST = 5 * _BLOCK
_ROUNDS = 12
# Words of the state as they are mixed: columns, then diagonals.
_MIXED = np.array(
    [
        [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
        [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
    ]
)  # fmt: skip
_ORDER = np.array(
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
    ]
)
_START = np.array(
    [
        0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
        0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
    ],
    np.uint64,
)  # fmt: skip
# Eight bytes, no key, one leaf.
_PARAMETERS = np.uint64(0x01010008)


def digests(table: Numbers) -> Numbers:
    """Return the digest of each column of a table whose rows are the numbers in `computing.digest_of`'s order."""
    compiled = _compiled()
    if compiled is None:
        rows = table.T.tolist()
        texts = [hashlib.blake2b(repr(row).encode(), digest_size=8).digest() for row in rows]
        return np.frombuffer(b"".join(texts), ">i8").astype(np.int64)
    found = np.empty(table.shape[1], np.uint64)
    compiled(np.ascontiguousarray(table), _ORDER, _MIXED, _START, found)
    return found.byteswap().view(np.int64)


@cache
def _compiled() -> Any:
    if not bulk.is_compiled():
        return None
    import numba

    signature = "void(int64[:, ::1], int64[:, ::1], int64[:, ::1], uint64[::1], uint64[::1])"
    try:
        return numba.njit(signature, nogil=True, cache=True)(_hash_all)
    except RuntimeError:  # there is no folder in which the machine code could be kept
        return numba.njit(signature, nogil=True)(_hash_all)


def _hash_all(table: Any, order: Any, mixed: Any, start: Any, found: Any) -> None:
    """Write the text of each column's numbers, and what it hashes to; plain arithmetic, for numba alone."""
    text = np.zeros(_LONGEST, np.uint8)
    state = np.empty(8, np.uint64)
    v = np.empty(16, np.uint64)
    words = np.empty(16, np.uint64)
    turns = (np.uint64(32), np.uint64(24), np.uint64(16), np.uint64(63))
    back = (np.uint64(32), np.uint64(40), np.uint64(48), np.uint64(1))
    byte = np.uint64(8)
    for column in range(table.shape[1]):
        length = 1
        text[0] = 91  # [
        for row in range(table.shape[0]):
            if row:
                text[length] = 44  # a comma and a space
                text[length + 1] = 32
                length += 2
            value = table[row, column]
            if value < 0:
                text[length] = 45
                length += 1
                value = -value
            digits = 1
            power = 10
            while digits < 19 and value >= power:
                digits += 1
                power *= 10
            for place in range(length + digits - 1, length - 1, -1):
                text[place] = 48 + value % 10
                value //= 10
            length += digits
        text[length] = 93  # ]
        length += 1
        blocks = max((length + _BLOCK - 1) // _BLOCK, 1)
        text[length : blocks * _BLOCK] = 0
        for number in range(8):
            state[number] = start[number]
        state[0] ^= _PARAMETERS
        for block in range(blocks):
            for number in range(16):
                word = np.uint64(0)
                for place in range(7, -1, -1):
                    word = (word << byte) | np.uint64(text[block * _BLOCK + number * 8 + place])
                words[number] = word
            for number in range(8):
                v[number] = state[number]
                v[number + 8] = start[number]
            v[12] ^= np.uint64(min(length, (block + 1) * _BLOCK))
            if block == blocks - 1:
                v[14] = ~v[14]
            for turn in range(_ROUNDS):
                for number in range(8):
                    a, b, c, d = mixed[number, 0], mixed[number, 1], mixed[number, 2], mixed[number, 3]
                    v[a] = v[a] + v[b] + words[order[turn % 10, 2 * number]]
                    x = v[d] ^ v[a]
                    v[d] = (x >> turns[0]) | (x << back[0])
                    v[c] = v[c] + v[d]
                    x = v[b] ^ v[c]
                    v[b] = (x >> turns[1]) | (x << back[1])
                    v[a] = v[a] + v[b] + words[order[turn % 10, 2 * number + 1]]
                    x = v[d] ^ v[a]
                    v[d] = (x >> turns[2]) | (x << back[2])
                    v[c] = v[c] + v[d]
                    x = v[b] ^ v[c]
                    v[b] = (x >> turns[3]) | (x << back[3])
            for number in range(8):
                state[number] ^= v[number] ^ v[number + 8]
        found[column] = state[0]
