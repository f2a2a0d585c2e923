package lu.folio.device

import android.annotation.TargetApi
import android.graphics.Bitmap
import android.graphics.ColorSpace
import android.graphics.ImageDecoder
import android.os.Build
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.nio.ByteBuffer

/** Print stays legible. */
private const val QUALITY = 92

/** A picture in any format that the system reads, as an upright JPEG in sRGB. Refuses what it does not read, with the code why. */
internal fun uprightJpeg(picture: ByteArray): ByteArray {
    // Before, nothing in the system decodes HEIC and says which way is up.
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.P) throw Refused("unsupported", "no decoder before Android 9")
    return try {
        jpeg(decoded(picture))
    } catch (error: OutOfMemoryError) {
        throw Refused("unsupported", "not enough memory to decode it: ${error.message}")
    }
}

@TargetApi(Build.VERSION_CODES.P)
private fun decoded(picture: ByteArray): Bitmap = try {
    ImageDecoder.decodeBitmap(ImageDecoder.createSource(ByteBuffer.wrap(picture))) { decoder, info, _ ->
        decoder.allocator = ImageDecoder.ALLOCATOR_SOFTWARE
        // The portal and our own decoder take colours for sRGB.
        decoder.setTargetColorSpace(ColorSpace.get(ColorSpace.Named.SRGB))
        val (width, height) = bounded(info.size.width, info.size.height)
        decoder.setTargetSize(width, height)
    }
} catch (exception: ImageDecoder.DecodeException) {
    val cutOff = exception.error == ImageDecoder.DecodeException.SOURCE_INCOMPLETE
    throw Refused(if (cutOff) "failed" else "unsupported", "decoding a picture: ${exception.message}")
} catch (exception: IOException) {
    throw Refused("unsupported", "decoding a picture: ${exception.message}")
}

private fun jpeg(bitmap: Bitmap): ByteArray {
    val out = ByteArrayOutputStream()
    val written = bitmap.compress(Bitmap.CompressFormat.JPEG, QUALITY, out)
    bitmap.recycle()
    check(written) { "the picture could not be written" }
    return out.toByteArray()
}
