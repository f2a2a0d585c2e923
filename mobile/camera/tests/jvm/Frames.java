package lu.folio.camera;

import java.nio.ByteBuffer;

/** As in Frames.kt: a test compares the two. */
final class Frames {
    static native int analyze(
        long session, ByteBuffer y, ByteBuffer u, ByteBuffer v, int yStride, int uvStride, int uvPixelStride,
        int left, int top, int width, int height, int rotation, long nanoseconds);

    static native boolean deliver(long session, ByteBuffer jpeg);

    static native void miss(long session);

    static native void end(long session, int why);
}
