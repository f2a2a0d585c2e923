package lu.folio.camera

import android.content.Context
import android.hardware.display.DisplayManager
import android.os.Handler
import android.util.Log
import android.util.Rational
import android.view.OrientationEventListener
import android.view.Surface
import android.view.View
import androidx.camera.core.Camera
import androidx.camera.core.CameraSelector
import androidx.camera.core.CameraState
import androidx.camera.core.FocusMeteringAction
import androidx.camera.core.ImageCapture
import androidx.camera.core.UseCase
import androidx.camera.core.UseCaseGroup
import androidx.camera.core.ViewPort
import androidx.camera.lifecycle.ProcessCameraProvider
import androidx.camera.view.PreviewView
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.LifecycleOwner
import androidx.lifecycle.LifecycleRegistry
import java.util.concurrent.TimeUnit

internal const val LOG = "FolioCamera"

/** Then the camera focuses by itself again. */
private const val HOLD_MS = 4000L

/**
 * The camera of one session, from its binding to its release; another session has another one. UI thread only.
 *
 * It has a life of its own, so that it binds and unbinds its own use cases and nobody else's. Preview, frames and still share one
 * view port: the part of the picture that the preview shows is the part that is judged.
 *
 * @param opened once, when the camera has opened; not at all where it ends before
 * @param ended once, when it can no longer be used; the owner releases it
 */
