package lu.folio.device

import java.math.BigInteger
import java.security.spec.ECPoint

private const val COORDINATE = 32

/** 04‖x‖y: SEC 1, 2.3.3, uncompressed, of a curve with coordinates of 256 bits. */
internal fun uncompressed(point: ECPoint): ByteArray = byteArrayOf(4) + coordinate(point.affineX) + coordinate(point.affineY)

private fun coordinate(value: BigInteger): ByteArray {
    // Two's complement: a zero in front, or too short.
    val bytes = value.toByteArray().takeLast(COORDINATE).toByteArray()
    return ByteArray(COORDINATE - bytes.size) + bytes
}
