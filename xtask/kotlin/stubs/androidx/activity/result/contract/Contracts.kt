// A stub, written by hand from the public API of androidx.activity 1.10: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.activity.result.contract

import android.content.Context
import android.content.Intent
import android.net.Uri
import androidx.activity.result.ActivityResult
import androidx.activity.result.IntentSenderRequest

abstract class ActivityResultContract<I, O> {
    abstract fun createIntent(context: Context, input: I): Intent

    abstract fun parseResult(resultCode: Int, intent: Intent?): O
}

class ActivityResultContracts private constructor() {
    class StartActivityForResult : ActivityResultContract<Intent, ActivityResult>() {
        override fun createIntent(context: Context, input: Intent): Intent = TODO()

        override fun parseResult(resultCode: Int, intent: Intent?): ActivityResult = TODO()
    }

    class StartIntentSenderForResult : ActivityResultContract<IntentSenderRequest, ActivityResult>() {
        override fun createIntent(context: Context, input: IntentSenderRequest): Intent = TODO()

        override fun parseResult(resultCode: Int, intent: Intent?): ActivityResult = TODO()
    }

    class RequestMultiplePermissions : ActivityResultContract<Array<String>, Map<String, @JvmSuppressWildcards Boolean>>() {
        override fun createIntent(context: Context, input: Array<String>): Intent = TODO()

        override fun parseResult(resultCode: Int, intent: Intent?): Map<String, Boolean> = TODO()
    }

    class RequestPermission : ActivityResultContract<String, Boolean>() {
        override fun createIntent(context: Context, input: String): Intent = TODO()

        override fun parseResult(resultCode: Int, intent: Intent?): Boolean = TODO()
    }

    open class TakePicture : ActivityResultContract<Uri, Boolean>() {
        override fun createIntent(context: Context, input: Uri): Intent = TODO()

        final override fun parseResult(resultCode: Int, intent: Intent?): Boolean = TODO()
    }
}
