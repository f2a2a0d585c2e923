package lu.folio.device

import android.app.Activity
import android.content.Intent
import android.content.res.Configuration
import android.os.Build
import android.util.Base64
import android.view.HapticFeedbackConstants
import android.view.WindowManager
import android.webkit.WebView
import androidx.appcompat.app.AppCompatActivity
import app.tauri.annotation.Command
import app.tauri.annotation.InvokeArg
import app.tauri.annotation.TauriPlugin
import app.tauri.plugin.Channel
import app.tauri.plugin.Invoke
import app.tauri.plugin.JSObject
import app.tauri.plugin.Plugin
import java.util.concurrent.Executor
import java.util.concurrent.Executors

@InvokeArg
class SwitchArgs {
    var on: Boolean = false
}

@InvokeArg
class AppearanceArgs {
    var dark: Boolean = false
}

@InvokeArg
class HapticArgs {
    lateinit var kind: String
}

@InvokeArg
class ListenerArgs {
    lateinit var listener: Channel
}

@InvokeArg
class PictureArgs {
    lateinit var picture: String
}

@InvokeArg
class WorkArgs {
    lateinit var channel: String
    lateinit var title: String
    lateinit var stopped: String
    var percent: Int = 0
}

@InvokeArg
class SignArgs {
    lateinit var message: String
}

/** What a command is refused with; the Rust side knows these codes. */
internal class Refused(val code: String, message: String) : Exception(message)

/**
 * The device plugin's native part, called by its Rust side alone: that one answers the web view. Commands run on the UI
 * thread; what waits for hardware goes to a thread of its own.
 */
@TauriPlugin
class DevicePlugin(private val activity: Activity) : Plugin(activity) {
    private val hardware = Executors.newSingleThreadExecutor()
    private val pictures = Executors.newSingleThreadExecutor()
    private val shared = Shared()
    private var screen: Screen? = null

    /** What is on the screen is nobody else's to see, so no screenshot either. */
    private var secure = false

    override fun load(webView: WebView) {
        activity.runOnUiThread {
            screen = Screen(activity, webView)
            shared.take(activity.intent)
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
                activity.setRecentsScreenshotEnabled(false)
            }
        }
    }

    /** The list of recent apps takes its picture after this. */
    override fun onPause(activity: AppCompatActivity) {
        Renderer.outOfSight()
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) {
            activity.window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        }
    }

    /** The size of text may have been changed meanwhile. */
    override fun onResume(activity: AppCompatActivity) {
        Renderer.inSight(activity)
        Background.inSight(activity.applicationContext)
        screen?.tell()
        if (!secure) {
            activity.window.clearFlags(WindowManager.LayoutParams.FLAG_SECURE)
        }
    }

    override fun onConfigurationChanged(newConfig: Configuration) {
        screen?.tell()
    }

    override fun onNewIntent(intent: Intent) {
        shared.take(intent)
    }

    @Command
    fun listenForShared(invoke: Invoke) {
        shared.listen(invoke.parseArgs(ListenerArgs::class.java).listener)
        invoke.resolve()
    }

    @Command
    fun decodePicture(invoke: Invoke) {
        val picture = Base64.decode(invoke.parseArgs(PictureArgs::class.java).picture, Base64.NO_WRAP)
        answer(invoke, pictures) { JSObject().put("picture", encoded(uprightJpeg(picture))) }
    }

    @Command
    fun keepWorking(invoke: Invoke) {
        val work = invoke.parseArgs(WorkArgs::class.java)
        Background.keep(Work(work.channel, work.title, work.stopped, work.percent), activity.applicationContext)
        invoke.resolve()
    }

    @Command
    fun stopWorking(invoke: Invoke) {
        Background.end(activity.applicationContext)
        invoke.resolve()
    }

    @Command
    fun insets(invoke: Invoke) {
        screen?.tell()
        invoke.resolve()
    }

    @Command
    fun appearance(invoke: Invoke) {
        barsOn(invoke.parseArgs(AppearanceArgs::class.java).dark, activity)
        invoke.resolve()
    }

    @Command
    fun model(invoke: Invoke) {
        invoke.resolve(JSObject().put("model", modelName(Build.MANUFACTURER, Build.MODEL)))
    }

    @Command
    fun keepAwake(invoke: Invoke) {
        flag(WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON, invoke)
    }

    @Command
    fun secureScreen(invoke: Invoke) {
        secure = invoke.parseArgs(SwitchArgs::class.java).on
        flag(WindowManager.LayoutParams.FLAG_SECURE, invoke)
    }

    @Command
    fun haptic(invoke: Invoke) {
        val answers = Build.VERSION.SDK_INT >= Build.VERSION_CODES.R
        val feedback = when (invoke.parseArgs(HapticArgs::class.java).kind) {
            "success" -> if (answers) HapticFeedbackConstants.CONFIRM else HapticFeedbackConstants.VIRTUAL_KEY
            "warning" -> if (answers) HapticFeedbackConstants.REJECT else HapticFeedbackConstants.LONG_PRESS
            else -> HapticFeedbackConstants.KEYBOARD_TAP
        }
        // Says false where the person has switched it off, which is an answer, not an error.
        activity.window.decorView.performHapticFeedback(feedback)
        invoke.resolve()
    }

    @Command
    fun biometry(invoke: Invoke) {
        answer(invoke) { JSObject().put("biometry", Sensor.usable(activity)) }
    }

    @Command
    fun key(invoke: Invoke) {
        answer(invoke) {
            val key = DeviceKey.public()
            if (key == null) JSObject() else JSObject().put("key", encoded(key))
        }
    }

    @Command
    fun createKey(invoke: Invoke) {
        answer(invoke) {
            val secureElement = DeviceKey.create()
            val key = DeviceKey.public() ?: throw IllegalStateException("the new key is not there")
            JSObject().put("key", encoded(key)).put("secureElement", secureElement)
        }
    }

    @Command
    fun sign(invoke: Invoke) {
        val message = Base64.decode(invoke.parseArgs(SignArgs::class.java).message, Base64.NO_WRAP)
        answer(invoke) { JSObject().put("signature", encoded(DeviceKey.sign(message))) }
    }

    @Command
    fun deleteKey(invoke: Invoke) {
        answer(invoke) {
            DeviceKey.delete()
            null
        }
    }

    @Command
    fun deleteSensorKey(invoke: Invoke) {
        answer(invoke) {
            Sensor.deleteKey()
            null
        }
    }

    private fun flag(flag: Int, invoke: Invoke) {
        val window = activity.window
        if (invoke.parseArgs(SwitchArgs::class.java).on) window.addFlags(flag) else window.clearFlags(flag)
        invoke.resolve()
    }

    /** Settles on every path: Rust waits. */
    private fun answer(invoke: Invoke, thread: Executor = hardware, task: () -> JSObject?) {
        thread.execute {
            try {
                val result = task()
                if (result == null) invoke.resolve() else invoke.resolve(result)
            } catch (refused: Refused) {
                invoke.reject(refused.message, refused.code)
            } catch (exception: Exception) {
                invoke.reject("${exception.javaClass.simpleName}: ${exception.message}")
            }
        }
    }

    private fun encoded(bytes: ByteArray): String = Base64.encodeToString(bytes, Base64.NO_WRAP)
}
