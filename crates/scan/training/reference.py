"""The page net once more, plain and slow, so that two readings of its description can be compared.

Needs numpy only and knows nothing of the training. `python reference.py OUT` runs the net on weights and an input that
the Rust test can make too (`src/net/tests.rs`), and writes what that test expects to OUT: 128 x 128 logits of the mask
from the top left, then the presence's logit, as little-endian 32-bit floats.
`python reference.py --weights FILE --input FILE OUT` does it for a file of weights and for a training sample's first
98,304 bytes (luma, U, V).
"""

import argparse
import sys

import numpy as np

SIDE = 128
MAGIC = b"PAGENET1"
# name, side of the window, input channels, output channels; in the order of the file.
LAYERS = [
    ("stem", 3, 6, 16),
    ("e1", 3, 16, 16),
    ("d2", 3, 16, 32),
    ("e2a", 3, 32, 32),
    ("e2b", 3, 32, 32),
    ("d3", 3, 32, 64),
    ("e3a", 3, 64, 64),
    ("e3b", 3, 64, 64),
    ("d4", 3, 64, 96),
    ("e4a", 3, 96, 96),
    ("e4b", 3, 96, 96),
    ("e4c", 3, 96, 96),
    ("presence", 1, 96, 1),
    ("u3", 1, 96, 64),
    ("f3", 3, 64, 64),
    ("u2", 1, 64, 32),
    ("f2a", 3, 32, 32),
    ("f2b", 3, 32, 32),
    ("u1", 1, 32, 16),
    ("f1a", 3, 16, 16),
    ("f1b", 3, 16, 16),
    ("head", 3, 16, 4),
]


def scattered(seed, count):
    """splitmix64 of seed, seed + 1, ...: `count` numbers of 64 bits."""
    gamma, first, second = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
    z = (np.arange(count, dtype=np.uint64) + np.uint64(seed)) * gamma
    z = (z ^ (z >> np.uint64(30))) * first
    z = (z ^ (z >> np.uint64(27))) * second
    return z ^ (z >> np.uint64(31))


def invented_weights():
    """A file of weights: whole numbers of 11 bits times a power of two, which half precision holds exactly.

    The power makes the outputs of a layer about as large as its inputs, whatever the number of taps.
    """
    parts = [MAGIC]
    for number, (_, side, inputs, outputs) in enumerate(LAYERS):
        taps = side * side * inputs
        exponents = np.full((taps + 1) * outputs, 9 + taps.bit_length() // 2)
        exponents[taps * outputs :] = 12
        whole = (scattered(number << 32, len(exponents)) >> np.uint64(53)).astype(np.int64) - 1024
        values = np.ldexp(whole.astype(np.float64), -exponents)
        halves = values.astype("<f2")
        assert np.array_equal(halves.astype(np.float64), values)
        parts.append(halves.tobytes())
    return b"".join(parts)


def invented_input():
    """Blocks of 8 x 8 pixels and a little noise in each of the six channels, as the tensor the net sees."""
    y, x, c = np.mgrid[0:SIDE, 0:SIDE, 0:6].astype(np.uint64)
    blocks = scattered(77 << 32, 6 * 16 * 16)[((y // 8 * 16 + x // 8) * 6 + c).astype(np.int64)] >> np.uint64(57)
    noise = scattered(78 << 32, SIDE * SIDE * 6).reshape(SIDE, SIDE, 6) >> np.uint64(58)
    return (64.0 + blocks + noise - 128.0) / 64.0


def sample_input(data):
    """The tensor of a training sample."""
    luma = np.frombuffer(data, np.uint8, 4 * SIDE * SIDE).reshape(2 * SIDE, 2 * SIDE)
    u, v = np.frombuffer(data, np.uint8, 2 * SIDE * SIDE, 4 * SIDE * SIDE).reshape(2, SIDE, SIDE)
    channels = [luma[0::2, 0::2], luma[0::2, 1::2], luma[1::2, 0::2], luma[1::2, 1::2], u, v]
    return (np.stack(channels, axis=2).astype(np.float64) - 128.0) / 64.0


def parsed(data):
    assert data[: len(MAGIC)] == MAGIC
    values = np.frombuffer(data, "<f2", -1, len(MAGIC)).astype(np.float64)
    layers, at = {}, 0
    for name, side, inputs, outputs in LAYERS:
        count = side * side * inputs * outputs
        weights = values[at : at + count].reshape(side, side, inputs, outputs)
        layers[name] = weights, values[at + count : at + count + outputs]
        at += count + outputs
    assert at == len(values)
    return layers


def convolved(x, layer, stride=1):
    weights, bias = layer
    side = weights.shape[0]
    height, width, _ = x.shape
    padded = np.pad(x, ((side // 2, side // 2), (side // 2, side // 2), (0, 0)))
    out = np.zeros((height // stride, width // stride, len(bias))) + bias
    for ky in range(side):
        for kx in range(side):
            out += padded[ky : ky + height : stride, kx : kx + width : stride] @ weights[ky, kx]
    return out


def relu(x):
    return np.maximum(x, 0.0)


def residual(x, layer):
    return relu(x + convolved(x, layer))


def doubled(x):
    return x.repeat(2, axis=0).repeat(2, axis=1)


def page_net(x, layers):
    """The mask's logits, SIDE x SIDE, and the presence's."""
    e1 = residual(relu(convolved(x, layers["stem"], 2)), layers["e1"])
    e2 = residual(residual(relu(convolved(e1, layers["d2"], 2)), layers["e2a"]), layers["e2b"])
    e3 = residual(residual(relu(convolved(e2, layers["d3"], 2)), layers["e3a"]), layers["e3b"])
    e4 = residual(residual(relu(convolved(e3, layers["d4"], 2)), layers["e4a"]), layers["e4b"])
    e4 = residual(e4, layers["e4c"])
    weights, bias = layers["presence"]
    presence = e4.mean(axis=(0, 1)) @ weights[0, 0] + bias
    f3 = residual(doubled(convolved(e4, layers["u3"])) + e3, layers["f3"])
    f2 = residual(residual(doubled(convolved(f3, layers["u2"])) + e2, layers["f2a"]), layers["f2b"])
    f1 = residual(residual(doubled(convolved(f2, layers["u1"])) + e1, layers["f1a"]), layers["f1b"])
    squares = convolved(f1, layers["head"]).reshape(SIDE // 2, SIDE // 2, 2, 2)
    return squares.transpose(0, 2, 1, 3).reshape(SIDE, SIDE), presence[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights")
    parser.add_argument("--input")
    parser.add_argument("out")
    options = parser.parse_args()
    weights = open(options.weights, "rb").read() if options.weights else invented_weights()
    x = sample_input(open(options.input, "rb").read()) if options.input else invented_input()
    mask, presence = page_net(x, parsed(weights))
    with open(options.out, "wb") as out:
        out.write(np.append(mask.ravel(), presence).astype("<f4").tobytes())
    share = np.mean(mask > 0)
    print(f"mask {mask.min():.3f} to {mask.max():.3f}, {share:.1%} above 0; presence {presence:.4f}", file=sys.stderr)


if __name__ == "__main__":
    main()
