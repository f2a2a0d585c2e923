//! The companion portal: where the procedure is open and the document appears.