internal class SessionCamera(
    val session: Long,
    page: Boolean,
    private val provider: ProcessCameraProvider,
    private val view: PreviewView,
    private val threads: Threads,
    private val opened: () -> Unit,
    private val ended: (End) -> Unit,
) : LifecycleOwner {
    private val registry = LifecycleRegistry(this)
    private val preview = UseCases.preview()
    private val frames = FrameAnalyzer(session, threads.main, ::aim, ::shoot) { over(null) }
    private val analysis = UseCases.analysis(threads.frames, frames)
    private val still = if (page) UseCases.still() else null
    private val all: Array<UseCase> = listOfNotNull<UseCase>(preview, analysis, still).toTypedArray()

    private var camera: Camera? = null
    private var lit = false
    private var over = false

    /** What the use cases are arranged for: width, height and rotation of the view. */
    private var arranged: Triple<Int, Int, Int>? = null

    /** Which way up the phone is held, in Surface's constants. */
    private var held = Surface.ROTATION_0

    override val lifecycle: Lifecycle
        get() = registry

    private val displays = view.context.getSystemService(Context.DISPLAY_SERVICE) as DisplayManager

    // Half a turn leaves the size as it is.
    private val onDisplay = object : DisplayManager.DisplayListener {
        override fun onDisplayAdded(displayId: Int) = Unit
        override fun onDisplayRemoved(displayId: Int) = Unit
        override fun onDisplayChanged(displayId: Int) = arrange()
    }

    // Rotation, split screen, a folding phone. Not within the layout itself: binding asks for another one.
    private val onLayout = View.OnLayoutChangeListener { _, _, _, _, _, _, _, _, _ -> view.post(::arrange) }

    private val onTurn = object : OrientationEventListener(view.context) {
        override fun onOrientationChanged(orientation: Int) {
            held = Orientation.held(orientation, held)
        }
    }

    /** Begins as soon as the view has a size. */
    fun open() {
        registry.currentState = Lifecycle.State.RESUMED
        view.addOnLayoutChangeListener(onLayout)
        displays.registerDisplayListener(onDisplay, Handler(view.context.mainLooper))
        if (still != null && onTurn.canDetectOrientation()) {
            onTurn.enable()
        }
        arrange()
    }

    /** Gives everything back. */
    fun release() {
        over = true
        onTurn.disable()
        displays.unregisterDisplayListener(onDisplay)
        view.removeOnLayoutChangeListener(onLayout)
        analysis.clearAnalyzer()
        // Otherwise the surface is waited for by a camera that is gone.
        preview.setSurfaceProvider(null)
        // The lamp goes out with its camera.
        provider.unbind(*all)
        camera = null
        registry.currentState = Lifecycle.State.DESTROYED
    }

    /** Ends in one delivery or one miss. */
    fun shoot() {
        val still = still
        if (over || camera == null || still == null) {
            threads.stills.execute { Frames.miss(session) }
            return
        }
        // The photo is upright as the phone is held, also where the screen does not turn with it.
        still.targetRotation = held
        still.takePicture(threads.stills, StillCallback(session))
    }

    fun torch(on: Boolean, settled: (Throwable?) -> Unit) {
        val camera = camera ?: return settled(Refused("not_running", "no camera is open"))
        if (!camera.cameraInfo.hasFlashUnit()) {
            return settled(Refused("unsupported", "this camera has no lamp"))
        }
        val change = camera.cameraControl.enableTorch(on)
        change.addListener({
            val failure = runCatching { change.get() }.exceptionOrNull()
            if (failure == null) {
                lit = on
            }
            settled(failure)
        }, threads.main)
    }

    /** Binds the use cases for the view as it is now; again when it has changed. */
    private fun arrange() {
        val rotation = view.display?.rotation
        if (over || rotation == null || view.width == 0 || view.height == 0) {
            return
        }
        val now = Triple(view.width, view.height, rotation)
        if (arranged == now) {
            return
        }
        if (arranged == null || !onTurn.canDetectOrientation()) {
            held = rotation
        }
        arranged = now
        // Outline and preview turn with the screen, so the frames do.
        preview.targetRotation = rotation
        analysis.targetRotation = rotation
        preview.setSurfaceProvider(view.surfaceProvider)
        val port = ViewPort.Builder(Rational(view.width, view.height), rotation).setScaleType(ViewPort.FILL_CENTER).build()
        val group = UseCaseGroup.Builder().setViewPort(port)
        all.forEach { group.addUseCase(it) }
        try {
            provider.unbind(*all)
            val bound = provider.bindToLifecycle(this, CameraSelector.DEFAULT_BACK_CAMERA, group.build())
            if (camera == null) {
                bound.cameraInfo.cameraState.observe(this, ::onState)
            }
            camera = bound
            if (lit) {
                bound.cameraControl.enableTorch(true)
            }
        } catch (exception: RuntimeException) {
            // A combination of streams that this phone cannot have, or a camera that is gone.
            Log.e(LOG, "binding", exception)
            over(End.BROKEN)
        }
    }

    private fun onState(state: CameraState) {
        val error = state.error
        if (error == null) {
            when {
                over -> Unit
                state.type == CameraState.Type.OPEN -> opened()
                // The plugin that reads codes has unbound everything there is, ours too: it closes late.
                state.type == CameraState.Type.CLOSED && !provider.isBound(preview) -> {
                    arranged = null
                    arrange()
                }
            }
            return
        }
        Log.w(LOG, "camera error ${error.code} while ${state.type}", error.cause)
        End.of(error.code)?.let(::over)
    }

    /** Null: the session has ended by itself and knows it. */
    private fun over(why: End?) {
        if (!over) {
            over = true
            ended(why ?: End.LOST)
        }
    }

    /** The view shows what the frames' view port has, so a place on the page is the same fraction of the view. */
    private fun aim(point: Frames.Point) {
        val control = camera?.cameraControl ?: return
        val target = view.meteringPointFactory.createPoint(point.x * view.width, point.y * view.height)
        val modes = FocusMeteringAction.FLAG_AF or FocusMeteringAction.FLAG_AE
        val action = FocusMeteringAction.Builder(target, modes)
        // A camera that cannot says so in the answer, which nobody needs.
        control.startFocusAndMetering(action.setAutoCancelDuration(HOLD_MS, TimeUnit.MILLISECONDS).build())
    }
}
