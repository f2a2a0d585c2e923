package lu.folio.camera

import androidx.camera.core.ImageAnalysis
import androidx.camera.core.ImageProxy
import java.util.concurrent.Executor

/**
 * Shows each frame to Rust where it lies and does what the answer says. On its own thread; what follows, on the UI thread.
 *
 * The image is held for as long as Rust looks, so CameraX drops what comes meanwhile and brings the newest.
 */
internal class FrameAnalyzer(
    private val session: Long,
    private val main: Executor,
    private val aim: (Frames.Point) -> Unit,
    private val shoot: () -> Unit,
    private val closed: () -> Unit,
) : ImageAnalysis.Analyzer {
    override fun analyze(image: ImageProxy) {
        val answer = try {
            show(image)
        } finally {
            image.close()
        }
        when (Frames.next(answer)) {
            Frames.FRAME -> Unit
            Frames.STILL -> main.execute(shoot)
            else -> return main.execute(closed)
        }
        Frames.aim(answer)?.let { point -> main.execute { aim(point) } }
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
        )
    }
}
