package lu.folio.device

import java.math.BigInteger
import java.security.spec.ECPoint
import org.junit.Assert.assertArrayEquals
import org.junit.Test

class PointTest {
    @Test
    fun shortCoordinatesAreFilledUp() {
        val point = uncompressed(ECPoint(BigInteger.ONE, BigInteger.valueOf(0x1234)))
        assertArrayEquals(byteArrayOf(4) + ByteArray(31) + 1 + ByteArray(30) + 0x12 + 0x34, point)
    }

    @Test
    fun aSignIsNoPartOfACoordinate() {
        val all = ByteArray(32) { -1 }
        val largest = BigInteger(1, all)
        assertArrayEquals(byteArrayOf(4) + all + all, uncompressed(ECPoint(largest, largest)))
    }
}
