#!/usr/bin/env python3
"""Makes rfc6962.json: Merkle roots and proofs to test src/lib/merkle and contracts/ against.

Written from the recursive definitions of RFC 6962, section 2.1 (MTH, PATH, PROOF, SUBPROOF), which is not how either of those
computes anything, and shares no code with them. Deterministic:

    python3 test/vectors/rfc6962.py > test/vectors/rfc6962.json
"""
import functools
import hashlib
import json
import random

SEED = 6962
SMALL = 17          # every proof of every tree up to here
SIZES = [31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 255, 256, 257, 300, 511, 512, 513, 1000, 1023, 1024, 1025, 2047, 2048, 2049,
         3000, 4095, 4096, 4097, 5000]


def leaf(i):
    return ("zhengben/leaf/%d" % i).encode()


def split(n):
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


@functools.lru_cache(maxsize=None)
def mth(a, b):
    """MTH(D[a:b])"""
    n = b - a
    if n == 0:
        return hashlib.sha256(b"").digest()
    if n == 1:
        return hashlib.sha256(b"\x00" + leaf(a)).digest()
    k = split(n)
    return hashlib.sha256(b"\x01" + mth(a, a + k) + mth(a + k, b)).digest()


def path(m, a, b):
    """PATH(m, D[a:b])"""
    n = b - a
    if n == 1:
        return []
    k = split(n)
    if m < k:
        return path(m, a, a + k) + [mth(a + k, b)]
    return path(m - k, a + k, b) + [mth(a, a + k)]


def subproof(m, a, b, whole):
    """SUBPROOF(m, D[a:b], whole)"""
    n = b - a
    if m == n:
        return [] if whole else [mth(a, b)]
    k = split(n)
    if m <= k:
        return subproof(m, a, a + k, whole) + [mth(a + k, b)]
    return subproof(m - k, a + k, b, False) + [mth(a, a + k)]


def main():
    rng = random.Random(SEED)
    inclusion = [(m, n) for n in range(1, SMALL + 1) for m in range(n)]
    consistency = [(m, n) for n in range(2, SMALL + 1) for m in range(1, n)]
    for n in SIZES:
        inclusion += [(m, n) for m in sorted({0, n - 1, rng.randrange(n)})]
        powers = [1 << k for k in range(n.bit_length()) if 1 << k < n]
        consistency += [(m, n) for m in sorted({n - 1, rng.randrange(1, n), rng.randrange(1, n), rng.choice(powers)})]
    sizes = sorted({0} | {n for _, n in inclusion} | {m for m, _ in consistency})
    hexes = lambda proof: [h.hex() for h in proof]
    groups = {
        "roots": [{"treeSize": n, "rootHash": mth(0, n).hex()} for n in sizes],
        "inclusion": [{"leafIndex": m, "treeSize": n, "proof": hexes(path(m, 0, n))} for m, n in inclusion],
        "consistency": [{"oldSize": m, "newSize": n, "proof": hexes(subproof(m, 0, n, True))} for m, n in consistency],
    }
    print('{"made by": "test/vectors/rfc6962.py", "leaf": "the UTF-8 bytes of zhengben/leaf/<leafIndex>"', end="")
    for name, items in groups.items():
        print(',\n"%s": [\n%s\n]' % (name, ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)), end="")
    print("\n}")


if __name__ == "__main__":
    main()
