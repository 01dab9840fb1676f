#!/usr/bin/env python3
"""Lays the weights of the rewritten PP-OCRv4 mobile networks out for the program's own engine (src/read/linenet).

usage: flatten.py REWRITTEN.onnx OUT.weights        (reads means.txt, which lies beside it)

Which network it is, recogniser or detector, is told by its output.

The engine knows the network by heart, so the file holds nothing but a magic word and floats (little-endian), in the order in which the network
takes them: weights as inputs x outputs (taps first where there are taps), then biases. Inputs and outputs are filled up with zeros to whole
vectors of 16; so is each head of the attention, of 15. Before a block's matrix stand the means of its inputs, by which the engine corrects what
rounding the matrix to whole numbers changes: means.txt, a line for each block, of lines that the page maker drew (`bench-networks --means`
prints it). What the network must look like is asserted here. The same bytes come out on every machine."""

import math
import os
import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper

LANES = 16
HEADS, HEAD = 8, 15
# Of each block of the recogniser: channels, side of the kernel, strides down and across, whether it has a gate, channels that come out.
BLOCKS = [
    (16, 3, (1, 1), False, 32),
    (32, 3, (1, 1), False, 64),
    (64, 3, (1, 1), False, 64),
    (64, 3, (2, 1), False, 128),
    (128, 3, (1, 1), False, 128),
    (128, 3, (1, 2), False, 240),
    (240, 5, (1, 1), False, 240),
    (240, 5, (1, 1), False, 240),
    (240, 5, (1, 1), False, 240),
    (240, 5, (1, 1), False, 240),
    (240, 5, (2, 1), True, 480),
    (480, 5, (1, 1), True, 480),
    (480, 5, (2, 1), False, 480),
    (480, 5, (1, 1), False, 480),
]
# And of the detector. Behind some of them the neck takes its pictures, of so many channels.
MAP_BLOCKS = [
    (16, 3, (1, 1), False, 32),
    (32, 3, (2, 2), False, 48),
    (48, 3, (1, 1), False, 48),
    (48, 3, (2, 2), False, 96),
    (96, 3, (1, 1), False, 96),
    (96, 3, (2, 2), False, 192),
    (192, 5, (1, 1), False, 192),
    (192, 5, (1, 1), False, 192),
    (192, 5, (1, 1), False, 192),
    (192, 5, (1, 1), False, 192),
    (192, 5, (2, 2), True, 384),
    (384, 5, (1, 1), True, 384),
    (384, 5, (1, 1), False, 384),
    (384, 5, (1, 1), False, 384),
]
LATERALS = [(2, 12), (4, 18), (9, 42), (13, 360)]
NECK, TAPS, TAPS_FILLED = 96, 24, 224


def filled(a, axis):
    """Zeros up to a whole number of vectors."""
    pad = [(0, 0)] * a.ndim
    pad[axis] = (0, -a.shape[axis] % LANES)
    return np.pad(a, pad)


def by_heads(a, axis, parts):
    """A zero behind each head of each part (queries, keys, values)."""
    shape = list(a.shape)
    split = a.reshape(shape[:axis] + [parts * HEADS, HEAD] + shape[axis + 1 :])
    return filled(split, axis + 1).reshape(shape[:axis] + [parts * HEADS * LANES] + shape[axis + 1 :])


