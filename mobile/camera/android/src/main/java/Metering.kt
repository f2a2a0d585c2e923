package lu.folio.camera

import kotlin.math.hypot

/**
 * When to focus and expose for the page: when it is first seen and when it is elsewhere. Focusing moves the lens, which blurs what
 * automatic capture waits for, so never because time has passed.
 */
internal class Metering {
    private var last: Point? = null
    private var seenAt = Long.MIN_VALUE
    private var aimedAt = Long.MIN_VALUE

    class Point(val x: Float, val y: Float)

    /** The point to aim at now, if any. `corners`: x and y of four in fractions of the preview's picture, as the verdict has them. */
    fun aim(corners: FloatArray, atMs: Long): Point? {
        val page = Point(middle(corners, 0), middle(corners, 1))
        if (seenAt != Long.MIN_VALUE && atMs - seenAt > GONE_MS) {
            last = null
        }
        seenAt = atMs
        val moved = last?.let { hypot(it.x - page.x, it.y - page.y) > MOVED } ?: true
        val rested = aimedAt == Long.MIN_VALUE || atMs - aimedAt >= REST_MS
        if (!moved || !rested) {
            return null
        }
        last = page
        aimedAt = atMs
        return page
    }

    private fun middle(corners: FloatArray, axis: Int): Float {
        var sum = 0f
        for (corner in 0 until 4) {
            sum += corners[2 * corner + axis]
        }
        // A page may reach beyond the picture, a metering point may not.
        return (sum / 4).coerceIn(0f, 1f)
    }

    companion object {
        /** Fraction of the picture that the page's middle has to go. */
        const val MOVED = 0.15f

        /** The lens is left alone for as long. */
        const val REST_MS = 1500L

        /** Not seen for as long, it is another page. */
        const val GONE_MS = 1000L

        /** Then the camera focuses by itself again. */
        const val HOLD_MS = 4000L
    }
}
