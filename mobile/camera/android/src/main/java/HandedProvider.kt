package lu.folio.camera

import android.app.Activity
import android.content.Intent
import android.net.Uri
import android.provider.MediaStore
import androidx.core.content.FileProvider
import java.io.File

/** Lets the system's camera app write into one file of our private cache. A class of its own, for its entry in the manifest. */
class HandedProvider : FileProvider()

/** One photo by the system's camera app. Rust reads the file and deletes it; this deletes what is left of earlier ones. */
internal class Handed private constructor(val file: File, private val uri: Uri) {
    val intent: Intent
        get() = Intent(MediaStore.ACTION_IMAGE_CAPTURE).putExtra(MediaStore.EXTRA_OUTPUT, uri).addFlags(FLAGS)

    /** The other app may no longer write. */
    fun close(activity: Activity) {
        activity.revokeUriPermission(uri, FLAGS)
    }

    companion object {
        private const val FLAGS = Intent.FLAG_GRANT_READ_URI_PERMISSION or Intent.FLAG_GRANT_WRITE_URI_PERMISSION

        /** As in `res/xml/folio_camera_paths.xml`. */
        private fun folder(activity: Activity) = File(activity.cacheDir, "handed")

        fun prepared(activity: Activity): Handed {
            val folder = folder(activity)
            folder.mkdirs()
            val file = File.createTempFile("photo", ".jpg", folder)
            // As in the manifest.
            return Handed(file, FileProvider.getUriForFile(activity, "${activity.packageName}.camera", file))
        }

        /** What a killed app has left: photos of papers do not stay in a cache. */
        fun deleteAll(activity: Activity) {
            folder(activity).listFiles()?.forEach { it.delete() }
        }
    }
}
