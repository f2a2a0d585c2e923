package lu.folio.camera

import android.util.Size
import androidx.camera.core.ImageAnalysis
import androidx.camera.core.ImageCapture
import androidx.camera.core.Preview
import androidx.camera.core.resolutionselector.AspectRatioStrategy
import androidx.camera.core.resolutionselector.ResolutionSelector
import androidx.camera.core.resolutionselector.ResolutionStrategy
import java.util.concurrent.Executor

/** What is asked of the camera. All three are 4:3, as the sensor is: nothing of the page is cut off before the view port. */
internal object UseCases {
    /** What the detector's benchmark measures. */
    private val FRAME = Size(1280, 960)
    private const val QUALITY = 95

    fun preview(): Preview = Preview.Builder().setResolutionSelector(fourToThree().build()).build()

    fun analysis(thread: Executor, analyzer: ImageAnalysis.Analyzer): ImageAnalysis {
        val near = ResolutionStrategy(FRAME, ResolutionStrategy.FALLBACK_RULE_CLOSEST_HIGHER_THEN_LOWER)
        val analysis = ImageAnalysis.Builder()
            .setResolutionSelector(fourToThree().setResolutionStrategy(near).build())
            .setOutputImageFormat(ImageAnalysis.OUTPUT_IMAGE_FORMAT_YUV_420_888)
            .setBackpressureStrategy(ImageAnalysis.STRATEGY_KEEP_ONLY_LATEST)
            .build()
        analysis.setAnalyzer(thread, analyzer)
        return analysis
    }

    /**
     * Full size. Latency before quality: the verdict says that the hand is still now, and what a camera does for quality, it does
     * later or over several pictures.
     */
    fun still(): ImageCapture = ImageCapture.Builder()
        .setResolutionSelector(fourToThree().setResolutionStrategy(ResolutionStrategy.HIGHEST_AVAILABLE_STRATEGY).build())
        .setCaptureMode(ImageCapture.CAPTURE_MODE_MINIMIZE_LATENCY)
        .setFlashMode(ImageCapture.FLASH_MODE_OFF)
        .setJpegQuality(QUALITY)
        .build()

    private fun fourToThree(): ResolutionSelector.Builder =
        ResolutionSelector.Builder().setAspectRatioStrategy(AspectRatioStrategy.RATIO_4_3_FALLBACK_AUTO_STRATEGY)
}
