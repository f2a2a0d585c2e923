//! Native device plugin: secure screen, keep awake, insets, haptics; simulated on the desktop.