class Walk:
    """Takes the network's weights in its order."""

    def __init__(self, model):
        constants = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
        self.steps = []
        for n in model.graph.node:
            weights = [constants[i] for i in n.input if i in constants]
            if n.op_type in ("Conv", "ConvTranspose", "MatMul") or (n.op_type in ("Add", "Mul") and weights):
                self.steps.append((n, weights))
        # What is left of Mul and Add are gains and terms: of the layers' norms, of matrices, of the attention's scale.
        self.steps = [s for s in self.steps if s[1]]
        self.out = []

    def next(self, op):
        node, weights = self.steps.pop(0)
        assert node.op_type == op, (node.op_type, op)
        return {a.name: helper.get_attribute_value(a) for a in node.attribute}, weights

    def put(self, *arrays):
        self.out.extend(np.ascontiguousarray(a, dtype="<f4").tobytes() for a in arrays)

    def conv(self, inputs, outputs, kernel=(1, 1), strides=(1, 1), groups=1):
        a, (w, b) = self.next("Conv")
        assert w.shape == (outputs, inputs // groups) + kernel, w.shape
        assert a["group"] == groups and tuple(a["strides"]) == strides and tuple(a["dilations"]) == (1, 1)
        assert tuple(a["pads"]) == (kernel[0] // 2, kernel[1] // 2) * 2
        return w, b

    def affine(self, channels):
        """One factor and one term for all channels."""
        a, (w, b) = self.next("Conv")
        assert w.shape == (channels, 1, 1, 1) and a["group"] == channels and len(set(w.ravel())) == len(set(b)) == 1
        self.put(w.ravel()[:1], b[:1])
        return w.ravel()[0]

    def stem(self, inputs, outputs):
        w, b = self.conv(inputs, outputs, (3, 3), (2, 2))
        self.put(w.transpose(2, 3, 1, 0), b)

    def depthwise(self, channels, side, strides):
        w, b = self.conv(channels, channels, (side, side), strides, channels)
        self.put(w.transpose(2, 3, 1, 0), b)

    def matrix(self, inputs, outputs, width=1):
        """A convolution of 1 x width as a matrix."""
        w, b = self.conv(inputs, outputs, (1, width))
        self.put(filled(filled(w[:, :, 0].transpose(2, 1, 0), 1), 2), filled(b, 0))

    def linear(self, inputs, outputs, layout=lambda w, b: (filled(filled(w, 0), 1), filled(b, 0))):
        (w,), (b,) = self.next("MatMul")[1], self.next("Add")[1]
        assert w.shape == (inputs, outputs) and b.shape == (outputs,)
        self.put(*layout(w, b))

    def norm(self, channels, epsilon):
        (e,), (gamma,), (beta,) = self.next("Add")[1], self.next("Mul")[1], self.next("Add")[1]
        assert e == np.float32(epsilon) and gamma.shape == beta.shape == (channels,)
        self.put(filled(gamma, 0), filled(beta, 0))

    def attention(self, channels):
        self.linear(channels, 3 * channels, lambda w, b: (by_heads(filled(w, 0), 1, 3), by_heads(b, 0, 3)))
        assert self.next("Mul")[1][0] == np.float32(HEAD**-0.5)
        self.linear(channels, channels, lambda w, b: (filled(by_heads(w, 0, 1), 1), filled(b, 0)))


def flatten(walk, means):
    walk.stem(3, 16)
    for i, (channels, side, strides, gate, outputs) in enumerate(BLOCKS):
        if i > 0:
            assert walk.affine(channels) == 1
        walk.depthwise(channels, side, strides)
        if gate:
            walk.matrix(channels, channels // 4)
            walk.matrix(channels // 4, channels)
            walk.affine(channels)
        assert len(means[i]) == channels
        walk.put(np.array(means[i]))
        walk.matrix(channels, outputs)
    assert walk.affine(480) == 1
    walk.matrix(480, 60, 3)
    walk.matrix(60, 120)
    for _ in range(2):
        walk.norm(120, 1e-5)
        walk.attention(120)
        walk.norm(120, 1e-5)
        walk.linear(120, 240)
        walk.linear(240, 120)
    walk.norm(120, 1e-6)
    walk.matrix(120, 480)
    walk.affine(480)
    walk.matrix(960, 60, 3)
    walk.matrix(60, 120)
    walk.linear(120, 6625)
    assert not walk.steps


def product(a, b):
    """Of two matrices, summed exactly: the same on every machine."""
    columns = b.astype(np.float64).T.tolist()
    return np.array([[math.fsum(x * y for x, y in zip(row, c)) for c in columns] for row in a.astype(np.float64).tolist()])


def squeeze(walk, channels, middle, slope):
    """A gate's two matrices. The engine's HardSigmoid has a slope of 1/6."""
    walk.matrix(channels, middle)
    w, b = walk.conv(middle, channels)
    factor = np.float32(slope * 6)
    walk.put(filled(filled(w[:, :, 0].transpose(2, 1, 0), 1), 2) * factor, filled(b, 0) * factor)


def by_taps(w):
    """A 3 x 3 convolution as inputs x (taps x outputs)."""
    flat = w.transpose(1, 2, 3, 0).reshape(w.shape[1], 9 * TAPS)
    return np.pad(flat, [(0, 0), (0, TAPS_FILLED - 9 * TAPS)])


def flatten_map(walk):
    terms = {}
    walk.stem(3, 16)
    for i, (channels, side, strides, gate, outputs) in enumerate(MAP_BLOCKS):
        if i > 0:
            terms[i - 1] = float(walk.steps[0][1][1][0])
            assert walk.affine(channels) == 1
        walk.depthwise(channels, side, strides)
        if gate:
            walk.matrix(channels, channels // 4)
            walk.matrix(channels // 4, channels)
            if strides == (1, 1):
                walk.affine(channels)
            else:
                walk.put(np.array([1, 0]))
        walk.put(np.zeros(channels)) # means: as yet nobody corrects by them
        walk.matrix(channels, outputs)
    # Into the neck: from a block's picture, to which the next block's term was added, to a narrow one.
    for block, narrow in LATERALS:
        w, b = walk.conv(MAP_BLOCKS[block][4], narrow)
        w, b = w[:, :, 0, 0].T.astype(np.float64), b.astype(np.float64)
        if block == 13:
            break
        b = b - np.array([math.fsum(column) for column in w.T.tolist()]) * terms[block]
        walk.put(filled(filled(w, 0), 1), filled(b, 0))
    # The deepest goes on to the neck's channels right away: two matrices without anything between them.
    w2, b2 = walk.conv(360, NECK)
    w2 = w2[:, :, 0, 0].T
    walk.put(product(w, w2), product(b[None], w2)[0] + b2)
    squeeze(walk, NECK, 24, 0.2)
    for block, narrow in reversed(LATERALS[:3]):
        w, b = walk.conv(narrow, NECK)
        walk.put(filled(w[:, :, 0, 0].T, 0), b)
        squeeze(walk, NECK, 24, 0.2)
    # The neck's convolutions, the deepest first; then the head's, of what they give in this order.
    for _ in range(4):
        w, b = walk.conv(NECK, TAPS, (3, 3))
        walk.put(by_taps(w), np.zeros(TAPS_FILLED), filled(b, 0))
        squeeze(walk, TAPS, 6, 0.2)
    w, b = walk.conv(NECK, TAPS, (3, 3))
    for k in range(4):
        walk.put(filled(by_taps(w[:, k * TAPS : (k + 1) * TAPS]), 0))
    walk.put(filled(b, 0))
    # Transposed convolutions of 2 x 2: one pixel becomes 2 x 2 of 24 channels, and these 4 x 4 of one.
    a, (w, b) = walk.next("ConvTranspose")
    assert w.shape == (TAPS, TAPS, 2, 2) and tuple(a["strides"]) == (2, 2) and not any(a["pads"])
    walk.put(filled(w.transpose(0, 2, 3, 1).reshape(TAPS, 4 * TAPS), 0), np.tile(b, 4))
    a, (w, b) = walk.next("ConvTranspose")
    assert w.shape == (TAPS, 1, 2, 2) and tuple(a["strides"]) == (2, 2) and not any(a["pads"])
    apart = np.zeros((2, 2, TAPS, 2, 2, 2, 2))  # y, x of the first, channel; y and y of the second, x and x
    for y in range(2):
        for x in range(2):
            apart[y, x, :, y, :, x, :] = w[:, 0]
    walk.put(apart.reshape(4 * TAPS, 16), np.tile(b, 16))
    assert not walk.steps


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    model = onnx.load(sys.argv[1])
    walk = Walk(model)
    if model.graph.output[0].name == "logits":
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "means.txt")) as f:
            flatten(walk, [[float(word) for word in line.split()] for line in f])
        magic = b"BFLINE1\n"
    else:
        # Slopes, which are no weights: 1/6 in the backbone's gates, 0.2 in those behind it.
        slopes = [round(helper.get_attribute_value(n.attribute[0]), 4) for n in model.graph.node if n.op_type == "HardSigmoid"]
        assert slopes == [0.1667] * 2 + [0.2] * 8
        # Gains "1 + gate", which the engine knows.
        ones = [s for s in walk.steps if s[0].op_type == "Add"]
        assert len(ones) == 8 and all(s[1][0].tolist() == [1] for s in ones)
        walk.steps = [s for s in walk.steps if s[0].op_type != "Add"]
        flatten_map(walk)
        magic = b"BFMAPS1\n"
    with open(sys.argv[2], "wb") as f:
        f.write(magic + b"".join(walk.out))


main()
