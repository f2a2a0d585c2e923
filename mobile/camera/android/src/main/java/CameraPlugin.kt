package lu.folio.camera

import android.Manifest
import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Intent
import android.net.Uri
import android.os.Handler
import android.os.Looper
import android.provider.Settings
import android.util.Log
import android.webkit.WebView
import androidx.activity.result.ActivityResult
import androidx.appcompat.app.AppCompatActivity
import androidx.camera.core.CameraSelector
import androidx.camera.lifecycle.ProcessCameraProvider
import androidx.core.content.ContextCompat
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.LifecycleOwner
import app.tauri.PermissionState
import app.tauri.annotation.ActivityCallback
import app.tauri.annotation.Command
import app.tauri.annotation.InvokeArg
import app.tauri.annotation.Permission
import app.tauri.annotation.PermissionCallback
import app.tauri.annotation.TauriPlugin
import app.tauri.plugin.Invoke
import app.tauri.plugin.JSObject
import app.tauri.plugin.Plugin

@InvokeArg
class OpenArgs {
    var session: Long = 0
    var page: Boolean = false
}

@InvokeArg
class ShootArgs {
    var session: Long = 0
}

@InvokeArg
class TorchArgs {
    var on: Boolean = false
}

/** What a command is refused with; the Rust side knows these codes. */
internal class Refused(val code: String, message: String) : Exception(message)

private const val CAMERA = "camera"

/** A camera that has not opened by then is somebody else's. */
private const val OPENING_MS = 6000L

/**
 * The camera plugin's native part, called by its Rust side alone: that one answers the web view, and waits for an answer to every
 * call. Everything here runs on the UI thread.
 */
@TauriPlugin(permissions = [Permission(strings = [Manifest.permission.CAMERA], alias = CAMERA)])
class CameraPlugin(private val activity: Activity) : Plugin(activity) {
    private val main = Handler(Looper.getMainLooper())
    private val threads = Threads(ContextCompat.getMainExecutor(activity))
    private var stage: Stage? = null

    /** The open camera, or the one that is opening. */
    private var camera: SessionCamera? = null

    /** Settles the `open` that is still waiting, with null for success. */
    private var opening: ((Refused?) -> Unit)? = null
    private val asking = mutableListOf<Invoke>()
    private var handing: Pair<Invoke, Handed>? = null

    init {
        threads.stills.execute { Handed.deleteAll(activity) }
    }

    override fun load(webView: WebView) {
        stage = Stage(webView)
    }

    /** Asks who was never asked. Who was and said no finds the way back in the system's settings. */
    @Command
    fun permission(invoke: Invoke) {
        if (getPermissionState(CAMERA) != PermissionState.PROMPT) {
            return invoke.resolve(permitted(false))
        }
        asking.add(invoke)
        // There is room for one question; whoever comes meanwhile shares its answer.
        if (asking.size == 1) {
            requestPermissionForAlias(CAMERA, invoke, "answered")
        }
    }

    @PermissionCallback
    private fun answered(@Suppress("UNUSED_PARAMETER") invoke: Invoke) {
        settleAsking(true)
    }

