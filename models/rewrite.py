#!/usr/bin/python3
"""Rewrites PP-OCR's networks into ones that compute the same and run faster. Wants Debian's python3-onnx; models/fetch.sh calls it.

usage: models/rewrite.py IN.onnx OUT.onnx

Nothing is approximated but for the rounding of single-precision sums:
 - what hangs on constants alone is worked out; multiplications by one go;
 - batch normalisation and factors and terms behind a convolution go into its weights and bias;
 - "Add 3, Clip 0..6, Mul, Div 6" becomes the one operator HardSwish, which ONNX Runtime 1.30 does together with the convolution;
 - a gain "x + x * s" goes over x once;
 - the factor a and the term b that PP-LCNet learns behind each HardSwish go into the weights of what comes next. Before a padded
   convolution only a can: at the border b would be missing where the padding is. There b stays, as a 1x1 depthwise convolution, which,
   unlike an addition, keeps ONNX Runtime's blocked layout;
 - a softmax at the very end goes, and the output is called "logits": who wants log p - log max p has it without.

Equal input gives equal bytes on every machine: sums are exact (math.fsum) and all else is single IEEE operations, so that the manifest
can name the hash of the result.
"""
import math
import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper

OPSET = 14  # the first with HardSwish


class Graph:
    """The nodes in order, and the constants by name."""

    def __init__(self, model):
        self.model = model
        self.inputs = list(model.graph.input)
        self.outputs = [o.name for o in model.graph.output]
        self.constants = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
        self.nodes = []
        self.fresh = 0
        for node in model.graph.node:
            if node.op_type == "Constant":
                self.constants[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
            else:
                self.nodes.append(node)

    def constant(self, value, base):
        self.fresh += 1
        name = "%s.%d" % (base, self.fresh)
        self.constants[name] = np.ascontiguousarray(value)
        return name

    def scalar(self, name):
        """The value of a constant with one element, else None."""
        c = self.constants.get(name)
        return float(c.ravel()[0]) if c is not None and c.size == 1 else None

    def users(self, name):
        return [n for n in self.nodes if name in n.input]

    def only_user(self, name, op):
        """The one node that uses a value, if it is an `op` and the value is no output."""
        users = self.users(name)
        return users[0] if len(users) == 1 and users[0].op_type == op and name not in self.outputs else None

    def replace(self, old, new):
        for n in self.nodes:
            for i, name in enumerate(n.input):
                if name == old:
                    n.input[i] = new

    def remove(self, nodes):
        gone = {id(n) for n in nodes}
        self.nodes = [n for n in self.nodes if id(n) not in gone]


def attributes(node):
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def single(node_input, name):
    """The other input of a node of two."""
    return node_input[1] if node_input[0] == name else node_input[0]


def modernise(g):
    """From the operator sets 9 and 11 to 14: limits, axes and the like are inputs now. Softmax is over the last axis in both."""
    for n in g.nodes:
        a = attributes(n)
        if n.op_type == "Clip" and "min" in a:
            n.input.extend([g.constant(np.array(a[k], np.float32), k) for k in ("min", "max")])
            del n.attribute[:]
        elif n.op_type == "Slice" and "starts" in a:
            n.input.extend([g.constant(np.array(a[k], np.int64), k) for k in ("starts", "ends", "axes")])
            del n.attribute[:]
        elif n.op_type == "Squeeze" and "axes" in a:
            n.input.append(g.constant(np.array(a["axes"], np.int64), "axes"))
            del n.attribute[:]


def fold_constants(g):
    """Casts of constants, and factors of one."""
    for n in list(g.nodes):
        if n.op_type == "Cast" and n.input[0] in g.constants:
            to = onnx.mapping.TENSOR_TYPE_TO_NP_TYPE[attributes(n)["to"]]
            g.constants[n.output[0]] = g.constants[n.input[0]].astype(to)
            g.remove([n])
        elif n.op_type == "Mul" and n.output[0] not in g.outputs:
            for factor, value in ((n.input[0], n.input[1]), (n.input[1], n.input[0])):
                if g.scalar(factor) == 1 and value not in g.constants:
                    g.replace(n.output[0], value)
                    g.remove([n])
                    break


def fuse_hard_swish(g):
    for add in list(g.nodes):
        if add.op_type != "Add":
            continue
        x = add.input[0] if g.scalar(add.input[1]) == 3 else add.input[1] if g.scalar(add.input[0]) == 3 else None
        clip = g.only_user(add.output[0], "Clip") if x else None
        if clip is None or g.scalar(clip.input[1]) != 0 or g.scalar(clip.input[2]) != 6:
            continue
        mul = g.only_user(clip.output[0], "Mul")
        div = g.only_user(mul.output[0], "Div") if mul and x in mul.input else None
        if div is None or div.input[0] != mul.output[0] or g.scalar(div.input[1]) != 6:
            continue
        at = g.nodes.index(div)
        g.nodes[at] = helper.make_node("HardSwish", [x], [div.output[0]])
        g.remove([add, clip, mul])


def fuse_gains(g):
    """x + x * s, with s one number a channel, is x * (s + 1), which goes over the large x once."""
    for mul in list(g.nodes):
        add = g.only_user(mul.output[0], "Add") if mul.op_type == "Mul" else None
        if add is None:
            continue
        x = single(add.input, mul.output[0])
        s = single(mul.input, x) if x in mul.input else None
        if s is None or not any(s in n.output and n.op_type == "HardSigmoid" for n in g.nodes):
            continue
        gain = helper.make_node("Add", [s, g.constant(np.array([1], np.float32), "one")], [s + ".gain"])
        g.nodes[g.nodes.index(mul)] = gain
        g.nodes[g.nodes.index(add)] = helper.make_node("Mul", [x, s + ".gain"], [add.output[0]])


class Weights:
    """A convolution's weights and bias in double precision, while things are folded into them."""

    def __init__(self, g, node):
        self.transposed = node.op_type == "ConvTranspose"
        self.w = g.constants[node.input[1]].astype(np.float64)
        if self.transposed:
            assert attributes(node).get("group", 1) == 1
        n = self.w.shape[1] if self.transposed else self.w.shape[0]
        self.bias = g.constants[node.input[2]].astype(np.float64) if len(node.input) > 2 else np.zeros(n)

    def scale_outputs(self, factor, term):
        """factor, term: one for all, or one for each output channel."""
        factor = np.broadcast_to(np.asarray(factor, np.float64), self.bias.shape)
        self.w = self.w * (factor[None, :, None, None] if self.transposed else factor[:, None, None, None])
        self.bias = self.bias * factor + term

    def scale_inputs(self, factor):
        self.w = self.w * factor

    def add_to_inputs(self, term):
        """Right only without padding. The weights are those of the unscaled input."""
        sums = [math.fsum(row) for row in self.w.reshape(self.w.shape[0], -1).tolist()]
        self.bias = self.bias + np.array(sums) * term

    def put(self, g, node):
        del node.input[1:]
        node.input.append(g.constant(self.w.astype(np.float32), "weight"))
        node.input.append(g.constant(self.bias.astype(np.float32), "bias"))


def channel_term(g, name, channels):
    """A constant that adds the same to a whole channel: one number, or one for each channel of N C H W."""
    c = g.constants.get(name)
    if c is None or (c.size != 1 and c.shape != (1, channels, 1, 1)):
        return None
    return c.astype(np.float64).ravel() if c.size > 1 else float(c.ravel()[0])


def step_behind(g, value, weights):
    """(node, factor, term) of a linear node that alone uses the value, or None."""
    n = g.only_user(value, "BatchNormalization")
    if n is not None:
        gamma, beta, mean, variance = (g.constants[i].astype(np.float64) for i in n.input[1:5])
        factor = gamma / np.sqrt(variance + attributes(n)["epsilon"])
        return n, factor, beta - mean * factor
    for op in ("Mul", "Add"):
        n = g.only_user(value, op)
        c = channel_term(g, single(n.input, value), len(weights.bias)) if n is not None else None
        if c is not None:
            return (n, c, 0.0) if op == "Mul" else (n, 1.0, c)
    return None


def fold_behind_convolutions(g):
    for node in list(g.nodes):
        if node.op_type not in ("Conv", "ConvTranspose"):
            continue
        weights = Weights(g, node)
        while True:
            step = step_behind(g, node.output[0], weights)
            if step is None:
                break
            weights.scale_outputs(step[1], step[2])
            node.output[0] = step[0].output[0]
            g.remove([step[0]])
        weights.put(g, node)


class Affines:
    """Values that stand for a * value + b: the learnable factor and term behind a HardSwish, on their way into the next weights."""

    def __init__(self, g):
        self.g = g
        self.pending = {}  # name -> (value, a, b, channels)

    def shift(self, value, a, b, channels, out):
        """a * value + b as a convolution."""
        g = self.g
        weights = [g.constant(np.full((channels, 1, 1, 1), a, np.float32), "factor"), g.constant(np.full(channels, b, np.float32), "term")]
        return helper.make_node("Conv", [value] + weights, [out], kernel_shape=[1, 1], group=channels, strides=[1, 1], pads=[0] * 4,
                                dilations=[1, 1])

    def take(self, hard_swish, channels):
        """The chain behind a HardSwish becomes pending. Returns the nodes that are done with."""
        g, name, a, b, done = self.g, hard_swish.output[0], 1.0, 0.0, []
        for op in ("Mul", "Add"):
            n = g.only_user(name, op)
            c = g.scalar(single(n.input, name)) if n is not None else None
            if c is None:
                continue
            a, b = (a * c, b * c) if op == "Mul" else (a, b + c)
            name = n.output[0]
            done.append(n)
        if done:
            self.pending[name] = (hard_swish.output[0], a, b, channels)
        return done

    def into(self, node):
        """Folds what is pending at a convolution's input into it. Returns nodes to put before it."""
        value, a, b, channels = self.pending[node.input[0]]
        weights, before = Weights(self.g, node), []
        if not any(attributes(node).get("pads", [0])):
            weights.add_to_inputs(b)
        elif b != 0:
            shifted = node.output[0] + ".shifted"
            before.append(self.shift(value, 1.0, b / a, channels, shifted))
            value = shifted
        weights.scale_inputs(a)
        weights.put(self.g, node)
        node.input[0] = value
        return before

    def through_pool(self, node):
        """A mean of a * x + b is a times the mean, plus b."""
        value, a, b, channels = self.pending[node.input[0]]
        self.pending[node.output[0]] = (node.output[0] + ".mean", a, b, channels)
        node.input[0] = value
        node.output[0] += ".mean"

    def settle(self, name):
        """Nothing can take it further: work it out. Returns the node."""
        value, a, b, channels = self.pending.pop(name)
        return self.shift(value, a, b, channels, name)


def unpadded(node):
    return not any(attributes(node).get("pads", [0]))


def push_affines(g):
    affines, out, done, channels = Affines(g), [], set(), {}
    for node in g.nodes:
        if id(node) in done:
            continue
        if node.op_type == "Conv":
            if node.input[0] in affines.pending:
                out.extend(affines.into(node))
            channels[node.output[0]] = len(g.constants[node.input[2]])
        elif node.op_type == "HardSwish" and node.input[0] in channels:
            out.append(node)
            done.update(id(n) for n in affines.take(node, channels[node.input[0]]))
            continue
        elif node.op_type == "GlobalAveragePool" or (node.op_type == "AveragePool" and unpadded(node)):
            if node.input[0] in affines.pending:
                affines.through_pool(node)
        else:
            for name in node.input:
                if name in affines.pending:
                    out.append(affines.settle(name))
        out.append(node)
    g.nodes = out


def end_in_logits(g):
    last = g.nodes[-1]
    if last.op_type != "Softmax" or last.output[0] not in g.outputs:
        return
    g.nodes.pop()
    g.nodes[-1].output[0] = "logits"
    g.outputs = ["logits"]
    g.model.graph.output[0].name = "logits"


def assemble(g):
    used = {name for n in g.nodes for name in n.input}
    initializers = [numpy_helper.from_array(v, k) for k, v in g.constants.items() if k in used]
    graph = helper.make_graph(g.nodes, "rewritten", g.inputs, list(g.model.graph.output), initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="rewrite.py")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    g = Graph(onnx.load(sys.argv[1]))
    for step in (modernise, fold_constants, fuse_hard_swish, fuse_gains, fold_behind_convolutions, push_affines, end_in_logits):
        step(g)
    with open(sys.argv[2], "wb") as f:
        f.write(assemble(g))


main()
