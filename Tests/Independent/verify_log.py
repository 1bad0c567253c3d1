#!/usr/bin/env python3
"""Verifies a log with nothing of Rationale: written from C2SP's tlog-tiles, tlog-checkpoint,
signed-note and tlog-proof, RFC 6962 and RFC 8032, with Python's standard library alone.

  verify_log.py LOG [--key VKEY]      every bundle, every tile, every checkpoint
  verify_log.py --proof FILE --key VKEY [--entry FILE]

Without --key the log's own first public key is taken, which shows that the log agrees with itself.
"""
import argparse
import base64
import hashlib
import os
import sys

# RFC 8032, section 6: Ed25519, verification only.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if (x & 1) != sign else x


def add(a, b):
    x, y = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = y - x, d - c, d + c, y + x
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(k, point):
    result = (0, 1, 1, 0)
    while k:
        if k & 1:
            result = add(result, point)
        point = add(point, point)
        k >>= 1
    return result


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def verifies(public, message, signature):
    a, r = point(public), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or a is None or r is None or s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    h = int.from_bytes(digest, "little") % L
    left, right = multiply(s, BASE), add(r, multiply(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]) % P == 0


# signed-note and tlog-checkpoint.
class Key:
    def __init__(self, text):
        self.name, number, key = text.strip().split("+", 2)
        data = base64.b64decode(key, validate=True)
        assert len(data) == 33 and data[0] == 1, "not an Ed25519 key"
        self.public = data[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        assert self.id.hex() == number, "the key's number is not its own"


class Checkpoint:
    def __init__(self, note):
        text, _, signatures = note.rpartition("\n\n")
        self.text = text + "\n"
        lines = self.text.split("\n")
        self.origin, self.size, self.root = lines[0], int(lines[1]), base64.b64decode(lines[2])
        assert lines[1] == str(self.size) and len(self.root) == 32, "no checkpoint"
        self.signatures = []
        for line in signatures.rstrip("\n").split("\n"):
            dash, name, data = line.split(" ")
            assert dash == "\u2014", "no signature"
            self.signatures.append((name, base64.b64decode(data, validate=True)))

    def signed_by(self, keys):
        found = False
        for name, data in self.signatures:
            for key in keys:
                if key.name == name and key.id == data[:4]:
                    assert verifies(key.public, self.text.encode(), data[4:]), "bad signature"
                    found = True
        return found


# RFC 6962, section 2.1.
def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def tree(hashes):
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node(tree(hashes[:split]), tree(hashes[split:]))


def included(entry, index, size, path, root):
    assert 0 <= index < size, "the index is outside the tree"
    n, last, h = index, size - 1, leaf(entry)
    for sibling in path:
        assert last, "the proof is too long"
        if n & 1 or n == last:
            h = node(sibling, h)
            while n and not n & 1:
                n, last = n >> 1, last >> 1
        else:
            h = node(h, sibling)
        n, last = n >> 1, last >> 1
    return last == 0 and h == root


# tlog-tiles.
def tile_path(kind, index, width):
    parts = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        parts.insert(0, f"x{index % 1000:03}")
    return f"tile/{kind}/" + "/".join(parts) + ("" if width == 256 else f".p/{width}")


def resource(log, kind, index, width):
    for path in (tile_path(kind, index, width), tile_path(kind, index, 256)):
        if os.path.exists(os.path.join(log, path)):
            with open(os.path.join(log, path), "rb") as file:
                return file.read()
    raise AssertionError(f"{tile_path(kind, index, width)} is not there")


def entries(log, index, width):
    data, found, place = resource(log, "entries", index, width), [], 0
    while len(found) < width:
        length = int.from_bytes(data[place:place + 2], "big")
        found.append(data[place + 2:place + 2 + length])
        assert len(found[-1]) == length, "a bundle is cut short"
        place += 2 + length
    return found


def verify_log(log, keys):
    with open(os.path.join(log, "checkpoint"), encoding="utf-8") as file:
        current = Checkpoint(file.read())
    history = []
    path = os.path.join(log, "checkpoints")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            parts = file.read().split("\n\n")
        # Text and signatures by turns, each ended by an empty line.
        history = [
            Checkpoint(parts[i] + "\n\n" + parts[i + 1] + "\n") for i in range(0, len(parts) - 1, 2)]
    size = current.size
    leaves, rotations = [], []
    for index in range((size + 255) // 256):
        width = min(256, size - 256 * index)
        bundle = entries(log, index, width)
        for entry in bundle:
            if entry[:1] == b"\x83":
                rotations.append((len(leaves), [Key(l) for l in entry[1:].decode().split()]))
            leaves.append(leaf(entry))
    level, hashes = 0, leaves
    while hashes:
        for index in range((len(hashes) + 255) // 256):
            part = hashes[256 * index:256 * (index + 1)]
            stored = resource(log, str(level), index, len(part))
            assert stored[:32 * len(part)] == b"".join(part), f"tile {level}/{index} differs"
        level, hashes = level + 1, [
            tree(hashes[256 * i:256 * (i + 1)]) for i in range(len(hashes) // 256)]
    for checkpoint in history + [current]:
        while rotations and rotations[0][0] < checkpoint.size:
            _, named = rotations[0]
            # The checkpoint that first covers a rotation is signed by a key from before it.
            if not checkpoint.signed_by(keys):
                break
            assert any(k.public == known.public for k in named[:-1] for known in keys), "rotation"
            keys.append(named[-1])
            rotations.pop(0)
        assert checkpoint.signed_by(keys), f"size {checkpoint.size} is signed by no known key"
        assert checkpoint.origin == current.origin, "another log"
        assert tree(leaves[:checkpoint.size]) == checkpoint.root, f"root of {checkpoint.size}"
    print(f"{size} entries, {len(history)} checkpoints, {level} levels of tiles: verified")


def verify_proof(path, keys, entry):
    with open(path, "rb") as file:
        head, _, note = file.read().partition(b"\n\n")
    lines = head.decode().split("\n")
    assert lines.pop(0) == "c2sp.org/tlog-proof@v1", "no proof"
    extra = base64.b64decode(lines.pop(0)[6:]) if lines[0].startswith("extra ") else None
    index = int(lines.pop(0).removeprefix("index "))
    checkpoint = Checkpoint(note.decode())
    assert checkpoint.signed_by(keys), "the checkpoint is signed by no known key"
    path = [base64.b64decode(line) for line in lines]
    assert included(entry if entry is not None else extra, index, checkpoint.size, path,
                    checkpoint.root), "the entry is not in the tree"
    print(f"entry {index} of {checkpoint.origin}, {checkpoint.size} entries: verified")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("log", nargs="?")
    parser.add_argument("--key")
    parser.add_argument("--proof")
    parser.add_argument("--entry")
    arguments = parser.parse_args()
    try:
        if arguments.key:
            keys = [Key(arguments.key)]
        else:
            with open(os.path.join(arguments.log, "log.vkey"), encoding="utf-8") as file:
                keys = [Key(file.readline())]
        if arguments.proof:
            entry = None
            if arguments.entry:
                with open(arguments.entry, "rb") as file:
                    entry = file.read()
            verify_proof(arguments.proof, keys, entry)
        else:
            verify_log(arguments.log, keys)
    except (AssertionError, ValueError, OSError, IndexError) as error:
        sys.exit(f"verify_log: {error}")


if __name__ == "__main__":
    main()
