package lu.folio.camera;

import java.nio.ByteBuffer;

/** What the test's library says of itself: examples/frames_for_java.rs. */
final class Probe {
    static final int CONSTANT = 0, EYE = 1, CAPTURES = 2, PANICS = 3, TELLING_PANICS = 4;
    static final int VERDICTS = 0, CAPTURED = 1, INTERRUPTED = 2, FAILED = 3, PAGES = 4;
    static final int ALLOCATIONS = 0, ALLOCATED = 1, LIVE = 2;

    static native long begin(int looking);

    static native int press();

    static native int told(int kind);

    static native String code();

    static native int photo(int at);

    static native long plane(int which);

    static native long address(ByteBuffer buffer);

    static native long heap(int kind);

    static native void nothing();
}
