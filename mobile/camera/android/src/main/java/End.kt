package lu.folio.camera

import androidx.camera.core.CameraState

/** Why a camera ends its session. Rust has the same numbers. */
internal enum class End(val number: Int) {
    /** Nobody's fault: the app was left, or somebody more important has the camera. */
    LOST(0),
    DENIED(1),
    BROKEN(2),
    ;

    companion object {
        /** What CameraX's error means for a session; null where CameraX tries again and may succeed. */
        fun of(error: Int): End? = when (error) {
            CameraState.ERROR_CAMERA_IN_USE, CameraState.ERROR_MAX_CAMERAS_IN_USE -> LOST
            CameraState.ERROR_OTHER_RECOVERABLE_ERROR -> null
            // Switched off by a policy, do not disturb on Android 9, a stream that cannot be had, a camera that is gone or has to be
            // restarted with its phone: nothing that the app's own settings could change.
            else -> BROKEN
        }
    }
}
