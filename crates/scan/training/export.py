#!/usr/bin/env python3
"""A checkpoint to the weights that the app carries.

    export.py --checkpoint FILE --out crates/scan/model/page.bin [--onnx FILE]

The file: "PAGENET1", then half floats, layer by layer in the order of `net.LAYERS`: weights by [ky][kx][cin][cout], bias.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from net import LAYERS, PageNet

MAGIC = b"PAGENET1"


def halves(net):
    """Weights and bias of each layer, normalisation folded in, as half floats in the file's order."""
    for name, kind, _, _ in LAYERS:
        layer = getattr(net, name)
        weight, bias = (layer.weight, layer.bias) if kind in ("linear", "head") else layer.folded()
        weight = weight.detach().double()
        weight = weight.T if kind == "linear" else weight.permute(2, 3, 1, 0)
        yield name, np.ascontiguousarray(weight.numpy()).astype("<f2"), bias.detach().double().numpy().astype("<f2")


class Folded(torch.nn.Module):
    """The net as the app runs it: what the file's half floats say, without normalisation."""

    def __init__(self, net):
        super().__init__()
        self.net = PageNet()
        for (name, weight, bias), (_, kind, _, _) in zip(halves(net), LAYERS):
            layer = getattr(self.net, name)
            weight, bias = torch.tensor(weight.astype("f4")), torch.tensor(bias.astype("f4"))
            if kind == "linear":
                layer.weight.data, layer.bias.data = weight.T.contiguous(), bias
                continue
            weight = weight.permute(3, 2, 0, 1).contiguous()
            if kind == "head":
                layer.weight.data, layer.bias.data = weight, bias
            else:
                outputs, inputs, size, _ = weight.shape
                conv = torch.nn.Conv2d(inputs, outputs, size, 2 if kind == "down" else 1, size // 2)
                conv.weight.data, conv.bias.data = weight, bias
                setattr(self.net, name, conv)

    def forward(self, x):
        return self.net(x)


def load(checkpoint):
    net = PageNet()
    net.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True)["average"])
    return net.eval()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--checkpoint", required=True, type=Path)
    arguments.add_argument("--out", required=True, type=Path)
    arguments.add_argument("--onnx", type=Path, help="also as ONNX, for other engines")
    options = arguments.parse_args()
    net = load(options.checkpoint)
    content = MAGIC + b"".join(weight.tobytes() + bias.tobytes() for _, weight, bias in halves(net))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(content)
    print(f"{options.out}: {len(content)} bytes")
    if options.onnx:
        example = torch.zeros(1, 6, 128, 128)
        torch.onnx.export(Folded(net).eval(), (example,), str(options.onnx), input_names=["frame"], output_names=["mask", "presence"], dynamo=False)


if __name__ == "__main__":
    main()
