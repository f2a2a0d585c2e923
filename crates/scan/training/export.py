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


def load_weights(net, file, frames):
    """Puts exported weights into a net that can be trained on. Its normalisation gets the statistics of `frames`
    (N×6×128×128), layer by layer, so that the net answers as the file's does. A block without any weights stays as it was made.
    """
    content = file.read_bytes()
    if not content.startswith(MAGIC):
        raise SystemExit(f"{file} has no weights of a page net")
    values = torch.from_numpy(np.frombuffer(content, "<f2", offset=len(MAGIC)).astype("f4"))
    expected = sum(weight.size + bias.size for _, weight, bias in halves(net))
    if len(values) != expected:
        raise SystemExit(f"{file} has the weights of another net: {len(values)} values, not {expected}")
    hooks = []
    for name, kind, inputs, outputs in LAYERS:
        size = 1 if kind in ("point", "linear") else 3
        weight, bias, values = values.split([size * size * inputs * outputs, outputs, len(values) - (size * size * inputs + 1) * outputs])
        layer = getattr(net, name)
        if kind == "linear":
            layer.weight.data, layer.bias.data = weight.reshape(outputs, inputs).clone(), bias.clone()
            continue
        if not weight.any():
            continue
        weight = weight.reshape(size, size, inputs, outputs).permute(3, 2, 0, 1).contiguous()
        if kind == "head":
            layer.weight.data, layer.bias.data = weight, bias.clone()
            continue

        def take_statistics(_, __, out, norm=layer.norm, bias=bias):
            mean, variance = out.mean((0, 2, 3)), out.var((0, 2, 3), unbiased=False)
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance)
            norm.weight.data = torch.sqrt(variance + norm.eps)
            norm.bias.data = bias + mean

        layer.conv.weight.data = weight
        hooks.append(layer.conv.register_forward_hook(take_statistics))
    with torch.no_grad():
        net.eval()(frames)
    net.train()
    for hook in hooks:
        hook.remove()


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
