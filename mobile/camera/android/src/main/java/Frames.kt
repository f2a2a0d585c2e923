package lu.folio.camera

import java.nio.ByteBuffer

/**
 * The way into Rust: `mobile/camera/src/jvm.rs`, in the app's one library, which Tauri has loaded. Nothing throws.
 *
 * A session is the number that `open` brought; every call of an old one is ignored over there.
 */
internal object Frames {
    /** What to do after a frame. */
    const val FRAME = 0
    const val STILL = 1
    const val CLOSED = 2

    /** Not a frame; the session has failed. */
    const val REFUSED = 3

    /** Rust panicked and caught it; the session has failed. */
    const val PANICKED = 4

    /** Added where `out` has the page's corners: x and y of four, as `Float`s in fractions of the preview's picture. */
    const val PAGE = 8

    /** Bytes of `out`, in native order. */
    const val CORNERS = 32

    /** One frame where it lies: direct buffers, read from their first byte. Crop and size before `rotation`. */
    external fun analyze(
        session: Long,
        y: ByteBuffer,
        u: ByteBuffer,
        v: ByteBuffer,
        yStride: Int,
        uvStride: Int,
        uvPixelStride: Int,
        left: Int,
        top: Int,
        width: Int,
        height: Int,
        rotation: Int,
        nanoseconds: Long,
        out: ByteBuffer,
    ): Int

    /** The picture that was asked for, in a direct buffer. Returns when it is kept or refused; says which. */
    external fun deliver(session: Long, jpeg: ByteBuffer): Boolean

    /** The picture that was asked for does not come; the camera goes on. */
    external fun miss(session: Long)

    /** The camera is closed for this session by whoever is not the screen; `why` is an [End]'s number. */
    external fun end(session: Long, why: Int)
}
