"""Reads what `generate samples` writes: records of one fixed size, mapped into memory."""

from pathlib import Path

import numpy as np
import torch

RECORD = np.dtype(
    [
        ("luma", "u1", (256, 256)),
        ("u", "u1", (128, 128)),
        ("v", "u1", (128, 128)),
        ("mask", "u1", (128, 128)),
        ("corners", "<f4", (4, 2)),
        ("kind", "<u4"),
        ("seed", "<u8"),
        ("reserved", "<u4"),
    ]
)
PAGE, CURLED, BORDER, OCCLUDED, TURNED = 1, 2, 4, 8, 16


class Samples:
    """All records of the `*.bin` files of a folder."""

    def __init__(self, folder):
        files = sorted(Path(folder).glob("*.bin"))
        if not files:
            raise SystemExit(f"no samples in {folder}: `generate samples` makes them")
        self.parts = [np.memmap(file, RECORD, "r") for file in files if file.stat().st_size >= RECORD.itemsize]
        self.ends = np.cumsum([len(part) for part in self.parts])

    def __len__(self):
        return int(self.ends[-1])

    def batch(self, indices):
        """Planes, masks (0 to 1) and kinds of the records, as tensors of bytes, floats and integers."""
        records = np.empty(len(indices), RECORD)
        for at, index in enumerate(indices):
            part = int(np.searchsorted(self.ends, index, "right"))
            records[at] = self.parts[part][index - (self.ends[part - 1] if part else 0)]
        take = lambda name: torch.from_numpy(records[name].copy())
        return take("luma"), take("u"), take("v"), take("mask").float() / 255, take("kind").long()
