package lu.folio.device

import android.app.Service
import android.content.Context
import android.content.Intent
import android.content.pm.ServiceInfo
import android.os.Build
import android.os.IBinder

/** Before Android 14: a service in the foreground, with a notice that cannot be overlooked. */
internal class SendingService :
    Service(),
    Keeper {
    override fun onBind(intent: Intent?): IBinder? = null

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        val work = Background.work
        // Whoever was asked to be in the foreground must come there, even if there is nothing to do any more.
        val notice = Notices.sending(work ?: Work("Folio", "Folio", "Folio", 0), this)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) {
            startForeground(Notices.SENDING, notice, ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC)
        } else {
            startForeground(Notices.SENDING, notice)
        }
        if (work == null) stopSelf() else Background.runs(this)
        return START_NOT_STICKY
    }

    override fun onDestroy() {
        Background.stopped(this)
    }

    override fun show(work: Work) {
        Notices.show(Notices.SENDING, Notices.sending(work, this), this)
    }

    override fun finish() {
        @Suppress("DEPRECATION")
        stopForeground(true)
        stopSelf()
    }

    companion object {
        fun start(context: Context) {
            context.startForegroundService(Intent(context, SendingService::class.java))
        }
    }
}
