package lu.folio.camera

import android.view.Surface
import kotlin.math.abs

/** Which way up the phone is held, for the still: the screen need not turn with it. */
internal object Orientation {
    /** How far beyond the middle between two ways it must be turned: a trembling hand is not told twice. */
    private const val BEYOND = 15

    /**
     * `degrees`: clockwise from upright, as an OrientationEventListener has them; negative while the phone lies flat, when it is held
     * as it was `before`. Surface's constants count the other way round.
     */
    fun held(degrees: Int, before: Int): Int {
        if (degrees < 0) {
            return before
        }
        val turned = degrees % 360
        val away = abs(turned - clockwise(before)).let { minOf(it, 360 - it) }
        if (away <= 45 + BEYOND) {
            return before
        }
        return when (turned) {
            in 45 until 135 -> Surface.ROTATION_270
            in 135 until 225 -> Surface.ROTATION_180
            in 225 until 315 -> Surface.ROTATION_90
            else -> Surface.ROTATION_0
        }
    }

    private fun clockwise(rotation: Int): Int = when (rotation) {
        Surface.ROTATION_90 -> 270
        Surface.ROTATION_180 -> 180
        Surface.ROTATION_270 -> 90
        else -> 0
    }
}
