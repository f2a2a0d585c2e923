package lu.folio.device

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyInfo
import android.security.keystore.KeyProperties
import java.security.KeyFactory
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.PrivateKey
import java.security.ProviderException
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec

internal const val KEYSTORE = "AndroidKeyStore"

/** One P-256 key that signs, in StrongBox where the phone has it. Asks for no finger. */
internal object DeviceKey {
    private const val ALIAS = "folio-device-key"

    /** 04‖x‖y, or null where there is no key. */
    fun public(): ByteArray? {
        val certificate = store().getCertificate(ALIAS) ?: return null
        return uncompressed((certificate.publicKey as ECPublicKey).w)
    }

    /** Replaces the key that was there. Whether the new one is in StrongBox; refused where it would be software. */
    fun create(): Boolean {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            try {
                generate(strongBox = true)
            } catch (_: ProviderException) {
                // There is none, or it is one of those that only say that they are.
                generate(strongBox = false)
            }
        } else {
            generate(strongBox = false)
        }
        return inSecureElement()
    }

    fun sign(message: ByteArray): ByteArray {
        val key = store().getKey(ALIAS, null) ?: throw Refused("nothing", "there is no device key")
        val signature = Signature.getInstance("SHA256withECDSA")
        signature.initSign(key as PrivateKey)
        signature.update(message)
        return signature.sign()
    }

    fun delete() {
        store().deleteEntry(ALIAS)
    }

    private fun generate(strongBox: Boolean) {
        val spec = KeyGenParameterSpec.Builder(ALIAS, KeyProperties.PURPOSE_SIGN)
            .setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
            .setDigests(KeyProperties.DIGEST_SHA256)
        if (strongBox && Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            spec.setIsStrongBoxBacked(true)
        }
        val generator = KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, KEYSTORE)
        generator.initialize(spec.build())
        generator.generateKeyPair()
    }

    private fun inSecureElement(): Boolean {
        val key = store().getKey(ALIAS, null) as PrivateKey
        val info = KeyFactory.getInstance(key.algorithm, KEYSTORE).getKeySpec(key, KeyInfo::class.java)
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) {
            // Which of the two it is cannot be asked before Android 12.
            @Suppress("DEPRECATION")
            return if (info.isInsideSecureHardware) false else refuse()
        }
        return when (info.securityLevel) {
            KeyProperties.SECURITY_LEVEL_STRONGBOX -> true
            KeyProperties.SECURITY_LEVEL_TRUSTED_ENVIRONMENT, KeyProperties.SECURITY_LEVEL_UNKNOWN_SECURE -> false
            else -> refuse()
        }
    }

    private fun refuse(): Nothing {
        delete()
        throw Refused("unsupported", "this phone keeps keys in software")
    }

    private fun store(): KeyStore = KeyStore.getInstance(KEYSTORE).apply { load(null) }
}
