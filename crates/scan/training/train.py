#!/usr/bin/env python3
"""Trains the page net on generated samples; continues from its last checkpoint.

    train.py --samples DIR --held-out DIR --out DIR [--steps N] [--weights FILE]

Two processor cores do; a GPU is used where there is one.
"""

import argparse
import copy
import json
import math
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from export import load_weights
from net import PageNet, tensor
from samples import BORDER, CURLED, OCCLUDED, PAGE, TURNED, Samples


# Share of the picture that pages cover at least: `LEAST_AREA` of src/plain.rs.
LEAST_PAGE = 0.045


def cropped(luma, u, v, mask, generator):
    """A part of each picture, from six tenths of its side to all of it: a part of a photo is a photo, and the page may leave it."""
    n = len(luma)
    whole = torch.rand(n, 1, generator=generator) < 0.4
    # Nearly alike along both sides: frames of any proportion are squares here.
    side = 0.65 + 0.35 * torch.rand(n, 1, generator=generator) + 0.08 * torch.randn(n, 2, generator=generator)
    side = torch.where(whole, torch.ones(n, 2), side.clamp(0.6, 1))
    middle = (1 - side) * (2 * torch.rand(n, 2, generator=generator) - 1)
    affine = torch.zeros(n, 2, 3)
    affine[:, 0, 0], affine[:, 1, 1], affine[:, :, 2] = side[:, 0], side[:, 1], middle
    def part(planes):
        stacked = torch.stack(planes, 1).float()
        grid = F.affine_grid(affine, stacked.shape, align_corners=False)
        return F.grid_sample(stacked, grid, padding_mode="border", align_corners=False).unbind(1)
    return *part([luma]), *part([u, v, mask])


def augmented(luma, u, v, mask, generator):
    """Mirrored and turned by quarters (the whole batch alike); cropped, light and colour changed (each sample by itself)."""
    planes = [luma, u, v, mask]
    chance = torch.rand(2, generator=generator)
    if chance[0] < 0.5:
        planes = [plane.flip(2) for plane in planes]
    quarters = int(chance[1] * 4)
    # Pictures are mostly upright: half of the batches stay as they are.
    if quarters in (1, 2, 3) and torch.rand((), generator=generator) < 0.5:
        planes = [plane.rot90(quarters, (1, 2)) for plane in planes]
    luma, u, v, mask = cropped(*planes, generator)
    n = len(luma)
    some = lambda low, high: low + (high - low) * torch.rand(n, 1, 1, generator=generator)
    level = (luma.float() / 255).clamp(1e-4, 1) ** torch.exp(some(-0.35, 0.35))
    luma = ((level - 0.5) * some(0.75, 1.15) + 0.5 + some(-0.1, 0.1)).clamp(0, 1) * 255
    scale = some(0.4, 1.5)
    colour = lambda plane: ((plane.float() - 128) * scale + 128 + some(-6, 6)).clamp(0, 255)
    return luma, colour(u), colour(v), mask


def loss_of(logits, presence, mask, kind):
    page = (kind & PAGE > 0).float()
    # Of a page that a crop left out hardly anything is seen: neither answer is wrong.
    doubtful = (page > 0) & (mask.mean((1, 2)) < LEAST_PAGE)
    mask = mask[:, None]
    # The boundary is what corners come from.
    wide = F.max_pool2d(mask, 5, 1, 2) + F.max_pool2d(-mask, 5, 1, 2)
    pixels = F.binary_cross_entropy_with_logits(logits, mask, reduction="none") * (1 + 4 * wide)
    likely = torch.sigmoid(logits)
    both = (likely * mask).sum((1, 2, 3))
    dice = 1 - (2 * both + 1) / (likely.sum((1, 2, 3)) + mask.sum((1, 2, 3)) + 1)
    there = F.binary_cross_entropy_with_logits(presence, page, (~doubtful).float())
    return pixels.mean() + 0.5 * (dice * page).mean() + 0.4 * there


