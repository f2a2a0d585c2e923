// A stub, written by hand from the public API of androidx.activity 1.10: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.activity

import android.content.Intent
import android.content.res.Configuration
import android.content.res.Resources
import android.os.Bundle
import androidx.activity.result.ActivityResultCallback
import androidx.activity.result.ActivityResultCaller
import androidx.activity.result.ActivityResultLauncher
import androidx.activity.result.contract.ActivityResultContract
import androidx.core.util.Consumer
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.LifecycleOwner

open class ComponentActivity :
    androidx.core.app.ComponentActivity(),
    ActivityResultCaller,
    LifecycleOwner,
    OnBackPressedDispatcherOwner {
    override val lifecycle: Lifecycle
        get() = TODO()
    final override val onBackPressedDispatcher: OnBackPressedDispatcher
        get() = TODO()

    final override fun <I, O> registerForActivityResult(
        contract: ActivityResultContract<I, O>,
        callback: ActivityResultCallback<O>,
    ): ActivityResultLauncher<I> = TODO()

    override fun onCreate(savedInstanceState: Bundle?): Unit = TODO()

    override fun onSaveInstanceState(outState: Bundle): Unit = TODO()

    override fun onNewIntent(intent: Intent): Unit = TODO()

    override fun onConfigurationChanged(newConfig: Configuration): Unit = TODO()

    @Deprecated("Use OnBackPressedDispatcher")
    override fun onBackPressed(): Unit = TODO()

    @Deprecated("Use registerForActivityResult")
    override fun onActivityResult(requestCode: Int, resultCode: Int, data: Intent?): Unit = TODO()

    @Deprecated("Use registerForActivityResult")
    override fun onRequestPermissionsResult(requestCode: Int, permissions: Array<String>, grantResults: IntArray): Unit = TODO()

    fun addOnNewIntentListener(listener: Consumer<Intent>): Unit = TODO()

    fun addOnConfigurationChangedListener(listener: Consumer<Configuration>): Unit = TODO()

    fun removeOnConfigurationChangedListener(listener: Consumer<Configuration>): Unit = TODO()
}

interface OnBackPressedDispatcherOwner : LifecycleOwner {
    val onBackPressedDispatcher: OnBackPressedDispatcher
}

abstract class OnBackPressedCallback(enabled: Boolean) {
    var isEnabled: Boolean
        get() = TODO()
        set(_) = TODO()

    abstract fun handleOnBackPressed()

    fun remove(): Unit = TODO()
}

class OnBackPressedDispatcher(fallbackOnBackPressed: Runnable?) {
    fun addCallback(onBackPressedCallback: OnBackPressedCallback): Unit = TODO()

    fun addCallback(owner: LifecycleOwner, onBackPressedCallback: OnBackPressedCallback): Unit = TODO()

    fun onBackPressed(): Unit = TODO()
}

class SystemBarStyle private constructor() {
    companion object {
        @JvmStatic
        @JvmOverloads
        fun auto(lightScrim: Int, darkScrim: Int, detectDarkMode: (Resources) -> Boolean = { TODO() }): SystemBarStyle = TODO()

        @JvmStatic
        fun dark(scrim: Int): SystemBarStyle = TODO()

        @JvmStatic
        fun light(scrim: Int, darkScrim: Int): SystemBarStyle = TODO()
    }
}
