package lu.folio.device

import android.content.Context
import android.os.Build
import android.util.Log

/** What is being done, in the words of whoever does it. `percent` is of the bytes that are safe. */
internal data class Work(val channel: String, val title: String, val stopped: String, val percent: Int)

/** What keeps this process alive. */
internal interface Keeper {
    fun show(work: Work)

    fun finish()
}

/**
 * Keeps the process alive while Rust sends something: with a job that the person started since Android 14, before that with a service
 * in the foreground. Sends nothing itself, and starts nothing again: a process that was ended goes on when the app is opened.
 *
 * On the UI thread only.
 */
internal object Background {
    /** `null`: nothing is being sent, at least not by this process. */
    var work: Work? = null
        private set
    private var keeper: Keeper? = null

    fun keep(work: Work, context: Context) {
        val begins = this.work == null
        this.work = work
        if (begins) begin(work, context) else keeper?.show(work)
    }

    fun end(context: Context) {
        work = null
        keeper?.finish()
        keeper = null
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) SendingJob.cancel(context)
    }

    /** The app is in sight: only then may it begin, and nothing has to be said about opening it. */
    fun inSight(context: Context) {
        Notices.forgetStopped(context)
        work?.let { if (keeper == null) begin(it, context) }
    }

    fun runs(keeper: Keeper) {
        this.keeper = keeper
    }

    /** The system, or the person, takes the time back. Sending goes on for as long as the process happens to live. */
    fun stopped(keeper: Keeper) {
        if (this.keeper == keeper) this.keeper = null
    }

    private fun begin(work: Work, context: Context) {
        try {
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) {
                SendingJob.schedule(work, context)
            } else {
                SendingService.start(context)
            }
        } catch (exception: RuntimeException) {
            // Out of sight nothing may begin; it is tried again in sight.
            Log.w("Folio", "no time in the background", exception)
        }
    }
}
