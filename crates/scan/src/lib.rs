//! Pixels in, a flat clean page out: find the page, judge the frame, hold still, rectify, enhance. No I/O, no clock.
