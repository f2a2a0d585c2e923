"""The page net in onnxruntime, one thread; the peer of the crate's own kernels.

    engine.py MODEL_ONNX RECORDS

A request {"at": N} has the net look at the N-th record of a file of training samples.
"""

import sys

import numpy as np
import onnxruntime

from lines import Stopwatch, serve

RECORD = 114_736


def tensor(record):
    """What `training/net.py` makes of a record's planes."""
    luma = record[: 256 * 256].reshape(256, 256)
    chroma = record[256 * 256 :][: 2 * 128 * 128].reshape(2, 128, 128)
    planes = [luma[y::2, x::2] for y in (0, 1) for x in (0, 1)] + list(chroma)
    return (np.stack(planes)[None].astype(np.float32) - 128) / 64


def main():
    model, records = sys.argv[1:]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    frames = np.memmap(records, np.uint8, "r").reshape(-1, RECORD)

    def answer(request):
        frame = tensor(np.array(frames[request["at"]]))
        watch = Stopwatch()
        mask, presence = session.run(["mask", "presence"], {"frame": frame})
        used = watch.read()
        shares = 1 / (1 + np.exp(-np.float64(mask)))
        return used | {"presence": float(1 / (1 + np.exp(-np.float64(presence[0])))), "covered": float(shares.mean())}

    serve(answer)


main()
