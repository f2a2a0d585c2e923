package lu.folio.camera

import androidx.camera.core.ImageAnalysis
import androidx.camera.core.ImageProxy
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.concurrent.Executor

/**
 * Shows each frame to Rust where it lies and does what the answer says. On its own thread; what follows, on the UI thread.
 *
 * The image is held for as long as Rust looks, so CameraX drops what comes meanwhile and brings the newest.
 */
internal class FrameAnalyzer(
    private val session: Long,
    private val main: Executor,
    private val aim: (Metering.Point) -> Unit,
    private val shoot: () -> Unit,
    private val closed: () -> Unit,
) : ImageAnalysis.Analyzer {
    // Made once: a frame costs no memory.
    private val out: ByteBuffer = ByteBuffer.allocateDirect(Frames.CORNERS).order(ByteOrder.nativeOrder())
    private val corners = FloatArray(Frames.CORNERS / 4)
    private val metering = Metering()

    override fun analyze(image: ImageProxy) {
        val milliseconds = image.imageInfo.timestamp / 1_000_000
        val code = try {
            show(image)
        } finally {
            image.close()
        }
        when (code and Frames.PAGE.inv()) {
            Frames.FRAME -> if (code and Frames.PAGE != 0) meter(milliseconds)
            Frames.STILL -> main.execute(shoot)
            else -> main.execute(closed)
        }
    }

    private fun show(image: ImageProxy): Int {
        // U and V have the same strides, and Y has no gaps in a row: what YUV_420_888 promises.
        val (y, u, v) = image.planes
        val crop = image.cropRect
        return Frames.analyze(
            session,
            y.buffer,
            u.buffer,
            v.buffer,
            y.rowStride,
            u.rowStride,
            u.pixelStride,
            crop.left,
            crop.top,
            crop.width(),
            crop.height(),
            image.imageInfo.rotationDegrees,
            image.imageInfo.timestamp,
            out,
        )
    }

    /** The corners are the verdict's: no other call is needed to know where the page is. */
    private fun meter(milliseconds: Long) {
        for (at in corners.indices) {
            corners[at] = out.getFloat(4 * at)
        }
        metering.aim(corners, milliseconds)?.let { point -> main.execute { aim(point) } }
    }
}
