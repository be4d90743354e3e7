"""Deal keys out to arms: the same key always to the same arm."""

from hashlib import blake2b


def find_place(salt: str, key: str) -> float:
    """Give the place of a key, evenly spread over [0, 1); another salt shuffles anew.

    Source: Kohavi, Tang and Xu, Trustworthy Online Controlled Experiments (2020), ch. 4.
    """
    digest = blake2b(f"{salt}:{key}".encode(errors="replace"), digest_size=8).digest()
    # 53 bits: what a float holds exactly.
    return (int.from_bytes(digest) >> 11) / 2**53


def is_chosen(salt: str, key: str, share: float) -> bool:
    """Tell whether the challenger answers this key; `share` is in percent."""
    return find_place(salt, key) * 100 < share
