package lu.folio.camera

import androidx.camera.core.CameraState
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class EndTest {
    @Test
    fun aCameraThatSomebodyElseHasIsLost() {
        assertEquals(End.LOST, End.of(CameraState.ERROR_CAMERA_IN_USE))
        assertEquals(End.LOST, End.of(CameraState.ERROR_MAX_CAMERAS_IN_USE))
    }

    @Test
    fun whatCameraXTriesAgainIsLeftToIt() {
        assertNull(End.of(CameraState.ERROR_OTHER_RECOVERABLE_ERROR))
    }

    @Test
    fun everythingElseIsBrokenAlsoWhatLaterVersionsAdd() {
        val broken = listOf(
            CameraState.ERROR_STREAM_CONFIG,
            CameraState.ERROR_CAMERA_DISABLED,
            CameraState.ERROR_CAMERA_FATAL_ERROR,
            CameraState.ERROR_DO_NOT_DISTURB_MODE_ENABLED,
            4711,
        )
        for (error in broken) {
            assertEquals("$error", End.BROKEN, End.of(error))
        }
    }

    @Test
    fun theNumbersAreRustsNumbers() {
        assertEquals(listOf(0, 1, 2), End.entries.map { it.number })
    }
}
