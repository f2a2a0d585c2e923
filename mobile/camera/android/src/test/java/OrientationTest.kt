package lu.folio.camera

import android.view.Surface
import org.junit.Assert.assertEquals
import org.junit.Test

class OrientationTest {
    @Test
    fun theFourWaysToHoldAPhone() {
        val ways = listOf(
            0 to Surface.ROTATION_0,
            90 to Surface.ROTATION_270,
            180 to Surface.ROTATION_180,
            270 to Surface.ROTATION_90,
            359 to Surface.ROTATION_0,
        )
        for ((degrees, rotation) in ways) {
            for (before in Surface.ROTATION_0..Surface.ROTATION_270) {
                assertEquals("$degrees, before: $before", rotation, Orientation.held(degrees, before))
            }
        }
    }

    @Test
    fun aPhoneThatLiesFlatIsHeldAsBefore() {
        for (before in Surface.ROTATION_0..Surface.ROTATION_270) {
            assertEquals(before, Orientation.held(-1, before))
        }
    }

    @Test
    fun aTremblingHandBetweenTwoWaysIsNotToldTwice() {
        for (degrees in 31 until 60) {
            assertEquals("$degrees", Surface.ROTATION_0, Orientation.held(degrees, Surface.ROTATION_0))
            assertEquals("$degrees", Surface.ROTATION_270, Orientation.held(degrees, Surface.ROTATION_270))
        }
        assertEquals(Surface.ROTATION_270, Orientation.held(61, Surface.ROTATION_0))
        assertEquals(Surface.ROTATION_0, Orientation.held(29, Surface.ROTATION_270))
        assertEquals(Surface.ROTATION_90, Orientation.held(299, Surface.ROTATION_0))
        assertEquals(Surface.ROTATION_0, Orientation.held(301, Surface.ROTATION_0))
    }
}
