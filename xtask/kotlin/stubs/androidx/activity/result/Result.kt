// A stub, written by hand from the public API of androidx.activity 1.10: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.activity.result

import android.app.PendingIntent
import android.content.Intent
import android.content.IntentSender
import androidx.activity.result.contract.ActivityResultContract

class ActivityResult(val resultCode: Int, val data: Intent?)

fun interface ActivityResultCallback<O> {
    fun onActivityResult(result: O)
}

interface ActivityResultCaller {
    fun <I, O> registerForActivityResult(
        contract: ActivityResultContract<I, O>,
        callback: ActivityResultCallback<O>,
    ): ActivityResultLauncher<I>
}

abstract class ActivityResultLauncher<I> {
    abstract val contract: ActivityResultContract<I, *>

    open fun launch(input: I): Unit = TODO()

    abstract fun unregister()
}

class IntentSenderRequest private constructor(val intentSender: IntentSender) {
    class Builder(intentSender: IntentSender) {
        constructor(pendingIntent: PendingIntent) : this(pendingIntent.intentSender)

        fun setFillInIntent(fillInIntent: Intent?): Builder = TODO()

        fun setFlags(values: Int, mask: Int): Builder = TODO()

        fun build(): IntentSenderRequest = TODO()
    }
}
