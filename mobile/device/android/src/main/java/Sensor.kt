package lu.folio.device

import android.content.Context
import android.content.pm.PackageManager
import android.hardware.biometrics.BiometricManager
import android.hardware.fingerprint.FingerprintManager
import android.os.Build
import java.security.KeyStore

/** Whom the sensors know. The prompt itself is the biometric plugin's. */
internal object Sensor {
    /** The biometric plugin's, as of 2.5. Under another name nothing is deleted; the sealed file is gone anyway. */
    private const val ALIAS = "tauri-plugin-biometric-key"

    /** What a key can be bound to now. */
    fun usable(context: Context): String {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.R) {
            // Classes cannot be asked for; fingers were always strong enough for keys.
            return if (enrolledFingers(context)) "finger" else "none"
        }
        val manager = context.getSystemService(BiometricManager::class.java)
        val strong = BiometricManager.Authenticators.BIOMETRIC_STRONG
        if (manager?.canAuthenticate(strong) != BiometricManager.BIOMETRIC_SUCCESS) {
            return "none"
        }
        val packages = context.packageManager
        val finger = packages.hasSystemFeature(PackageManager.FEATURE_FINGERPRINT)
        val face = packages.hasSystemFeature(PackageManager.FEATURE_FACE)
        return when {
            finger && !face -> "finger"
            face && !finger -> "face"
            // Which of them is strong, and enrolled, is not told.
            else -> "any"
        }
    }

    fun deleteKey() {
        KeyStore.getInstance(KEYSTORE).apply { load(null) }.deleteEntry(ALIAS)
    }

    @Suppress("DEPRECATION")
    private fun enrolledFingers(context: Context): Boolean =
        context.getSystemService(FingerprintManager::class.java)?.hasEnrolledFingerprints() == true
}
