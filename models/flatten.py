#!/usr/bin/env python3
"""Lays the weights of the rewritten PP-OCRv4 mobile recogniser out for the program's own engine (src/read/linenet).

usage: flatten.py REC_REWRITTEN.onnx OUT.weights        (reads means.txt, which lies beside it)

The engine knows the network by heart, so the file holds nothing but a magic word and floats (little-endian), in the order in which the network
takes them: weights as inputs x outputs (taps first where there are taps), then biases. Inputs and outputs are filled up with zeros to whole
vectors of 16; so is each head of the attention, of 15. Before a block's matrix stand the means of its inputs, by which the engine corrects what
rounding the matrix to whole numbers changes: means.txt, a line for each block, of lines that the page maker drew (`bench-networks --means`
prints it). What the network must look like is asserted here. The same bytes come out on every machine."""

import os
import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper

MAGIC = b"BFLINE1\n"
LANES = 16
HEADS, HEAD = 8, 15
# Of each block: channels, side of the kernel, strides down and across, whether it has a gate, channels that come out.
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
            if n.op_type in ("Conv", "MatMul") or (n.op_type in ("Add", "Mul") and weights):
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


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    walk = Walk(onnx.load(sys.argv[1]))
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "means.txt")) as f:
        flatten(walk, [[float(word) for word in line.split()] for line in f])
    with open(sys.argv[2], "wb") as f:
        f.write(MAGIC + b"".join(walk.out))


main()