    @Command
    fun openSettings(invoke: Invoke) {
        val app = Uri.fromParts("package", activity.packageName, null)
        val intent = Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, app).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK)
        try {
            activity.startActivity(intent)
            invoke.resolve()
        } catch (_: ActivityNotFoundException) {
            invoke.reject("this phone has no such settings", "unsupported")
        }
    }

    /** Settles when the camera has opened. A camera that is open for an earlier session is closed first. */
    @Command
    fun open(invoke: Invoke) {
        val order = invoke.parseArgs(OpenArgs::class.java)
        release()
        val stage = stage ?: return invoke.reject("there is no web view yet", "stopped")
        // Never asks: that is `permission`'s.
        if (getPermissionState(CAMERA) != PermissionState.GRANTED) {
            return invoke.reject("the camera may not be used", "denied")
        }
        // Left while the call was on its way.
        if (!isResumed()) {
            return invoke.reject("the app is not in front", "stopped")
        }
        lateinit var settle: (Refused?) -> Unit
        settle = { refused ->
            if (opening === settle) {
                opening = null
                if (refused == null) invoke.resolve() else invoke.reject(refused.message, refused.code)
            }
        }
        opening = settle
        val late = Runnable {
            if (opening === settle) {
                refuse(Refused("unavailable", "the camera did not open in time"))
            }
        }
        main.postDelayed(late, OPENING_MS)
        val providing = ProcessCameraProvider.getInstance(activity)
        providing.addListener({
            if (opening === settle) {
                try {
                    bind(order, providing.get(), stage)
                } catch (exception: Exception) {
                    Log.e(LOG, "no camera", exception)
                    refuse(exception as? Refused ?: Refused("no_picture", "no camera: ${exception.message}"))
                }
            }
        }, threads.main)
    }

    @Command
    fun close(invoke: Invoke) {
        release()
        invoke.resolve()
    }

    /** Accepts the order; the picture, or that there is none, goes to Rust by itself. */
    @Command
    fun shoot(invoke: Invoke) {
        val session = invoke.parseArgs(ShootArgs::class.java).session
        val camera = camera?.takeIf { it.session == session }
            ?: return invoke.reject("the camera is closed for this session", "not_running")
        camera.shoot()
        invoke.resolve()
    }

    @Command
    fun torch(invoke: Invoke) {
        val on = invoke.parseArgs(TorchArgs::class.java).on
        val camera = camera ?: return invoke.reject("no camera is open", "not_running")
        camera.torch(on) { failure ->
            if (failure == null) invoke.resolve() else invoke.reject(failure.message, (failure as? Refused)?.code)
        }
    }

    /** Resolves with the photo's path, or without one when the person came back without. */
    @Command
    fun systemCamera(invoke: Invoke) {
        // An app that names the permission in its manifest may not even ask another app for a photo without it.
        if (getPermissionState(CAMERA) != PermissionState.GRANTED) {
            return invoke.reject("the camera may not be used", "denied")
        }
        if (handing != null) {
            return invoke.reject("the system's camera is open already", "busy")
        }
        // It may need the camera that we hold.
        lose()
        try {
            val handed = Handed.prepared(activity)
            handing = Pair(invoke, handed)
            startActivityForResult(invoke, handed.intent, "handed")
        } catch (exception: Exception) {
            Log.w(LOG, "no system camera", exception)
            handing?.second?.file?.delete()
            handing = null
            invoke.reject("this phone has no camera app", "unsupported")
        }
    }

    @ActivityCallback
    private fun handed(@Suppress("UNUSED_PARAMETER") invoke: Invoke, result: ActivityResult) {
        settleHanding(result.resultCode == Activity.RESULT_OK)
    }

    /** A call, another app, the screen's lock, the list of apps: the camera is free for others at once. */
    override fun onPause(activity: AppCompatActivity) {
        lose()
    }

    /** The screen begins another session by itself. What Android has not answered by now it does not answer any more. */
    override fun onResume(activity: AppCompatActivity) {
        main.post {
            settleAsking(false)
            settleHanding(false)
        }
    }

    override fun onDestroy(activity: AppCompatActivity) {
        lose()
        settleAsking(false)
        settleHanding(false)
    }

    private fun bind(order: OpenArgs, provider: ProcessCameraProvider, stage: Stage) {
        if (!provider.hasCamera(CameraSelector.DEFAULT_BACK_CAMERA)) {
            throw Refused("unsupported", "this device has no camera at its back")
        }
        lateinit var opened: SessionCamera
        opened = SessionCamera(
            order.session,
            order.page,
            provider,
            stage.show(),
            threads,
            opened = { opening?.invoke(null) },
            ended = { why -> if (camera === opened) end(why) },
        )
        camera = opened
        opened.open()
    }

    /** The camera can no longer be used. Whoever waits for it hears why; otherwise the session does. */
    private fun end(why: End) {
        if (opening != null) {
            val code = if (why == End.LOST) "unavailable" else "no_picture"
            return refuse(Refused(code, "the camera ended as $why while it opened"))
        }
        val session = camera?.session
        release()
        if (session != null) {
            // Not from this thread: Rust tells its screen, and may wait for a frame that is being looked at.
            threads.frames.execute { Frames.end(session, why.number) }
        }
    }

    /** The camera is given up before anybody asks for it. */
    private fun lose() {
        if (opening != null) {
            release()
        } else if (camera != null) {
            end(End.LOST)
        }
    }

    private fun refuse(refused: Refused) {
        val settle = opening
        settle?.invoke(refused)
        release()
    }

    /** Closes what is open or half open, and puts the screen back as it was. */
    private fun release() {
        opening?.invoke(Refused("stopped", "closed while it opened"))
        camera?.release()
        camera = null
        stage?.clear()
    }

    private fun isResumed(): Boolean = (activity as LifecycleOwner).lifecycle.currentState.isAtLeast(Lifecycle.State.RESUMED)

    private fun permitted(asked: Boolean): JSObject {
        val state = when (getPermissionState(CAMERA)) {
            PermissionState.GRANTED -> "granted"
            PermissionState.PROMPT -> if (asked) "denied" else "prompt"
            else -> "denied"
        }
        return JSObject().put("permission", state)
    }

    private fun settleAsking(asked: Boolean) {
        val waiting = asking.toList()
        asking.clear()
        waiting.forEach { it.resolve(permitted(asked)) }
    }

    private fun settleHanding(taken: Boolean) {
        val (invoke, handed) = handing ?: return
        handing = null
        handed.close(activity)
        if (taken) {
            invoke.resolve(JSObject().put("path", handed.file.path))
        } else {
            handed.file.delete()
            invoke.resolve(JSObject())
        }
    }
}
