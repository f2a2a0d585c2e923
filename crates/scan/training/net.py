"""The page net: a small U-Net from a squashed YUV frame to the page's mask and whether there is a page.

`crates/scan/src/net` runs the same layers; the order in `LAYERS` is the order of the weights file.
"""

import torch
import torch.nn.functional as F
from torch import nn

# name, kind, channels in, channels out
LAYERS = [
    ("stem", "down", 6, 16),
    ("e1", "res", 16, 16),
    ("d2", "down", 16, 32),
    ("e2a", "res", 32, 32),
    ("e2b", "res", 32, 32),
    ("d3", "down", 32, 64),
    ("e3a", "res", 64, 64),
    ("e3b", "res", 64, 64),
    ("d4", "down", 64, 96),
    ("e4a", "res", 96, 96),
    ("e4b", "res", 96, 96),
    ("e4c", "res", 96, 96),
    ("presence", "linear", 96, 1),
    ("u3", "point", 96, 64),
    ("f3", "res", 64, 64),
    ("u2", "point", 64, 32),
    ("f2a", "res", 32, 32),
    ("f2b", "res", 32, 32),
    ("u1", "point", 32, 16),
    ("f1a", "res", 16, 16),
    ("f1b", "res", 16, 16),
    ("head", "head", 16, 4),
]


class Conv(nn.Module):
    """A convolution and its batch normalisation, which `folded` merges into one."""

    def __init__(self, kind, inputs, outputs):
        super().__init__()
        size, stride = (1, 1) if kind == "point" else (3, 2 if kind == "down" else 1)
        self.conv = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs, momentum=0.03)
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity="relu")
        if kind == "res":
            # A block begins as what it adds nothing to.
            nn.init.zeros_(self.norm.weight)

    def forward(self, x):
        return self.norm(self.conv(x))

    def folded(self):
        """Weights and bias of the one convolution that does both."""
        scale = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
        return self.conv.weight * scale[:, None, None, None], self.norm.bias - self.norm.running_mean * scale


class PageNet(nn.Module):
    def __init__(self):
        super().__init__()
        for name, kind, inputs, outputs in LAYERS:
            if kind == "linear":
                layer = nn.Linear(inputs, outputs)
            elif kind == "head":
                layer = nn.Conv2d(inputs, outputs, 3, padding=1)
            else:
                layer = Conv(kind, inputs, outputs)
            setattr(self, name, layer)

    def res(self, name, x):
        return F.relu(x + getattr(self, name)(x))

    def up(self, name, x, skip):
        return F.interpolate(getattr(self, name)(x), scale_factor=2, mode="nearest") + skip

    def forward(self, x):
        """`x`: N×6×128×128. Gives mask logits N×1×128×128 and presence logits N."""
        e1 = self.res("e1", F.relu(self.stem(x)))
        e2 = self.res("e2b", self.res("e2a", F.relu(self.d2(e1))))
        e3 = self.res("e3b", self.res("e3a", F.relu(self.d3(e2))))
        e4 = self.res("e4c", self.res("e4b", self.res("e4a", F.relu(self.d4(e3)))))
        presence = self.presence(e4.mean((2, 3)))[:, 0]
        f3 = self.res("f3", self.up("u3", e4, e3))
        f2 = self.res("f2b", self.res("f2a", self.up("u2", f3, e2)))
        f1 = self.res("f1b", self.res("f1a", self.up("u1", f2, e1)))
        return F.pixel_shuffle(self.head(f1), 2), presence


def tensor(luma, u, v):
    """Bytes N×256×256, N×128×128, N×128×128 to what the net takes."""
    luma = F.pixel_unshuffle(luma[:, None].float(), 2)
    return (torch.cat([luma, u[:, None].float(), v[:, None].float()], 1) - 128) / 64
