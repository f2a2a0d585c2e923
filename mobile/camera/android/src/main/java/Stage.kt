package lu.folio.camera

import android.content.res.Configuration
import android.graphics.Color
import android.graphics.drawable.Drawable
import android.view.View
import android.view.ViewGroup
import android.webkit.WebView
import android.widget.FrameLayout
import androidx.camera.view.PreviewView

/** Where the preview is seen: right below the web view, which is transparent for as long. UI thread only. */
internal class Stage(private val webView: WebView) {
    private var preview: PreviewView? = null
    private var background: Drawable? = null

    /** The view of the preview, as large as the web view. One that is still there is used again. */
    fun show(): PreviewView {
        preview?.let { return it }
        val view = PreviewView(webView.context)
        // A SurfaceView lies behind the window and shows through a hole, which is black or late while other views move.
        view.implementationMode = PreviewView.ImplementationMode.COMPATIBLE
        view.scaleType = PreviewView.ScaleType.FILL_CENTER
        view.importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO_HIDE_DESCENDANTS
        // For as long as it is there, and no longer: nothing to be taken back.
        view.keepScreenOn = true
        val parent = webView.parent as ViewGroup
        val whole = ViewGroup.LayoutParams.MATCH_PARENT
        parent.addView(view, parent.indexOfChild(webView), FrameLayout.LayoutParams(whole, whole))
        background = webView.background
        webView.background = null
        webView.setBackgroundColor(Color.TRANSPARENT)
        preview = view
        return view
    }

    fun clear() {
        val view = preview ?: return
        preview = null
        (view.parent as? ViewGroup)?.removeView(view)
        webView.background = background
        background = null
        // The colour it had cannot be asked for. What the page does not paint is as dark as the rest of the phone.
        val mode = webView.resources.configuration.uiMode and Configuration.UI_MODE_NIGHT_MASK
        webView.setBackgroundColor(if (mode == Configuration.UI_MODE_NIGHT_YES) Color.BLACK else Color.WHITE)
    }
}
