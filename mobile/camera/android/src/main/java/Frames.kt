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

    /** Added to a frame's answer where the lens is to be pointed elsewhere: see [aim]. */
    private const val AIM = 8
    private const val NEXT = AIM - 1
    private const val X = 4
    private const val Y = 16
    private const val PARTS = 4095

    /** A place in fractions of the preview's picture. */
    data class Point(val x: Float, val y: Float)

    /** What to do after a frame, by its answer. */
    fun next(answer: Int): Int = answer and NEXT

    /** Where the lens is to be pointed, by a frame's answer; null: where it is. */
    fun aim(answer: Int): Point? {
        fun share(from: Int) = (answer shr from and PARTS).toFloat() / PARTS
        return if (answer and AIM == 0) null else Point(share(X), share(Y))
    }

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
    ): Int

    /** The picture that was asked for, in a direct buffer. Returns when it is kept or refused; says which. */
    external fun deliver(session: Long, jpeg: ByteBuffer): Boolean

    /** The picture that was asked for does not come; the camera goes on. */
    external fun miss(session: Long)

    /** The camera is closed for this session by whoever is not the screen; `why` is an [End]'s number. */
    external fun end(session: Long, why: Int)
}
