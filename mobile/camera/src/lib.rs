//! Native camera plugin: frames to verdicts, stills to the PhotoSink; simulated on the desktop.
