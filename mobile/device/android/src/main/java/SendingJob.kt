package lu.folio.device

import android.annotation.TargetApi
import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.content.ComponentName
import android.content.Context
import android.net.NetworkCapabilities
import android.net.NetworkRequest
import android.os.Build
import android.os.PersistableBundle
import android.util.Log

/** Since Android 14: a data transfer that the person started, which the system lets run without a fixed end. */
@TargetApi(Build.VERSION_CODES.UPSIDE_DOWN_CAKE)
internal class SendingJob :
    JobService(),
    Keeper {
    private var running: JobParameters? = null

    override fun onStartJob(parameters: JobParameters): Boolean {
        val work = Background.work
        val words = work ?: words(parameters.extras)
        setNotification(parameters, Notices.SENDING, Notices.sending(words, this), JOB_END_NOTIFICATION_POLICY_REMOVE)
        if (work == null) {
            // Another process than the one that sent: nothing sends here until the app is opened.
            Notices.tellStopped(words, this)
            return false
        }
        running = parameters
        Background.runs(this)
        return true
    }

    /** `true`: begin anew. What the system stops for want of a network goes on by itself; the rest needs the app. */
    override fun onStopJob(parameters: JobParameters): Boolean {
        running = null
        Background.stopped(this)
        val work = Background.work ?: return false
        return when (parameters.stopReason) {
            JobParameters.STOP_REASON_CONSTRAINT_CONNECTIVITY -> true
            // Whoever stopped it knows.
            JobParameters.STOP_REASON_USER, JobParameters.STOP_REASON_CANCELLED_BY_APP -> false
            else -> {
                Notices.tellStopped(work, this)
                false
            }
        }
    }

    override fun show(work: Work) {
        running?.let { setNotification(it, Notices.SENDING, Notices.sending(work, this), JOB_END_NOTIFICATION_POLICY_REMOVE) }
    }

    override fun finish() {
        running?.let { jobFinished(it, false) }
        running = null
    }

    companion object {
        private const val JOB = 1

        fun schedule(work: Work, context: Context) {
            val network = NetworkRequest.Builder().addCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET)
            val job = JobInfo.Builder(JOB, ComponentName(context, SendingJob::class.java))
                .setUserInitiated(true)
                .setRequiredNetwork(network.build())
                .setExtras(extras(work))
                .build()
            val answer = context.getSystemService(JobScheduler::class.java).schedule(job)
            if (answer != JobScheduler.RESULT_SUCCESS) Log.w("Folio", "the system takes no job for sending")
        }

        fun cancel(context: Context) = context.getSystemService(JobScheduler::class.java).cancel(JOB)

        private fun extras(work: Work) = PersistableBundle().apply {
            putString("channel", work.channel)
            putString("title", work.title)
            putString("stopped", work.stopped)
        }

        /** As they were when it began. */
        private fun words(extras: PersistableBundle): Work {
            val word = { name: String -> extras.getString(name).orEmpty() }
            return Work(word("channel"), word("title"), word("stopped"), 0)
        }
    }
}
