"""The committed weights as ONNX, for other engines.

    onnx_of_net.py training/net.py model/page.bin OUT

The graph is what `PageNet.forward` does: net.py is run on stand-ins for torch that write down each step instead of doing it,
so that PyTorch is not needed and the graph follows net.py.
"""

import importlib.util
import sys
import types
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MAGIC = b"PAGENET1"
nodes, constants = [], []


class Step:
    """What a node gives: a name, and the operations that forward uses on it."""

    def __init__(self, operation, *inputs, **attributes):
        self.name = f"{operation}{len(nodes)}"
        nodes.append(helper.make_node(operation, [x.name for x in inputs], [self.name], **attributes))

    def __add__(self, other):
        return Step("Add", self, other)

    def mean(self, axes):
        return Step("ReduceMean", self, constant(np.int64(axes)), keepdims=0)

    def __getitem__(self, index):
        # The net's only one: the first of one column, [:, 0].
        assert index == (slice(None), 0)
        return Step("Squeeze", self, constant(np.int64([1])))


def constant(array):
    named = types.SimpleNamespace(name=f"constant{len(constants)}")
    constants.append(numpy_helper.from_array(np.ascontiguousarray(array), named.name))
    return named


def interpolate(x, scale_factor, mode):
    assert mode == "nearest"
    scales = constant(np.float32([1, 1, scale_factor, scale_factor]))
    nothing = types.SimpleNamespace(name="")
    options = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    return Step("Resize", x, nothing, scales, mode=mode, **options)


class Module:
    def __init__(self):
        pass

    def __call__(self, x):
        return self.forward(x)


class Conv2d(Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0, bias=True):
        self.weight, self.shape = None, (size, size, inputs, outputs)
        self.options = {"strides": [stride] * 2, "pads": [padding] * 4, "kernel_shape": [size] * 2}

    def forward(self, x):
        return Step("Conv", x, constant(self.weight.transpose(3, 2, 0, 1)), constant(self.bias), **self.options)


class Linear(Module):
    def __init__(self, inputs, outputs):
        self.weight, self.shape = None, (1, 1, inputs, outputs)

    def forward(self, x):
        return Step("Gemm", x, constant(self.weight[0, 0]), constant(self.bias))


class BatchNorm2d(Module):
    """Nothing: the file's weights have it folded in."""

    weight = None

    def __init__(self, channels, momentum):
        pass

    def forward(self, x):
        return x


def recorded(path):
    """net.py, with the stand-ins for torch."""
    quiet = types.SimpleNamespace(kaiming_normal_=lambda *_, **__: None, zeros_=lambda _: None)
    functional = types.ModuleType("torch.nn.functional")
    functional.relu = lambda x: Step("Relu", x)
    functional.interpolate = interpolate
    functional.pixel_shuffle = lambda x, times: Step("DepthToSpace", x, blocksize=times, mode="CRD")
    nn = types.ModuleType("torch.nn")
    nn.Module, nn.Conv2d, nn.Linear, nn.BatchNorm2d, nn.init = Module, Conv2d, Linear, BatchNorm2d, quiet
    nn.functional = functional
    torch = types.ModuleType("torch")
    torch.nn = nn
    sys.modules |= {"torch": torch, "torch.nn": nn, "torch.nn.functional": functional}
    spec = importlib.util.spec_from_file_location("net", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    path, weights, out = map(Path, sys.argv[1:])
    module = recorded(path)
    net = module.PageNet()
    data = weights.read_bytes()
    assert data[: len(MAGIC)] == MAGIC
    values = np.frombuffer(data, "<f2", -1, len(MAGIC)).astype(np.float32)
    at = 0
    for name, *_ in module.LAYERS:
        layer = getattr(net, name)
        layer = getattr(layer, "conv", layer)
        count, outputs = int(np.prod(layer.shape)), layer.shape[-1]
        layer.weight, layer.bias = values[at : at + count].reshape(layer.shape), values[at + count :][:outputs]
        at += count + outputs
    assert at == len(values), "net.py and the weights are of two nets"
    frame = types.SimpleNamespace(name="frame")
    given = Step("Identity", frame)
    mask, presence = net(given)
    for result, name in ((mask, "mask"), (presence, "presence")):
        nodes.append(helper.make_node("Identity", [result.name], [name]))
    tensor = helper.make_tensor_value_info
    inputs = [tensor("frame", TensorProto.FLOAT, [1, 6, 128, 128])]
    outputs = [tensor("mask", TensorProto.FLOAT, [1, 1, 128, 128]), tensor("presence", TensorProto.FLOAT, [1])]
    graph = helper.make_graph(nodes, "page net", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model)
    onnx.save(model, out)


main()
