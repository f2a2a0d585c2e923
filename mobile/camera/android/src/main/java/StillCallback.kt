package lu.folio.camera

import android.util.Log
import androidx.camera.core.ImageCapture
import androidx.camera.core.ImageCaptureException
import androidx.camera.core.ImageProxy
import java.nio.ByteBuffer

/**
 * Hands the still to Rust as the camera encoded it, on a thread that may wait until it is sealed and written. The whole picture, not
 * the view port's part: the page is found again on it. Which way is up stands in its EXIF, which Rust reads and drops.
 */
internal class StillCallback(private val session: Long) : ImageCapture.OnImageCapturedCallback() {
    override fun onCaptureSuccess(image: ImageProxy) {
        val kept = try {
            Frames.deliver(session, direct(image.planes[0].buffer))
        } catch (exception: RuntimeException) {
            // An image that the camera took back meanwhile.
            Log.e(LOG, "reading the still", exception)
            Frames.miss(session)
            false
        } finally {
            image.close()
        }
        Log.d(LOG, "a still was kept: $kept")
    }

    override fun onError(exception: ImageCaptureException) {
        Log.w(LOG, "no still, error ${exception.imageCaptureError}", exception)
        Frames.miss(session)
    }

    /** The camera's own memory, but for phones where CameraX had to encode the picture itself. */
    private fun direct(jpeg: ByteBuffer): ByteBuffer {
        jpeg.rewind()
        return if (jpeg.isDirect) jpeg else ByteBuffer.allocateDirect(jpeg.remaining()).put(jpeg)
    }
}
