//! Pages in, one PDF out; inspect: is this PDF safe to take; render: a page as a picture. No I/O, no clock.
