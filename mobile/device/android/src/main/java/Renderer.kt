package lu.folio.device

import android.content.Context
import android.content.Intent
import android.os.Process
import android.os.SystemClock
import android.util.Log
import android.view.ViewGroup
import android.webkit.WebView

/**
 * The web view draws in a process of its own, which the system may end, and a view without one never draws again. The app itself then
 * goes on sending, and begins anew as soon as somebody looks at it: everything it knows is saved, so it comes back on the same screen.
 *
 * `.cargo/config.toml` makes the web view's client call this. On the UI thread only.
 */
object Renderer {
    private const val LOG = "Folio"

    /** An app whose page ends it that soon would begin anew for ever: that is the system's to tell. */
    private const val TOO_SOON_MS = 10_000L

    private var isGone = false
    private var isInSight = false

    /** The answer to `WebViewClient.onRenderProcessGone`: `false` lets the system end the app. */
    @JvmStatic
    fun gone(view: WebView): Boolean {
        val lived = SystemClock.elapsedRealtime() - Process.getStartElapsedRealtime()
        Log.w(LOG, "the web view's process is gone after $lived ms")
        if (lived < TOO_SOON_MS) return false
        isGone = true
        val context = view.context.applicationContext
        (view.parent as? ViewGroup)?.removeView(view)
        view.destroy()
        if (isInSight) beginAnew(context)
        return true
    }

    internal fun inSight(context: Context) {
        isInSight = true
        if (isGone) beginAnew(context.applicationContext)
    }

    internal fun outOfSight() {
        isInSight = false
    }

    /** Nothing is lost by a kill between any two lines of this app: that is tested. */
    private fun beginAnew(context: Context) {
        val start = context.packageManager.getLaunchIntentForPackage(context.packageName)?.component ?: return
        context.startActivity(Intent.makeRestartActivityTask(start))
        Process.killProcess(Process.myPid())
    }
}
