package lu.folio.device

import kotlin.math.max
import kotlin.math.roundToInt

/** The longer side: A4 at 500 dots an inch, and at most 144 MB while it is decoded. As on an iPhone. */
internal const val LONGEST = 6000

/** The same shape, with no side longer than [LONGEST] and none of nothing. */
internal fun bounded(width: Int, height: Int): Pair<Int, Int> {
    val longer = max(width, height)
    if (longer <= LONGEST) return Pair(width, height)
    val scale = LONGEST.toDouble() / longer
    return Pair(max(1, (width * scale).roundToInt()), max(1, (height * scale).roundToInt()))
}
