package lu.folio.camera

import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Test

class MeteringTest {
    private val metering = Metering()

    private fun page(x: Float, y: Float) =
        floatArrayOf(x - 0.2f, y - 0.3f, x + 0.2f, y - 0.3f, x + 0.2f, y + 0.3f, x - 0.2f, y + 0.3f)

    @Test
    fun thePagesMiddleWhenItIsFirstSeen() {
        val point = metering.aim(page(0.4f, 0.6f), 10_000)!!
        assertEquals(0.4f, point.x, 1e-5f)
        assertEquals(0.6f, point.y, 1e-5f)
    }

    @Test
    fun aPageThatStaysIsAimedAtOnceHoweverLong() {
        assertNotNull(metering.aim(page(0.5f, 0.5f), 0))
        for (at in 33L..60_000L step 33) {
            assertNull("$at", metering.aim(page(0.5f + 0.0001f * (at % 100), 0.5f), at))
        }
    }

    @Test
    fun aPageThatMovesIsFollowedAndTheLensLeftAlone() {
        assertNotNull(metering.aim(page(0.3f, 0.5f), 0))
        assertNull("too early", metering.aim(page(0.7f, 0.5f), Metering.REST_MS - 1))
        assertNotNull(metering.aim(page(0.7f, 0.5f), Metering.REST_MS))
        assertNull("not far enough", metering.aim(page(0.7f + Metering.MOVED - 0.01f, 0.5f), 2 * Metering.REST_MS - 1000))
        assertNotNull(metering.aim(page(0.7f - Metering.MOVED - 0.01f, 0.5f), 2 * Metering.REST_MS))
    }

    @Test
    fun aPageThatWasGoneIsAnotherOne() {
        assertNotNull(metering.aim(page(0.5f, 0.5f), 0))
        assertNull("seen all the time", metering.aim(page(0.5f, 0.5f), Metering.GONE_MS))
        assertNotNull(metering.aim(page(0.5f, 0.5f), 2 * Metering.GONE_MS + 1))
    }

    @Test
    fun thePointLiesInThePictureWhereverThePageReaches() {
        val point = metering.aim(page(1.4f, -0.5f), 0)!!
        assertEquals(1f, point.x, 0f)
        assertEquals(0f, point.y, 0f)
    }
}
