package lu.folio.device

import org.junit.Assert.assertEquals
import org.junit.Test

class BoundsTest {
    @Test
    fun aPictureThatFitsStaysAsItIs() = assertEquals(Pair(4032, 3024), bounded(4032, 3024))

    @Test
    fun aLargerOneKeepsItsShape() {
        assertEquals(Pair(6000, 4500), bounded(8000, 6000))
        assertEquals(Pair(4500, 6000), bounded(6000, 8000))
    }

    @Test
    fun aLongOneKeepsTwoSides() = assertEquals(Pair(6000, 1), bounded(1_000_000, 3))
}
