package lu.folio.device

import android.content.Intent
import android.net.Uri
import android.os.Build
import android.os.Parcelable
import app.tauri.plugin.Channel
import app.tauri.plugin.JSArray
import app.tauri.plugin.JSObject

/**
 * Tells Rust the addresses of what other apps share, each once, in the order in which it comes. Refuses to know what is there: Rust
 * reads it, and judges first whether it may.
 */
internal class Shared {
    private var listener: Channel? = null
    private val waiting = mutableListOf<List<String>>()

    fun listen(channel: Channel) {
        listener = channel
        waiting.forEach { channel.send(told(it)) }
        waiting.clear()
    }

    fun take(intent: Intent) {
        // The list of recent apps starts an app with what it was started with before.
        if (intent.flags and Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY != 0) return
        val addresses = streams(intent).map(Uri::toString)
        if (addresses.isEmpty()) return
        // Read once, whoever asks the activity for its intent later.
        intent.removeExtra(Intent.EXTRA_STREAM)
        val listener = listener
        if (listener == null) waiting.add(addresses) else listener.send(told(addresses))
    }
}

private fun told(addresses: List<String>) = JSObject().put("addresses", JSArray(addresses))

private fun streams(intent: Intent): List<Uri> = try {
    when (intent.action) {
        Intent.ACTION_SEND -> listOfNotNull(stream(intent))
        Intent.ACTION_SEND_MULTIPLE -> several(intent)
        else -> emptyList()
    }
} catch (_: RuntimeException) {
    // Extras are the other app's, and may hold what cannot be unpacked.
    emptyList()
}

@Suppress("DEPRECATION")
private fun stream(intent: Intent): Uri? {
    if (Build.VERSION.SDK_INT <
        Build.VERSION_CODES.TIRAMISU
    ) {
        return intent.getParcelableExtra<Parcelable>(Intent.EXTRA_STREAM) as? Uri
    }
    return intent.getParcelableExtra(Intent.EXTRA_STREAM, Uri::class.java)
}

@Suppress("DEPRECATION")
private fun several(intent: Intent): List<Uri> {
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) {
        return intent.getParcelableArrayListExtra<Parcelable>(Intent.EXTRA_STREAM).orEmpty().filterIsInstance<Uri>()
    }
    return intent.getParcelableArrayListExtra(Intent.EXTRA_STREAM, Uri::class.java).orEmpty().filterNotNull()
}