@torch.no_grad()
def evaluate(net, samples, device, count=1024):
    """Mean IoU of the mask at one half and its share above 0.95, by kind; errors of presence."""
    net.eval()
    ious, kinds, there = [], [], []
    for start in range(0, min(count, len(samples)), 32):
        indices = range(start, min(start + 32, count, len(samples)))
        luma, u, v, mask, kind = (part.to(device) for part in samples.batch(indices))
        logits, presence = net(tensor(luma, u, v))
        found, true = logits[:, 0] > 0, mask > 0.5
        union = (found | true).sum((1, 2)).clamp(min=1)
        ious.append((found & true).sum((1, 2)) / union)
        kinds.append(kind)
        there.append(presence)
    iou, kind, there = torch.cat(ious).cpu(), torch.cat(kinds).cpu(), torch.cat(there).float().cpu()
    page = kind & PAGE > 0
    answer = {"missed": float((there[page] < 0).float().mean()), "false alarms": float((there[~page] > 0).float().mean())}
    for name, bit in [("all", PAGE), ("curled", CURLED), ("border", BORDER), ("occluded", OCCLUDED), ("turned", TURNED)]:
        some = iou[kind & bit > 0]
        if len(some):
            answer[name] = [round(float(some.mean()), 4), round(float((some > 0.95).float().mean()), 3)]
    net.train()
    return answer


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--samples", required=True)
    arguments.add_argument("--held-out", required=True)
    arguments.add_argument("--out", required=True, type=Path)
    arguments.add_argument("--steps", type=int, default=20_000)
    arguments.add_argument("--batch", type=int, default=24)
    arguments.add_argument("--rate", type=float, default=2e-3)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--weights", type=Path, help="begin with exported weights where there is no checkpoint")
    arguments.add_argument("--minutes", type=float, default=math.inf, help="stop after so long, with a checkpoint")
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(options.seed)
    samples, held_out = Samples(options.samples), Samples(options.held_out)
    net = PageNet()
    if options.weights:
        # Statistics of the normalisation are not in the file: they are taken from the samples.
        some = torch.randperm(len(samples))[:256].tolist()
        load_weights(net, options.weights, tensor(*samples.batch(some)[:3]))
    net = net.to(device, memory_format=torch.channels_last)
    average = copy.deepcopy(net)
    decayed = [p for p in net.parameters() if p.ndim > 1]
    plain = [p for p in net.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW([{"params": decayed, "weight_decay": 1e-2}, {"params": plain, "weight_decay": 0}])
    step, checkpoint = 0, options.out / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        net.load_state_dict(saved["net"])
        average.load_state_dict(saved["average"])
        optimiser.load_state_dict(saved["optimiser"])
        step = saved["step"]
    generator = torch.Generator().manual_seed(options.seed + step)
    log = (options.out / "log.jsonl").open("a")

    def keep():
        state = {"net": net.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
        torch.save(state, checkpoint.with_suffix(".new"))
        checkpoint.with_suffix(".new").replace(checkpoint)
        line = {"step": step, "minutes": round((time.time() - began) / 60, 1), "loss": round(total / max(counted, 1), 4)}
        line |= evaluate(average, held_out, device)
        print(json.dumps(line), flush=True)
        log.write(json.dumps(line) + "\n")
        log.flush()

    began, total, counted = time.time(), 0.0, 0
    while step < options.steps and time.time() - began < options.minutes * 60:
        warm, rest = min(1, (step + 1) / 300), 0.5 + 0.5 * math.cos(math.pi * step / options.steps)
        for group in optimiser.param_groups:
            group["lr"] = options.rate * warm * max(rest, 0.01)
        indices = torch.randint(len(samples), (options.batch,), generator=generator).tolist()
        luma, u, v, mask, kind = samples.batch(indices)
        luma, u, v, mask = augmented(luma, u, v, mask, generator)
        x = tensor(luma, u, v).to(device, memory_format=torch.channels_last)
        mask, kind = mask.to(device), kind.to(device)
        with torch.autocast(device, torch.bfloat16):
            logits, presence = net(x)
        loss = loss_of(logits.float(), presence.float(), mask, kind)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        step += 1
        # An average over the last thousand steps is steadier than the last step.
        share = min(0.999, (step + 1) / (step + 10))
        with torch.no_grad():
            for slow, fast in zip(average.state_dict().values(), net.state_dict().values()):
                if slow.is_floating_point():
                    slow.lerp_(fast, 1 - share)
                else:
                    slow.copy_(fast)
        total, counted = total + float(loss.detach()), counted + 1
        if step % 500 == 0:
            keep()
            total, counted = 0.0, 0
    keep()


if __name__ == "__main__":
    main()
