"""A photo to a clean JPEG page as one would write it with OpenCV, one thread; the peer of `examples/page.rs`.

Edges and contours of a small copy give the quad, or the one that the request has; then a perspective warp to the size asked
for, division by the paper's brightness (a closing of a small copy, blurred) or an adaptive threshold, and the encoder.
"""

from pathlib import Path

import cv2
import numpy as np

from lines import Stopwatch, peak_mb, serve

# Longer side in pixels of the copies on which the page is found and the paper's brightness is measured.
SMALL = 500
PAPER = 400


def reduced(picture, longest):
    scale = longest / max(picture.shape[:2])
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), scale


def quad_of(photo):
    small, scale = reduced(photo, SMALL)
    edges = cv2.Canny(cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0), 50, 150)
    contours, _ = cv2.findContours(cv2.dilate(edges, np.ones((3, 3))), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:5]:
        quad = cv2.approxPolyDP(contour, 0.02 * cv2.arcLength(contour, True), True)
        if len(quad) == 4 and cv2.contourArea(quad) > 0.1 * small.shape[0] * small.shape[1]:
            quad = quad[:, 0].astype(np.float32) / scale
            middle = quad - quad.mean(0)
            quad = quad[np.argsort(np.arctan2(middle[:, 1], middle[:, 0]))]
            return np.roll(quad, -int(np.argmin(quad.sum(1))), 0)
    return None


def evened(page):
    small, _ = reduced(page, PAPER)
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15))), (0, 0), 5)
    return cv2.divide(page, cv2.resize(paper, page.shape[1::-1], interpolation=cv2.INTER_LINEAR), scale=250)


def answer(request):
    data = Path(request["image"]).read_bytes()
    watch = Stopwatch()
    photo = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    own = quad_of(photo)
    quad = np.float32(request["corners"]) if own is None else own
    width, height = request["size"]
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    page = cv2.warpPerspective(photo, cv2.getPerspectiveTransform(quad, corners), (width, height))
    if request["filter"] == "colour":
        page = evened(page)
    else:
        grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
        page = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 51, 15)
    jpeg = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, request["quality"]])[1].tobytes()
    used = watch.read()
    Path(request["out"]).write_bytes(jpeg)
    return used | {"bytes": len(jpeg), "size": [width, height], "peak_mb": peak_mb(), "found": own is not None}


cv2.setNumThreads(1)
serve(answer)
