package lu.folio.camera

import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class AimTest {
    @Test
    fun anAnswerSaysWhatIsNextAndWhereTheLensPoints() {
        // As `jvm.rs` writes it, which the test with a real JVM sees: half of the view, and 1280 of 4095 parts.
        val answer = Frames.STILL or 8 or (2048 shl 4) or (1280 shl 16)
        assertEquals(Frames.STILL, Frames.next(answer))
        assertEquals(0.5f, Frames.aim(answer)!!.x, 1e-3f)
        assertEquals(0.3126f, Frames.aim(answer)!!.y, 1e-3f)
    }

    @Test
    fun theFarCornerIsNoOverflow() {
        val answer = Frames.FRAME or 8 or (4095 shl 4) or (4095 shl 16)
        assertEquals(Frames.Point(1f, 1f), Frames.aim(answer))
        assertEquals(Frames.FRAME, Frames.next(answer))
    }

    @Test
    fun mostlyTheLensStaysWhereItIs() {
        for (next in listOf(Frames.FRAME, Frames.STILL, Frames.CLOSED, Frames.REFUSED, Frames.PANICKED)) {
            assertNull(Frames.aim(next))
            assertEquals(next, Frames.next(next))
        }
    }
}
