package lu.folio.device

import android.app.Activity
import android.graphics.Color
import android.graphics.Insets
import android.graphics.Rect
import android.os.Build
import android.view.View
import android.view.WindowInsets
import android.view.WindowInsetsController
import android.webkit.WebView
import kotlin.math.max
import kotlin.math.min

/**
 * Tells the page what many web views do not, as custom properties of its root element: how much of each edge is covered by bars,
 * cut-outs and the keyboard, in CSS pixels, and how large the person wants text. Refuses to know what the page makes of it.
 *
 * On the UI thread only.
 */
internal class Screen(private val activity: Activity, private val webView: WebView) {
    private var covered = Rect()

    init {
        // A web view enlarges the letters by itself, but not what is measured in them: the page scales both from one property.
        webView.settings.textZoom = 100
        // Not the web view's own listener, which it needs for what it does know.
        val content = activity.findViewById<View>(android.R.id.content)
        content.setOnApplyWindowInsetsListener { _, insets ->
            covered = covered(insets)
            tell()
            withoutKeyboard(insets)
        }
        content.requestApplyInsets()
    }

    /** Again after each load of a page: a new document knows nothing. */
    fun tell() {
        val density = activity.resources.displayMetrics.density
        val properties = mapOf(
            "--native-inset-left" to "${covered.left / density}px",
            "--native-inset-top" to "${covered.top / density}px",
            "--native-inset-right" to "${covered.right / density}px",
            "--native-inset-bottom" to "${covered.bottom / density}px",
            "--native-text-scale" to "${min(activity.resources.configuration.fontScale, LARGEST_TEXT)}",
        )
        val script = properties.entries.joinToString(";") { (name, value) -> "s.setProperty('$name','$value')" }
        webView.evaluateJavascript("(s=>{$script})(document.documentElement.style)", null)
    }

    private companion object {
        /** What the page is made for, and the most that Android's settings offer. */
        const val LARGEST_TEXT = 2f
    }
}

@Suppress("DEPRECATION")
private fun covered(insets: WindowInsets): Rect {
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
        val edges = insets.getInsets(WindowInsets.Type.systemBars() or WindowInsets.Type.displayCutout())
        val keyboard = insets.getInsets(WindowInsets.Type.ime())
        return Rect(edges.left, edges.top, edges.right, max(edges.bottom, keyboard.bottom))
    }
    // Bars and keyboard in one.
    val edges = Rect(
        insets.systemWindowInsetLeft,
        insets.systemWindowInsetTop,
        insets.systemWindowInsetRight,
        insets.systemWindowInsetBottom,
    )
    val cutout = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) insets.displayCutout else null
    if (cutout != null && Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
        edges.left = max(edges.left, cutout.safeInsetLeft)
        edges.top = max(edges.top, cutout.safeInsetTop)
        edges.right = max(edges.right, cutout.safeInsetRight)
        edges.bottom = max(edges.bottom, cutout.safeInsetBottom)
    }
    return edges
}

/** For the web view: newer ones would make room for the keyboard a second time. */
private fun withoutKeyboard(insets: WindowInsets): WindowInsets {
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.R) return insets
    return WindowInsets.Builder(insets).setInsets(WindowInsets.Type.ime(), Insets.NONE).build()
}

/** Light signs on the system's bars where the page is dark, dark ones where it is light, whatever the system's own appearance is. */
@Suppress("DEPRECATION")
internal fun barsOn(dark: Boolean, activity: Activity) {
    val window = activity.window
    // Since Android 11 the controller decides; there the flags are only kept the same, so that nothing turns them back.
    val flags = View.SYSTEM_UI_FLAG_LIGHT_STATUS_BAR or View.SYSTEM_UI_FLAG_LIGHT_NAVIGATION_BAR
    val others = window.decorView.systemUiVisibility and flags.inv()
    window.decorView.systemUiVisibility = if (dark) others else others or flags
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
        val signs = WindowInsetsController.APPEARANCE_LIGHT_STATUS_BARS or WindowInsetsController.APPEARANCE_LIGHT_NAVIGATION_BARS
        window.insetsController?.setSystemBarsAppearance(if (dark) 0 else signs, signs)
    }
    // Before Android 10 the bar has a veil in the colour of the system's appearance.
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q) window.navigationBarColor = Color.TRANSPARENT
}
