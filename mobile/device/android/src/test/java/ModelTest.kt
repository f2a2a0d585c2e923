package lu.folio.device

import org.junit.Assert.assertEquals
import org.junit.Test

class ModelTest {
    @Test
    fun theMakerStandsBeforeTheModel() = assertEquals("Samsung SM-G991B", modelName("samsung", "SM-G991B"))

    @Test
    fun theMakerIsNotSaidTwice() = assertEquals("moto g(7)", modelName("moto", "moto g(7)"))

    @Test
    fun aMakerWithoutAName() = assertEquals("X1", modelName("", "X1"))
}
