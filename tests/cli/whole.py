"""whole.py FILE...: makes JPEGs as large as their whole blocks, so that they can be turned without loss. What fills up the last blocks is in the
file anyway, and becomes part of the page."""
import struct, sys
for path in sys.argv[1:]:
    data, at = bytearray(open(path, "rb").read()), 2
    while data[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
    factors = [data[at + 11 + 3 * i] for i in range(data[at + 9])]
    across, down = (1, 1) if len(factors) == 1 else (max(f >> 4 for f in factors), max(f & 15 for f in factors))
    for place, block in ((at + 5, 8 * down), (at + 7, 8 * across)):
        size = struct.unpack(">H", data[place:place + 2])[0]
        data[place:place + 2] = struct.pack(">H", (size + block - 1) // block * block)
    open(path, "wb").write(data)
