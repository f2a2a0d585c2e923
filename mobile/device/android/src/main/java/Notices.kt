package lu.folio.device

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent

/**
 * What the system shows while the app is out of sight. Names no document: anybody may see it. Where the person does not let this app
 * show notices, the system shows none, and nothing else changes.
 */
internal object Notices {
    const val SENDING = 1
    private const val STOPPED = 2
    private const val CHANNEL = "sending"
    private const val WHOLE = 100

    fun sending(work: Work, context: Context): Notification = plain(work, work.title, context)
        .setSmallIcon(android.R.drawable.stat_sys_upload)
        .setProgress(WHOLE, work.percent, work.percent == 0)
        .setOngoing(true)
        .build()

    /** Sending has stopped and goes on when the app is opened. */
    fun tellStopped(work: Work, context: Context) {
        val notice = plain(work, work.stopped, context)
            .setSmallIcon(android.R.drawable.stat_sys_warning)
            .setAutoCancel(true)
        show(STOPPED, notice.build(), context)
    }

    fun forgetStopped(context: Context) = all(context).cancel(STOPPED)

    fun show(number: Int, notice: Notification, context: Context) = all(context).notify(number, notice)

    private fun plain(work: Work, title: String, context: Context): Notification.Builder {
        val channel = NotificationChannel(CHANNEL, work.channel.ifEmpty { "Folio" }, NotificationManager.IMPORTANCE_LOW)
        all(context).createNotificationChannel(channel)
        return Notification.Builder(context, CHANNEL)
            .setContentTitle(title)
            .setOnlyAlertOnce(true)
            .setContentIntent(opening(context))
    }

    private fun opening(context: Context): PendingIntent? {
        val start: Intent = context.packageManager.getLaunchIntentForPackage(context.packageName) ?: return null
        return PendingIntent.getActivity(context, 0, start, PendingIntent.FLAG_IMMUTABLE)
    }

    private fun all(context: Context): NotificationManager = context.getSystemService(NotificationManager::class.java)
}
