"""Checks sealed traces and disclosures from docs/privacy.md alone: what is computed here shares
nothing with the engine.

    privacy_vector.py vector.json disclosures.jsonl
    privacy_vector.py --disclosure FILE [ENTRY_HEX]
"""

import hashlib
import hmac
import json
import sys


def number(value):
    """Unsigned LEB128."""
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def read_number(data, place):
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, place


def commitment(name, salt, value):
    name = name.encode()
    return hashlib.sha256(b"\x02" + number(len(name)) + name + salt + value).digest()


def root(commitments):
    return hashlib.sha256(b"\x03" + b"".join(commitments)).digest()


def expand(key, info, length):
    """HKDF-Expand, RFC 5869, section 2.3."""
    out = block = b""
    counter = 1
    while len(out) < length:
        block = hmac.new(key, block + info + bytes([counter]), hashlib.sha256).digest()
        out += block
        counter += 1
    return out[:length]


def derive(key, info, length):
    """One-step key derivation, NIST SP 800-56C revision 2, section 4.1, with SHA-256."""
    out, counter = b"", 1
    while len(out) < length:
        out += hashlib.sha256(counter.to_bytes(4, "big") + key + info).digest()
        counter += 1
    return out[:length]


def subject_keys(key):
    """Of marks, of salts, of encryption."""
    keys = derive(key, b"rationale subject 1", 96)
    return keys[:32], keys[32:64], keys[64:]


def head_digest(entry):
    return hashlib.sha256(b"\x04" + head(entry)).digest()[:16]


def head(entry):
    """Version, schema digest, source, record and index."""
    assert entry[0] == 2, "not the entry of a sealed trace"
    place = 49 + 1 + 32
    length, place = read_number(entry, place)
    place += length
    for _ in range(2):
        _, place = read_number(entry, place)
    return entry[49:place]


def check_disclosure(disclosure, entry=None):
    """The entry that the disclosure is of; fails if the entry does not commit to the item."""
    assert disclosure["disclosure_version"] == 1
    own = bytes.fromhex(disclosure["entry"])
    assert entry is None or entry == own, "the disclosure is of another entry"
    item = commitment(
        disclosure["name"], bytes.fromhex(disclosure["salt"]), bytes.fromhex(disclosure["value"]))
    before = [bytes.fromhex(text) for text in disclosure["before"]]
    after = [bytes.fromhex(text) for text in disclosure["after"]]
    assert all(len(one) == 32 for one in before + after)
    assert root(before + [item] + after) == own[17:49], "the entry does not commit to this"
    return own


def check_keys(vector):
    """The subject's key from the vault's, and the mark from the subject's."""
    expanded = expand(bytes.fromhex(vector["vault_key"]), b"rationale vault 1", 64)
    subject = vector["subject"].encode()
    tag = hmac.new(expanded[:32], b"subject" + subject, hashlib.sha256).digest()[:12]
    assert tag.hex() == vector["tag"], "tag"
    key = hmac.new(expanded[32:], tag + bytes.fromhex(vector["factor"]), hashlib.sha256).digest()
    assert key.hex() == vector["subject_key"], "subject's key"
    entry = bytes.fromhex(vector["entry"])
    marking, _, _ = subject_keys(key)
    assert derive(marking, head_digest(entry), 16) == entry[1:17], "mark"


def check_salts(vector, disclosures):
    _, salting, _ = subject_keys(bytes.fromhex(vector["subject_key"]))
    salts = derive(
        salting, head_digest(bytes.fromhex(vector["entry"])), 16 * len(disclosures))
    for place, disclosure in enumerate(disclosures):
        assert salts[16 * place:16 * place + 16].hex() == disclosure["salt"], disclosure["name"]


def check_encryption(vector, disclosures):
    """What is encrypted in the private record is what the disclosures show."""
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError:
        print("SKIPPED: the private record needs the Python package `cryptography`",
              file=sys.stderr)
        return False
    entry = bytes.fromhex(vector["entry"])
    _, _, encryption = subject_keys(bytes.fromhex(vector["subject_key"]))
    plain = AESGCM(encryption).decrypt(
        entry[17:29], bytes.fromhex(vector["private_record"]), entry)
    values = [bytes.fromhex(disclosure["value"]) for disclosure in disclosures]
    assert plain == b"\0" + b"".join(values), "private record"
    return True


def check_body(vector, disclosures):
    """Cutting the values out of the body leaves what the entry holds."""
    body = bytes.fromhex(vector["body"])
    left, place = b"", 0
    for disclosure in disclosures:
        value = bytes.fromhex(disclosure["value"])
        # The first place after the item before where the value stands; the vector has no other.
        found = body.index(value, place)
        left += body[place:found]
        place = found + len(value)
    assert left + body[place:] == bytes.fromhex(vector["entry"])[49:], "body"


def main(arguments):
    if arguments[0] == "--disclosure":
        entry = bytes.fromhex(arguments[2]) if len(arguments) > 2 else None
        with open(arguments[1]) as file:
            disclosure = json.load(file)
        check_disclosure(disclosure, entry)
        print(f"the entry commits to {disclosure['name']} = {disclosure['value']}")
        return
    with open(arguments[0]) as file:
        vector = json.load(file)
    with open(arguments[1]) as file:
        disclosures = [json.loads(line) for line in file]
    entry = bytes.fromhex(vector["entry"])
    for place, disclosure in enumerate(disclosures):
        check_disclosure(disclosure, entry)
        assert len(disclosure["before"]) == place, disclosure["name"]
        for change in ("value", "salt"):
            changed = dict(disclosure)
            changed[change] = "ff" + changed[change][2:]
            try:
                check_disclosure(changed, entry)
            except AssertionError:
                continue
            sys.exit(f"{disclosure['name']} with another {change} passes")
    check_keys(vector)
    check_salts(vector, disclosures)
    check_body(vector, disclosures)
    opened = check_encryption(vector, disclosures)
    print(f"{len(disclosures)} disclosures, keys, mark and salts as docs/privacy.md has them"
          + (", the private record too" if opened else ""))


if __name__ == "__main__":
    main(sys.argv[1:])
